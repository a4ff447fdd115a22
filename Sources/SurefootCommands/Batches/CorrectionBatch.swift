import Foundation

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
  ) async {
    await withTaskGroup(of: (Int, CorrectionResult).self) { group in
      var waiting: [Int: CorrectionResult] = [:]
      var (next, told, done, failed) = (0, 0, 0, 0)
      func start() {
        guard next < items.count else { return }
        group.addTask { [next, item = items[next]] in (next, await correct(item)) }
        next += 1
      }
      for _ in 0..<jobs { start() }
      while let (index, result) = await group.next() {
        start()
        waiting[index] = result
        done += 1
        failed += result.failure == nil ? 0 : 1
        while let result = waiting.removeValue(forKey: told) {
          tell(result)
          told += 1
        }
        progress(done, failed)
      }
    }
  }

  /// Removes what a killed run left half written in the folders that are written to.
  func removeLeftovers() {
    let targets = items.flatMap { [$0.target, $0.sideCar] }.compactMap { $0 }
    for (folder, files) in Dictionary(grouping: targets, by: { $0.deletingLastPathComponent().path }) {
      let names = Set(files.map(\.lastPathComponent))
      for leftover in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        // `.NAME.PROCESS.part`, as `AtomicFile` calls it.
        guard leftover.hasPrefix("."), leftover.hasSuffix(".part") else { continue }
        let words = leftover.dropFirst().dropLast(".part".count)
        guard let dot = words.lastIndex(of: "."), names.contains(String(words[..<dot])),
          let process = pid_t(words[words.index(after: dot)...]), process > 0,
          kill(process, 0) != 0, errno == ESRCH
        else { continue }
        try? FileManager.default.removeItem(atPath: "\(folder)/\(leftover)")
      }
    }
  }
}
