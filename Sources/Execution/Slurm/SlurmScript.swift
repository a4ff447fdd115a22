import Foundation

/// The batch script of one job array.
public struct SlurmScript: Sendable {
  /// The array's name, by which it is found again.
  public let name: String
  /// The script.
  public let text: String

  /// The script that runs some shards of some work.
  ///
  /// - Parameters:
  ///   - number: The number of the array among those of the work, from 1.
  ///   - shards: The shards, in ascending order.
  ///   - limits: Time and memory of each task.
  ///   - program: The path of the program on this machine, for settings that name none.
  public init(
    _ work: ShardedWork, number: Int, shards: [Int], limits: SlurmLimits, settings: SlurmSettings, program: String
  ) {
    name = Self.prefix(work) + String(number)
    // Slurm writes `%%` for a percent sign in file names.
    let log = work.folder.appendingPathComponent("logs").path.replacingOccurrences(of: "%", with: "%%")
    let count = settings.atOnce.map { "%\($0)" } ?? ""
    var options = [
      "--job-name=\(name)", "--array=\(Self.ranges(shards))\(count)", "--output=\"\(log)/%a-\(number).log\"",
      // A task that the cluster ends is started again by this program, which counts how often.
      "--no-requeue",
    ]
    if let partition = settings.partition { options.append("--partition=\(partition)") }
    if let account = settings.account { options.append("--account=\(account)") }
    if let seconds = limits.seconds { options.append("--time=\(SlurmLimits.text(seconds: seconds))") }
    if let memory = limits.mebibytes { options.append("--mem=\(memory)M") }
    if let cpus = settings.cpus { options.append("--cpus-per-task=\(cpus)") }
    if let gpus = settings.gpus { options.append("--gpus-per-task=\(gpus)") }
    if settings.gpus != nil || settings.cpus != nil { options.append("--ntasks=1") }
    let isOption = { (line: String) in line.hasPrefix("#SBATCH") }
    var lines = ["#!/bin/bash"] + options.map { "#SBATCH \($0)" } + settings.lines.filter(isOption)
    lines.append("cd \(Self.quoted(FileManager.default.currentDirectoryPath)) || exit 1")
    lines += settings.lines.filter { !isOption($0) }
    // The task's number is the shard's.
    let marker = "\u{1}"
    let arguments = work.arguments(ofShard: marker).map { argument in
      argument == marker
        ? Self.quoted(work.folder.path + "/") + "\"$SLURM_ARRAY_TASK_ID\".shard" : Self.quoted(argument)
    }
    lines.append(([settings.program ?? Self.quoted(program)] + arguments).joined(separator: " "))
    text = lines.joined(separator: "\n") + "\n"
  }

  /// How the names of all arrays of some work begin.
  static func prefix(_ work: ShardedWork) -> String { "surefoot-\(work.name)-\(work.identity.prefix(10))-" }

  /// As a word of the shell.
  static func quoted(_ text: String) -> String {
    let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=,:+@%".contains($0)) }
    return isPlain && !text.isEmpty ? text : "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  /// `0-4,7,9-11`.
  static func ranges(_ numbers: [Int]) -> String {
    var parts: [(first: Int, last: Int)] = []
    for number in numbers {
      if let last = parts.last?.last, number == last + 1 {
        parts[parts.count - 1].last = number
      } else {
        parts.append((number, number))
      }
    }
    return parts.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }.joined(separator: ",")
  }
}
