package import ArgumentParser
import Execution
import Foundation
import Support

/// Where a command's work is done: in this process, in others on this machine, or on a cluster.
package struct ExecutorOptions: ParsableArguments, Sendable {
  /// The executors by name.
  package enum Kind: String, ExpressibleByArgument, CaseIterable, Sendable { case local, slurm }

  @Option(name: .long, help: "What runs the work: local (this machine) or slurm (a cluster's job arrays).")
  package var executor = Kind.local

  @Option(name: .long, help: "In how many parts, each a process or task of its own; changes no result.")
  package var shards: Int?

  @Option(name: .long, help: "How many parts run at the same time.")
  package var atOnce: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("A site's settings for Slurm, YAML; options come before it.", valueName: "file"))
  package var profile: String?

  @Option(name: .long, help: "Slurm's partition.")
  package var partition: String?

  @Option(name: .long, help: "Slurm's account.")
  package var account: String?

  @Option(name: .long, help: "Each task's time limit, as Slurm writes it: 30, 2:00:00, 1-12.")
  package var time: String?

  @Option(name: .long, help: "Each task's memory: 4G, 500M.")
  package var memory: String?

  @Option(name: .long, help: "Each task's processors.")
  package var cpus: String?

  @Option(name: .long, help: "Each task's graphics processors: 1, a100:1.")
  package var gpus: String?

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A further line of Slurm's script, #SBATCH or of the shell; may be repeated.", valueName: "text"))
  package var line: [String] = []

  @Option(name: .long, help: "How often a task is tried again that the cluster ended. (default: 2)")
  package var retries: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What --time or --memory is multiplied by where it did not suffice. (default: 1)", valueName: "factor"))
  package var grow: String?

  @Option(name: .long, help: "Seconds between two questions to Slurm. (default: 10)")
  package var poll: String?

  @Flag(name: .long, help: "Print what would be run, Slurm's script with --executor slurm, and do nothing.")
  package var dryRun = false

  @Flag(name: .long, help: "End the jobs that this command has submitted to Slurm.")
  package var cancel = false

  /// The worker's part of the work: what an executor gives to its processes.
  @Option(name: .long, help: .hidden)
  package var shard: String?

  package init() {}

  /// Whether the work is handed to an executor's processes.
  package var isSharded: Bool { shard == nil && (executor == .slurm || shards != nil || dryRun) }

  /// The given options that only Slurm understands, by the settings' names.
  private var given: [(name: String, value: String)] {
    [
      ("partition", partition), ("account", account), ("time", time), ("memory", memory), ("cpus", cpus),
      ("gpus", gpus), ("retries", retries), ("grow", grow), ("poll", poll),
    ].compactMap { name, value in value.map { (name, $0) } }
  }

  package func validate() throws {
    for (name, number) in [("shards", shards), ("at-once", atOnce)] {
      guard number.map({ (1...100_000).contains($0) }) ?? true else {
        throw ValidationError("--\(name) takes 1 to 100000")
      }
    }
    guard executor == .slurm else {
      let names = given.map(\.name) + (profile == nil ? [] : ["profile"]) + (line.isEmpty ? [] : ["line"])
      if let name = names.first ?? (cancel ? "cancel" : nil) {
        throw ValidationError("--\(name) is for --executor slurm")
      }
      return
    }
    guard !cancel || !dryRun else { throw ValidationError("--cancel and --dry-run exclude each other") }
    let settings = try slurm()
    guard settings.growth == 1 || settings.limits != SlurmLimits() else {
      throw ValidationError("--grow needs a limit that can grow: give --time or --memory")
    }
  }

  /// The profile's settings with the options over them.
  func slurm() throws -> SlurmSettings {
    do {
      var settings = try profile.map { try SlurmSettings(profile: URL(fileURLWithPath: $0)) } ?? SlurmSettings()
      for (name, value) in given {
        do throws(SurefootError) {
          try settings.set(name, value)
        } catch {
          throw ValidationError("--\(error)")
        }
      }
      if let atOnce { settings.atOnce = atOnce }
      settings.lines += line
      try settings.check()
      return settings
    } catch let error as SurefootError {
      throw ValidationError(error.description)
    }
  }

  /// Parts of nearly equal length: as many as asked for, else of a usual length and at most 1000, which every cluster
  /// takes.
  package func ranges(of count: Int, usualLength: Int) -> [Range<Int>] {
    let parts = min(count, shards ?? min(1000, (count + usualLength - 1) / usualLength))
    return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }
}
