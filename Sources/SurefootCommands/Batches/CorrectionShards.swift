import ArgumentParser
import Execution
import Foundation
import Support

/// A batch of clips in shards that an executor's workers correct.
final class CorrectionShards {
  private let plan: CorrectionPlan
  private let folder: URL
  private let options: ExecutorOptions
  private let jobs: Int
  private let ranges: [Range<Int>]
  private var work: ShardedWork?
  private var failures: [Int: String] = [:]

  /// Clips in a shard, if the user names no number of shards.
  private static let usualLength = 100

  init(plan: CorrectionPlan, folder: URL, options: ExecutorOptions, jobs: Int) {
    self.plan = plan
    self.folder = folder
    self.options = options
    self.jobs = jobs
    ranges = options.ranges(of: plan.items.count, usualLength: Self.usualLength)
  }

  /// Has all shards done.
  ///
  /// - Returns: Whether there is anything to collect: not after `--dry-run` and `--cancel`.
  func run(_ console: Console) async throws -> Bool {
    let run = ExecutorRun(name: "correct", output: folder, options: options, jobs: jobs)
    guard
      let (work, failures) = try await run.run(
        count: ranges.count, inputs: try plan.stamp(), console: console,
        shard: { try self.plan.shardText(self.ranges[$0]) })
    else { return false }
    (self.work, self.failures) = (work, failures)
    return true
  }

  /// Hands out the results in the order of the inputs.
  func collect(_ tell: (CorrectionResult) -> Void) throws {
    guard let work else { return }
    for (index, range) in ranges.enumerated() {
      if let failure = failures[index] {
        for item in plan.items[range] {
          tell(CorrectionResult(input: item.shown, corrector: "", failure: "\(item.shown): not corrected: \(failure)"))
        }
      } else {
        try CorrectionShard.read(work.result(index), tell)
      }
    }
  }

  /// Removes the shards once all are done; those that failed stay, with their logs.
  func remove() {
    if failures.isEmpty { work?.remove() }
  }
}

/// One shard, as a worker has it.
struct CorrectionShard {
  let file: String

  /// Corrects the clips and writes their results beside the shard.
  func run(_ batch: CorrectionBatch, _ clip: ClipCorrection) async throws {
    batch.removeLeftovers()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var lines = Data()
    var failure: (any Error)?
    try await batch.run({ await clip.run($0) }) { _, _ in
    } tell: { result in
      do { lines += try encoder.encode(result) + Data("\n".utf8) } catch { failure = failure ?? error }
    }
    try Task.checkCancellation()
    if let failure { throw failure }
    try AtomicFile.write(lines, to: ShardedWork.result(ofShard: URL(fileURLWithPath: file)))
  }

  /// The results of a shard that is done.
  static func read(_ file: URL, _ tell: (CorrectionResult) -> Void) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    for (index, line) in try Data(readingFile: file).split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let result = try? decoder.decode(CorrectionResult.self, from: Data(line)) else {
        throw SurefootError(
          file: file.path, line: index + 1, message: "is no line of a shard's result",
          suggestion: "remove the file and give the command again")
      }
      tell(result)
    }
  }
}

extension CorrectionPlan {
  /// A digest of the sizes and times of all input files: a change in them makes other work of the same command.
  func stamp() throws -> String {
    var text = Data()
    for item in items {
      var status = stat()
      guard let path = item.source?.path, stat(path, &status) == 0 else { continue }
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      text += Data("\(status.st_size) \(time.tv_sec) \(time.tv_nsec)\n".utf8)
    }
    return SHA256.hexadecimal(of: text)
  }
}
