import Foundation

/// How many processors this process may use: the default number of threads and of parallel jobs.
///
///     let jobs = ProcessorCount.available       // 2 in a container with --cpus 2 on a machine of 64
///
/// On Linux it is the smaller of the affinity mask (`taskset`) and the control group's limit (`docker run --cpus`, Slurm,
/// Kubernetes), version 2's `cpu.max` or version 1's quota, with parts of a processor rounded up. Elsewhere it is the
/// number of active processors. In a job of Slurm it is no more than the job was given.
public enum ProcessorCount {
  /// The number for this process, at least 1, read once.
  public static let available: Int = min(
    count(active: ProcessInfo.processInfo.activeProcessorCount) { try? String(contentsOfFile: $0, encoding: .utf8) },
    allocated(ProcessInfo.processInfo.environment) ?? .max)

  /// What Slurm gave to the job, which not every cluster enforces; `nil` outside of a job.
  static func allocated(_ environment: [String: String]) -> Int? {
    ["SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"].compactMap { environment[$0].flatMap { Int($0) } }.first { $0 > 0 }
  }

  /// The number for a machine with `active` processors whose affinity mask and control groups `read` shows.
  ///
  /// - Parameter read: The content of a file by its path, `nil` if there is none; a test gives made files.
  package static func count(active: Int, read: (_ path: String) -> String?) -> Int {
    let affinity = read("/proc/self/status").flatMap(allowed) ?? active
    let groups = (read("/proc/self/cgroup") ?? "").split(whereSeparator: \.isNewline)
    let limits = groups.compactMap { line -> Double? in
      // `0::/path` for version 2, `4:cpu,cpuacct:/path` for version 1.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 3 else { return nil }
      if fields[1].isEmpty { return smallest(of: fields[2]) { unified(read("/sys/fs/cgroup\($0)/cpu.max")) } }
      guard fields[1].split(separator: ",").contains("cpu") else { return nil }
      return smallest(of: fields[2]) { path in
        ["cpu", fields[1]].compactMap { quota(in: "/sys/fs/cgroup/\($0)\(path)", read) }.first
      }
    }
    let limit = limits.min().map { Int(max(1, min($0, 65536)).rounded(.up)) } ?? Int.max
    return max(1, min(affinity, limit))
  }

  /// The smallest limit of a group and all groups that contain it.
  ///
  /// In a container the path may be the host's, of which only the root is visible: groups that are absent are skipped.
  private static func smallest(of group: String, _ limit: (String) -> Double?) -> Double? {
    var path = group.split(separator: "/").map(String.init)
    var limits: [Double] = []
    while true {
      if let found = limit(path.map { "/" + $0 }.joined()) { limits.append(found) }
      if path.popLast() == nil { return limits.min() }
    }
  }

  /// Version 2: `MAX PERIOD` in microseconds, or `max PERIOD` without a limit.
  private static func unified(_ text: String?) -> Double? {
    let numbers = (text ?? "").split(whereSeparator: \.isWhitespace).map { Double($0) }
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0 else { return nil }
    return quota / period
  }

  /// Version 1: a quota in microseconds in each period, -1 without a limit.
  private static func quota(in folder: String, _ read: (String) -> String?) -> Double? {
    func number(_ name: String) -> Double? {
      read("\(folder)/\(name)").flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
    guard let quota = number("cpu.cfs_quota_us"), let period = number("cpu.cfs_period_us"), quota > 0, period > 0 else {
      return nil
    }
    return quota / period
  }

  /// The size of the affinity mask, `Cpus_allowed_list:\t0-3,8`.
  private static func allowed(in status: String) -> Int? {
    let name = "Cpus_allowed_list:"
    guard let line = status.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix(name) }) else { return nil }
    let ranges = line.dropFirst(name.count).split(whereSeparator: { $0 == "," || $0.isWhitespace })
    let count = ranges.reduce(0) { sum, range in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, last >= first else { return sum }
      return sum + last - first + 1
    }
    return count > 0 ? count : nil
  }
}
