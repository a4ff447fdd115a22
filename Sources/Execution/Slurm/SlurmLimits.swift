import Support

/// How long a task may take and how much memory it may use.
public struct SlurmLimits: Sendable, Hashable, Codable {
  /// Seconds; the partition's default if absent.
  public var seconds: Int?
  /// Memory for each node [MiB]; the partition's default if absent.
  public var mebibytes: Int?

  /// Limits; those that are absent are the partition's.
  public init(seconds: Int? = nil, mebibytes: Int? = nil) {
    self.seconds = seconds
    self.mebibytes = mebibytes
  }

  /// Slurm's forms of a time limit: `MINUTES`, `MINUTES:SECONDS`, `HOURS:MINUTES:SECONDS`, `DAYS-HOURS`,
  /// `DAYS-HOURS:MINUTES` and `DAYS-HOURS:MINUTES:SECONDS`. `nil` for anything else, and for no time.
  public static func seconds(_ text: String) -> Int? {
    let halves = text.split(separator: "-", omittingEmptySubsequences: false)
    guard halves.count <= 2, let last = halves.last else { return nil }
    let words = last.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = words.compactMap(count)
    guard numbers.count == words.count, (1...3).contains(numbers.count) else { return nil }
    var units: [Int]
    var total = 0
    if halves.count == 2 {
      guard let days = count(halves[0]) else { return nil }
      total = days * 86_400
      units = [3600, 60, 1]
    } else {
      units = numbers.count == 3 ? [3600, 60, 1] : [60, 1]
    }
    for (number, unit) in zip(numbers, units) { total += number * unit }
    return total > 0 ? total : nil
  }

  /// `512`, `512M`, `4G` or `1T`; without a unit in MiB, as Slurm has it.
  public static func mebibytes(_ text: String) -> Int? {
    let units: [Character: Int] = ["M": 1, "G": 1024, "T": 1024 * 1024]
    let unit = text.last.flatMap { units[Character($0.uppercased())] }
    guard let number = count(unit == nil ? text[...] : text.dropLast()), number > 0 else { return nil }
    return number * (unit ?? 1)
  }

  /// Digits alone, below ten million.
  private static func count(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.count <= 7, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(text)
  }

  /// The limits after a task met one of them: that one is multiplied.
  func grown(by factor: Double, after state: SlurmState) -> SlurmLimits {
    func grow(_ value: Int) -> Int { Int(min(1e9, (Double(value) * factor).rounded(.up))) }
    var limits = self
    if state == .timeout { limits.seconds = seconds.map(grow) }
    if state == .outOfMemory { limits.mebibytes = mebibytes.map(grow) }
    return limits
  }

  /// `DAYS-HOURS:MINUTES:SECONDS`.
  static func text(seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(seconds / 86_400)-\(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }
}

/// What has become of one task of a job array.
public enum SlurmState: String, Sendable, Hashable, Codable {
  case pending, running, completed, failed, timeout
  case outOfMemory = "out-of-memory"
  case preempted
  case nodeFailure = "node-failure"
  case cancelled
  /// Slurm knows nothing of the task any more.
  case lost

  /// Slurm's word for a state, as `squeue` and `sacct` print it; those of no interest count as running.
  init(slurm word: some StringProtocol) {
    // `CANCELLED by 1000`, `RUNNING+`.
    switch word.prefix(while: { $0.isLetter || $0 == "_" }).uppercased() {
    case "PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD": self = .pending
    case "COMPLETED": self = .completed
    case "FAILED": self = .failed
    case "TIMEOUT", "DEADLINE": self = .timeout
    case "OUT_OF_MEMORY": self = .outOfMemory
    case "PREEMPTED": self = .preempted
    case "NODE_FAIL", "BOOT_FAIL": self = .nodeFailure
    case "CANCELLED", "REVOKED": self = .cancelled
    default: self = .running
    }
  }

  /// Whether the task will do no more.
  var isEnd: Bool { self != .pending && self != .running }

  /// Whether the machine ended the task, so that it is worth another try.
  var isWorthRetrying: Bool {
    switch self {
    case .timeout, .outOfMemory, .preempted, .nodeFailure, .lost: true
    default: false
    }
  }

  /// For messages: why a shard has no result.
  var reason: String {
    switch self {
    case .timeout: "its time limit was over"
    case .outOfMemory: "it needed more memory than it was given"
    case .preempted: "it was preempted"
    case .nodeFailure: "its node failed"
    case .cancelled: "it was cancelled"
    case .lost: "Slurm knows it no more"
    case .failed: "its program failed"
    default: "it ended without a result"
    }
  }
}
