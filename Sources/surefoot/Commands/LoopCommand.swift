import ArgumentParser
import Correction
import Diffusion
import Foundation
import Generations
import Mocap
import Reporting

/// The generation loop.
struct LoopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loop",
    abstract: "Retrain a model on real motion and its own corrected samples, generation after generation.",
    discussion: """
      Settings come from the preset, then from SPEC, then from each --set. The resolved ones are saved as \
      OUTPUT/spec.yaml. A run that was interrupted goes on when the same command is given again, with the same result.

      Examples:
        surefoot loop --data datasets/deepmimic -o runs/first
        surefoot loop experiment.yaml --data datasets/cmu -o runs/lambda-4 --set lambda=4 --set generations=20
        surefoot loop --resume --data datasets/cmu -o runs/lambda-4
      """)

  @Argument(help: "A specification in YAML; see OUTPUT/spec.yaml of any run for all settings.")
  var spec: String?

  @Option(name: .long, help: "The preset to start from: \(RunSpecification.presetNames.joined(separator: ", ")).")
  var preset = "quickstart"

  @Option(name: .long, help: "A prepared dataset's folder.")
  var data: String

  @Option(name: [.short, .long], help: "The run's folder.")
  var output: String

  @Option(name: .long, help: ArgumentHelp("Change one setting; may be repeated.", valueName: "name=value"))
  var set: [String] = []

  @Flag(name: .long, help: "Go on with the run in OUTPUT, by its own saved specification.")
  var resume = false

  @Option(name: .long, help: "How many clips are corrected at once; changes no result.")
  var jobs = 2

  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard (1...1024).contains(jobs) else { throw ValidationError("--jobs takes 1 to 1024") }
    guard !resume || (spec == nil && set.isEmpty) else {
      throw ValidationError("--resume takes the run's own specification; leave out SPEC and --set")
    }
  }

  func run() async throws {
    let console = printing.console
    let folder = URL(fileURLWithPath: output)
    let specification = try resolve(folder)
    let loop = try makeLoop(specification, folder: folder, console: console)
    let started = Date()
    let record = CommandRecord(
      arguments: CommandLine.arguments, time: started.formatted(.iso8601), versions: Versions.all)
    // A command that turns out to be for another run is no part of this one: to a folder in use it is added at the end.
    let isNew = !FileManager.default.fileExists(atPath: folder.appendingPathComponent("ledger.jsonl").path)
    if isNew { try record.append(to: folder) }
    let results = try await loop.run()
    if !isNew { try record.append(to: folder) }
    let report = folder.appendingPathComponent("report.html")
    try AtomicFile.write(Report(try RunFolder.load(folder)).html, to: report)
    console.result(LoopTables.text(of: results))
    console.result(
      "\nBVH of every generation: \(LoopTables.folders(of: results, in: folder).joined(separator: "\n  "))")
    console.result("Report: \(report.path)")
    console.note("done in \(ProgressLine.clock(Date().timeIntervalSince(started)))")
    try console.emit(results)
  }

  private func resolve(_ folder: URL) throws -> RunSpecification {
    do {
      if resume { return try RunSpecification(contentsOf: folder.appendingPathComponent("spec.yaml")) }
      var specification = try RunSpecification.preset(preset)
      if let spec { specification = try RunSpecification(contentsOf: URL(fileURLWithPath: spec), over: specification) }
      for assignment in set { try specification.set(assignment) }
      return specification
    } catch {
      throw ValidationError(error.description)
    }
  }

  private func makeLoop(_ specification: RunSpecification, folder: URL, console: Console) throws -> Loop {
    guard let configuration = ModelConfiguration.named(specification.model.preset) else {
      throw ValidationError(
        "there is no model preset \(specification.model.preset); use one of: "
          + ModelConfiguration.presetNames.joined(separator: ", "))
    }
    guard Correctors.names.contains(specification.corrector) else {
      throw ValidationError(
        "there is no corrector \(specification.corrector); use one of: \(Correctors.names.joined(separator: ", "))")
    }
    let dataset = try MotionDataset.load(URL(fileURLWithPath: data))
    let windows = try LoopData(
      dataset, mirrored: specification.data.mirrored, shortest: configuration.shortestWindow
    ) { try dataset.motion(of: $0) }
    let short = dataset.windows(in: .train).count { $0.frames < configuration.shortestWindow }
    if short > 0 {
      console.note(
        "\(short) training windows are shorter than the model's \(configuration.shortestWindow) frames: left out")
    }
    let measures = try Measures(dataset, calibratedOn: windows.training.map(\.motion))
    let parts = Loop.Parts(
      generator: try DiffusionGenerator(preset: specification.model.preset, configuration: configuration),
      corrector: try measures.corrector(specification.corrector), encoder: RealEncoder(), measure: measures.measure,
      format: BVHFormat(skeleton: dataset.skeleton), version: Surefoot.configuration.version)
    return Loop(specification: specification, data: windows, parts: parts, folder: folder, jobs: jobs) { event in
      switch event {
      case .note(let text): console.note(text)
      case .progress(let step, let done, let total, let unit, let detail):
        console.progress(step, done: done, total: total, unit: unit, detail: detail)
      case .measured(let metrics): console.note(LoopTables.line(of: metrics))
      }
    }
  }
}

extension ModelConfiguration {
  /// The presets by name.
  static let presets: [(name: String, configuration: ModelConfiguration)] = [
    ("tiny", .tiny), ("quickstart", .quickstart), ("cpu", .cpu), ("paper", .paper),
  ]
  static let presetNames = presets.map(\.name)

  static func named(_ name: String) -> ModelConfiguration? { presets.first { $0.name == name }?.configuration }
}
