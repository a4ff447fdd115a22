import Foundation
import Support

/// What was submitted for some work: a file of lines beside the shards, so that any machine can go on with it.
struct SlurmJournal {
  /// One job array.
  struct Submission: Codable, Hashable {
    /// Its number among those of the work, from 1.
    var number: Int
    /// The name of the array in Slurm.
    var name: String
    /// The shards that it runs.
    var shards: [Int]
    /// Time and memory of each task.
    var limits: SlurmLimits
    /// Slurm's number of it; absent from the moment of asking until the answer.
    var job: String?
  }

  /// One line.
  private enum Line: Codable {
    /// An array is about to be submitted, or has been if it has its job's number.
    case submission(Submission)
    /// A task of an array ended without a result.
    case ended(shard: Int, number: Int, state: SlurmState)
    /// Slurm did not take an array.
    case refused(number: Int)
    /// All was given up: what is tried again counts anew.
    case closed
  }

  private let file: URL
  /// The arrays, in order.
  private(set) var submissions: [Submission] = []
  /// For each shard the ends of its tasks since the work was last given up.
  private(set) var ends: [Int: [(number: Int, state: SlurmState)]] = [:]

  /// The file's name in the folder of the work.
  static func file(in folder: URL) -> URL { folder.appendingPathComponent("slurm.jsonl") }

  /// Reads the journal of a folder; a last line that was cut off is left out.
  init(folder: URL) throws {
    file = Self.file(in: folder)
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    let decoder = JSONDecoder()
    for line in try Data(readingFile: file).split(separator: UInt8(ascii: "\n")) {
      guard let line = try? decoder.decode(Line.self, from: Data(line)) else { continue }
      take(line)
    }
  }

  private mutating func take(_ line: Line) {
    switch line {
    case .submission(let submission):
      if let index = submissions.firstIndex(where: { $0.number == submission.number }) {
        submissions[index] = submission
      } else {
        submissions.append(submission)
      }
    case .ended(let shard, let number, let state):
      ends[shard, default: []].append((number, state))
    case .refused(let number):
      refused.insert(number)
    case .closed:
      ends = [:]
      closedBefore = submissions.last?.number ?? 0
    }
  }

  /// Arrays that Slurm did not take.
  private var refused: Set<Int> = []
  /// Arrays up to this number belong to a time that was given up.
  private var closedBefore = 0

  /// The last array that was asked to run a shard and has not ended with it; `nil` if there is none.
  func current(_ shard: Int) -> Submission? {
    let isOpen = { (submission: Submission) in
      submission.number > closedBefore && !refused.contains(submission.number)
    }
    guard let last = submissions.last(where: { isOpen($0) && $0.shards.contains(shard) }),
      !(ends[shard]?.contains { $0.number == last.number } ?? false)
    else { return nil }
    return last
  }

  mutating func add(_ submission: Submission) throws { try append(.submission(submission)) }

  mutating func end(_ shard: Int, of number: Int, _ state: SlurmState) throws {
    try append(.ended(shard: shard, number: number, state: state))
  }

  mutating func refuse(_ number: Int) throws { try append(.refused(number: number)) }

  mutating func close() throws { try append(.closed) }

  /// Appends one whole line and flushes it.
  private mutating func append(_ line: Line) throws {
    take(line)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AppendedLines.append(try encoder.encode(line), to: file)
  }
}
