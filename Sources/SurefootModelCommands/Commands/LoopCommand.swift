import ArgumentParser
import Diffusion
import Foundation
import Generations
import Reporting
import Support
import SurefootCommands

/// The generation loop.
struct LoopCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: ModelCommands.Loop.name, abstract: ModelCommands.Loop.abstract,
    discussion: """
      Settings come from the preset, then from SPEC, then from each --set. The resolved ones are saved as \
      OUTPUT/spec.yaml. A run that was interrupted goes on when the same command is given again, with the same result; \
      one that has ended goes on if it is given more generations.

      Examples:
        surefoot loop --data datasets/deepmimic -o runs/first
        surefoot loop experiment.yaml --data datasets/cmu -o runs/lambda-4 --set lambda=4 --set generations=20
        surefoot loop --resume --data datasets/cmu -o runs/lambda-4
        surefoot loop --resume --data datasets/cmu -o runs/lambda-4 --set generations=40
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

  @Flag(name: .long, help: "Write OUTPUT/tensorboard as well: the figures of every generation as event files.")
  var tensorboard = false

  @Flag(name: .long, help: "Go on with the run in OUTPUT, by its own saved specification.")
  var resume = false

  @Flag(name: .long, help: "Run the programs that a resumed run's specification names, without asking.")
  var allowPrograms = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Take generation 0, the encoder and the evaluation set from another run, if they would be the same.",
      valueName: "run"))
  var share: String?

  @Option(name: .long, help: "How many clips are corrected at once; changes no result.")
  var jobs = 2

  @OptionGroup var device: DeviceOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard (1...1024).contains(jobs) else { throw ValidationError("--jobs takes 1 to 1024") }
    try OutputCheck.folder(output, apartFrom: [data, share])
    try OutputCheck.file(output + "/spec.yaml", isNot: [spec])
    guard !resume || (spec == nil && set.allSatisfy { $0.hasPrefix("generations=") }) else {
      throw ValidationError(
        "--resume takes the run's own specification; leave out SPEC and every --set but that of more generations")
    }
  }

  func run() async throws {
    try device.apply()
    let console = printing.console
    let folder = URL(fileURLWithPath: output)
    let specification = try resolve(folder)
    try LoopMaker.validate(specification)
    if resume, !allowPrograms { try askForPrograms(of: specification, folder) }
    let curves = tensorboard ? LiveCurves(folder: folder.appendingPathComponent("tensorboard")) : nil
    let loop = try LoopMaker(data: data, jobs: jobs, console: console).make(specification, folder: folder) {
      curves?.add($0, console)
    }
    if let share {
      let taken = try loop.shareGenerationZero(from: URL(fileURLWithPath: share))
      console.note(taken ? "generation 0 is taken from \(share)" : "nothing to take from \(share)")
    }
    let started = Date()
    let record = CommandRecord(
      arguments: CommandLine.arguments, time: started.formatted(.iso8601), versions: Versions.all)
    // A command that turns out to be for another run is no part of this one: to a folder in use it is added at the end.
    let isNew = !FileManager.default.fileExists(atPath: folder.appendingPathComponent("ledger.jsonl").path)
    if isNew { try record.append(to: folder) }
    let results = try await loop.run()
    if !isNew { try record.append(to: folder) }
    if tensorboard { try TensorBoardLog.write(results, to: folder.appendingPathComponent("tensorboard")) }
    let report = folder.appendingPathComponent("report.html")
    var written = try RunFolder.load(folder)
    written.data = URL(fileURLWithPath: data)
    try AtomicFile.write(Report(written).html, to: report)
    if !printing.quiet { console.result(LoopTables.text(of: results)) }
    console.result("\n\(RunStory(results: results).text)")
    console.result(
      "\nBVH of every generation: \(LoopTables.folders(of: results, in: folder).joined(separator: "\n  "))")
    console.result("Open next, in any browser: \(report.path)")
    console.note("done in \(ProgressLine.clock(Date().timeIntervalSince(started)))")
    try console.emit(results)
  }

  /// Asks before the programs of a saved specification are run: the folder may come from anybody.
  private func askForPrograms(of specification: RunSpecification, _ folder: URL) throws {
    let programs = try LoopMaker.programs(of: specification)
    guard !programs.isEmpty else { return }
    let list = programs.map { PlainText.visible("  \($0)") }.joined(separator: "\n")
    let text = "\(folder.path)/spec.yaml makes this run start:\n\(list)"
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      throw ValidationError("\(text)\nGive --allow-programs if you know who wrote it.")
    }
    printing.console.warn("\(text)\nStart it? Type yes if you know who wrote it.")
    guard readLine()?.lowercased() == "yes" else { throw ValidationError("the programs were not allowed") }
  }

  private func resolve(_ folder: URL) throws -> RunSpecification {
    do {
      var specification = try resume ? saved(in: folder) : RunSpecification.preset(preset)
      if let spec { specification = try RunSpecification(contentsOf: URL(fileURLWithPath: spec), over: specification) }
      for assignment in set { try specification.set(assignment) }
      try specification.validate()
      return specification
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// The specification of the run that goes on.
  private func saved(in folder: URL) throws(SurefootError) -> RunSpecification {
    let file = folder.appendingPathComponent("spec.yaml")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw SurefootError(
        file: file.path, message: "is not there, so there is no run to go on with",
        suggestion: "name the folder of a run with -o, or leave out --resume")
    }
    return try RunSpecification(contentsOf: file)
  }
}
