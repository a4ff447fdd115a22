public import Foundation
public import Support
import Yams

/// What a site and a user ask of Slurm for their jobs.
///
///     partition: cpu          # as sbatch's options of these names
///     account: motion
///     time: 2:00:00
///     memory: 4G
///     cpus: 4
///     gpus: 1
///     at-once: 100            # tasks that run at the same time
///     program: apptainer exec /images/surefoot.sif surefoot
///     lines:                  # #SBATCH lines, and lines of the shell that come before the program
///       - "#SBATCH --constraint=avx512"
///       - module load surefoot
public struct SlurmSettings: Sendable, Hashable {
  /// The partition; the cluster's default if absent.
  public var partition: String?
  /// Who pays.
  public var account: String?
  /// Time and memory of a task.
  public var limits = SlurmLimits()
  /// Processors for each task.
  public var cpus: Int?
  /// Graphics processors for each task, as `--gpus-per-task` takes them.
  public var gpus: String?
  /// The most tasks that run at the same time.
  public var atOnce: Int?
  /// Further lines of the script: `#SBATCH` lines, or lines of the shell.
  public var lines: [String] = []
  /// The start of the command line that starts the program on a node; the running program's path if absent.
  public var program: String?
  /// How often a shard is tried again that the cluster ended.
  public var retries = 2
  /// What time or memory is multiplied by after they did not suffice.
  public var growth = 1.0
  /// Seconds between two questions to Slurm.
  public var interval = 10.0

  /// Settings that leave everything to the cluster.
  public init() {}

  /// The largest profile [bytes].
  private static let largestFile = 1 << 20

  /// Reads a site profile.
  ///
  /// - Throws: ``SurefootError`` with line and column.
  public init(profile url: URL) throws(SurefootError) {
    try self.init(yaml: try String(readingFile: url, limit: Self.largestFile), file: url.path)
  }

  /// Reads a site profile from its text; `file` is used in messages.
  public init(yaml: String, file: String) throws(SurefootError) {
    let node: Node?
    do {
      node = try Yams.compose(yaml: yaml)
    } catch {
      throw SurefootError(file: file, message: "is no YAML (\(error))")
    }
    guard let node else { return }
    guard case .mapping(let mapping) = node else {
      throw SurefootError(
        file: file, line: 1, column: 1, message: "a profile is a mapping of names to values",
        suggestion: "write partition: NAME, time: 2:00:00 and so on, each on its line")
    }
    for (key, value) in mapping {
      let name = key.scalar?.string ?? ""
      let mark = value.mark ?? key.mark
      if name == "lines" {
        let texts = value.sequence?.compactMap { $0.scalar?.string } ?? []
        guard let sequence = value.sequence, texts.count == sequence.count else {
          throw SurefootError(
            file: file, line: mark?.line, column: mark?.column, message: "lines takes a list of texts")
        }
        lines = texts
        continue
      }
      do throws(SurefootError) {
        guard let text = value.scalar?.string else {
          throw SurefootError(.invalidSettings, message: "\(name) takes one value")
        }
        try set(name, text)
      } catch {
        throw SurefootError(
          file: file, line: mark?.line, column: mark?.column, message: error.message, suggestion: error.suggestion)
      }
    }
    try check(file: file)
  }

  /// The settings that ``set(_:_:)`` knows.
  public static let names = [
    "partition", "account", "time", "memory", "cpus", "gpus", "at-once", "program", "retries", "grow", "poll",
  ]

  /// Changes one setting by its name.
  ///
  /// - Throws: ``SurefootError`` that names what the setting takes.
  public mutating func set(_ name: String, _ text: String) throws(SurefootError) {
    func refused(_ takes: String) -> SurefootError {
      SurefootError(.invalidSettings, message: "\(name) takes \(takes), not \(text)")
    }
    func count(_ range: ClosedRange<Int>) throws(SurefootError) -> Int {
      guard let number = Int(text), range.contains(number) else {
        throw refused("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
    func word(_ more: String) throws(SurefootError) -> String {
      let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ("-_.,@" + more).contains($0)) }
      guard isPlain, !text.isEmpty else { throw refused("a name of letters, digits and -_.,@\(more)") }
      return text
    }
    func number(_ range: ClosedRange<Double>) throws(SurefootError) -> Double {
      guard let number = Double(text), range.contains(number) else {
        throw refused("a number from \(Numbers.short(range.lowerBound)) to \(Numbers.short(range.upperBound))")
      }
      return number
    }
    switch name {
    case "partition": partition = try word("")
    case "account": account = try word("")
    case "gpus": gpus = try word(":")
    case "cpus": cpus = try count(1...4096)
    case "at-once": atOnce = try count(1...1_000_000)
    case "retries": retries = try count(0...100)
    case "grow": growth = try number(1...10)
    case "poll": interval = try number(0.1...3600)
    case "program": program = text
    case "time":
      guard let seconds = SlurmLimits.seconds(text) else {
        throw refused("MINUTES, HOURS:MINUTES:SECONDS or DAYS-HOURS")
      }
      limits.seconds = seconds
    case "memory":
      guard let mebibytes = SlurmLimits.mebibytes(text) else { throw refused("a size as 4G or 500M") }
      limits.mebibytes = mebibytes
    default:
      throw SurefootError(
        .invalidSettings, message: "there is no setting \(name)",
        suggestion: "use one of: \((Self.names + ["lines"]).joined(separator: ", "))")
    }
  }

  /// Refuses lines that would break the script.
  ///
  /// - Throws: ``SurefootError``.
  public func check(file: String? = nil) throws(SurefootError) {
    guard let line = (lines + [program ?? ""]).first(where: { $0.contains(where: \.isNewline) }) else { return }
    throw SurefootError(
      .invalidSettings, file: file, message: "a line of the script holds a line break: \(line)",
      suggestion: "give each line by itself")
  }
}
