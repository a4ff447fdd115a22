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
    let items = items
    try await concurrentForEach(items.count, limit: jobs, completed: receive) { await correct(items[$0]) }
  }

  /// Removes what a killed run left half written in the folders that are written to.
  func removeLeftovers() {
    var folders: Set<String> = []
    for item in items {
      guard let folder = item.target?.deletingLastPathComponent(), folders.insert(folder.path).inserted
      else { continue }
      AtomicFile.sweepLeftovers(in: folder)
    }
  }
}
