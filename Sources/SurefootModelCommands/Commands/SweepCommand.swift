import ArgumentParser
import Charts
import Evaluation
import Foundation
import Generations
import Reporting
import Support
import SurefootCommands

/// A grid of loops.
struct SweepCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: ModelCommands.Sweep.name, abstract: ModelCommands.Sweep.abstract,
    discussion: """
      FILE holds a grid: any settings of a loop with lists of values (lambda, gamma, arms, data.windows, seed, …). \
      `specification:` holds what all runs share, `preset:` where they start from. A list of grids is their union. Runs \
      that differ in no more than what comes after generation 0 share it.

      A sweep that was interrupted goes on when the same command is given again; runs that are done are skipped. \
      --executor slurm makes each run a task of a job array; docs/clusters.md says more. \
      OUTPUT/table.csv and OUTPUT/table.jsonl hold every measured generation of every run with its intervals.

      Examples:
        surefoot sweep docs/specifications/lambda-grid.yaml --data datasets/cmu -o runs/lambda
        surefoot sweep grid.yaml --data datasets/cmu -o runs/grid --dry-run
        surefoot sweep grid.yaml --data datasets/cmu -o runs/grid --executor slurm --gpus 1 --time 12:00:00
      """)

  @Argument(help: "The sweep's file, YAML.")
  var file: String

  @Option(name: .long, help: "The preset to start from, in place of the file's.")
  var preset: String?

  @Option(name: .long, help: "A prepared dataset's folder.")
  var data: String

  @Option(name: [.short, .long], help: "The sweep's folder.")
  var output: String

  @Option(name: .long, help: "How many clips are corrected at once; changes no result.")
  var jobs = 2

  @OptionGroup var device: DeviceOptions
  @OptionGroup(title: "On a cluster") var execution: ExecutorOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard (1...1024).contains(jobs) else { throw ValidationError("--jobs takes 1 to 1024") }
    try OutputCheck.folder(output, apartFrom: [data])
    for name in ["table.csv", "table.jsonl"] { try OutputCheck.file("\(output)/\(name)", isNot: [file]) }
  }

  func run() async throws {
    try device.apply()
    let console = printing.console
    let specification = try read()
    let folder = URL(fileURLWithPath: output)
    if execution.dryRun, execution.executor == .local {
      console.result(specification.cells.map { "runs/\($0.name)" }.joined(separator: "\n"))
      return
    }
    let sweep = Sweep(specification, folder: folder)
    let count = specification.cells.count
    let observe: (Int, SweepSpecification.Cell, Sweep.Outcome?) -> Void = { index, cell, outcome in
      switch outcome {
      case nil: console.note("run \(index + 1) of \(count): \(cell.name)")
      case .skipped: console.note("run \(index + 1) of \(count): \(cell.name) is done already")
      case .done: console.note("run \(index + 1) of \(count): \(cell.name) is done")
      case .failed(let problem): console.warn("run \(index + 1) of \(count), \(cell.name), failed: \(problem)")
      }
    }
    let (table, failures): (SweepTable, [String: String])
    if execution.isSharded {
      let shards = SweepShards(sweep: sweep, options: execution)
      guard let collected = try await shards.run(console) else { return }
      (table, failures) = collected
    } else {
      let maker = try LoopMaker(data: data, jobs: jobs, console: console)
      let make: Sweep.Maker = { try maker.make($0, folder: $1) }
      if let shard = execution.shard { return try await SweepShards.work(shard, sweep, make, observe: observe) }
      (table, failures) = try await sweep.run(make, observe: observe) { holder in
        console.note("another sweep works on \(folder.path) (\(holder)): waiting for its end")
      }
    }
    if !printing.quiet { console.result(SweepCommand.text(of: table)) }
    console.result("\nEvery generation: \(folder.appendingPathComponent("table.csv").path) and table.jsonl")
    try console.emit(table.rows)
    guard failures.isEmpty else { throw ExitCode(1) }
  }

  private func read() throws -> SweepSpecification {
    do {
      let specification = try SweepSpecification(contentsOf: URL(fileURLWithPath: file), preset: preset)
      for cell in specification.cells { try LoopMaker.validate(cell.specification) }
      return specification
    } catch let error as SurefootError {
      throw ValidationError(error.description)
    }
  }

  /// The last generation of every arm: means over seeds, with the standard deviation where there are several.
  private static func text(of table: SweepTable) -> String {
    let figures: [Figure] = [
      .fid, .fidKinetic, .coverage, .precision, .recall, .diversity, .kineticEnergy, .physErr, .skate,
      .residualWrench,
    ]
    let settings = table.paths.filter { $0 != "seed" }
    var text = TextTable(settings + ["arm", "gen", "seeds"] + figures.map(\.title), keys: settings.count + 2)
    for line in table.summary(of: figures) {
      let cells = line.figures.map { spread in
        spread.map { Numbers.short($0.mean) + ($0.deviation.map { " ± \(Numbers.short($0))" } ?? "") } ?? ""
      }
      text.add(line.settings + [line.arm, String(line.generation), String(line.seeds)] + cells)
    }
    return text.text(width: Console.width)
  }
}
