import Foundation
import Support

/// Corrects many files, several at once; tells of each in the order of the inputs.
struct CorrectionBatch {
  let items: [CorrectionPlan.Item]
  let jobs: Int

  /// - Parameters:
  ///   - correct: Corrects one file.
  ///   - progress: Called after every file with how many are done, and how many of them failed.
  ///   - tell: Called with every result, in the inputs' order, as soon as those before it are there.
  func run(
    _ correct: @escaping @Sendable (CorrectionPlan.Item) async -> CorrectionResult,
    progress: (_ done: Int, _ failed: Int) -> Void, tell: (CorrectionResult) -> Void
  ) async throws {
    var waiting: [Int: CorrectionResult] = [:]
    var (told, done, failed) = (0, 0, 0)
    let receive: (Int, CorrectionResult) -> Void = { index, result in
      waiting[index] = result
      done += 1
      failed += result.failure == nil ? 0 : 1
      while let result = waiting.removeValue(forKey: told) {
        tell(result)
        told += 1
      }
      progress(done, failed)
    }
    _ = try await concurrentMap(items, limit: jobs, completed: receive) { await correct($0) }
  }

  /// Removes what a killed run left half written in the folders that are written to.
  func removeLeftovers() {
    let targets = items.flatMap { [$0.target, $0.sideCar] }.compactMap { $0 }
    for (folder, files) in Dictionary(grouping: targets, by: { $0.deletingLastPathComponent().path }) {
      AtomicFile.sweepLeftovers(in: URL(fileURLWithPath: folder), of: Set(files.map(\.lastPathComponent)))
    }
  }
}
