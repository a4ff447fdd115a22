import ArgumentParser
import Charts
import Correctors
import Foundation
import Support
import Theory

/// The closed-form and toy loops of the papers, one subcommand each.
struct TheoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "theory",
    abstract: "Run the papers' closed-form and toy loops: a table and a plot each, in seconds.",
    discussion: "Example: surefoot theory gaussian --plot gaussian.svg",
    subcommands: [
      TheoryListCommand.self, StudyCommand<GaussianStudy>.self, StudyCommand<CollapseStudy>.self,
      StudyCommand<CuratedStudy>.self, StudyCommand<ExtrapolationStudy>.self, StudyCommand<NeonStudy>.self,
      StudyCommand<KernelDensityStudy>.self, StudyCommand<TemperatureStudy>.self, TheoryContractionCommand.self,
      StudyCommand<ModesStudy>.self, TheoryDigitsCommand.self,
    ])
}

/// Names the studies.
struct TheoryListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Name every study and what it shows.")

  @OptionGroup var output: OutputOptions

  private struct Entry: Encodable {
    let name: String
    let summary: String
  }

  func run() throws {
    let entries = StudyCatalog.all.map { Entry(name: $0.name, summary: $0.summary) }
    let width = entries.map(\.name.count).max() ?? 0
    for entry in entries {
      let blanks = String(repeating: " ", count: width - entry.name.count)
      output.console.result("\(entry.name)\(blanks)  \(entry.summary)")
    }
    try output.console.emit(entries)
  }
}

/// Runs one study.
struct StudyCommand<S: Study>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: S.name, abstract: S.summary)
  }

  @OptionGroup var options: StudyOptions

  func run() throws { try options.show(S()) }
}

/// Runs the calculator with the user's constants.
struct TheoryContractionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: ContractionStudy.name, abstract: ContractionStudy.summary,
    discussion: "Example: surefoot theory contraction --lambda 0.5 --gamma 1 --epsilon 0.2 --lipschitz 1")

  @Option(help: "Synthetic data : real data.") var lambda = 0.25
  @Option(help: "Strong concavity of the expected log-likelihood at the optimum.") var alpha = 1.0
  @Option(help: "Wasserstein distance of the best model to the data.") var epsilon = 0.1
  @Option(help: "Lipschitz constant of the log-likelihood's Hessian in the sample.") var lipschitz = 0.5
  @Option(help: "Correction strength; inf for a perfect correction.") var gamma = 1.0
  @Option(help: "Candidates K that a curator is shown.") var candidates = 4
  @OptionGroup var options: StudyOptions

  func validate() throws {
    for (name, value) in [("lambda", lambda), ("epsilon", epsilon), ("lipschitz", lipschitz), ("gamma", gamma)]
    where !(value >= 0) || (value.isInfinite && name != "gamma") {
      throw ValidationError("--\(name) is \(value); give a number that is not negative")
    }
    guard alpha > 0, alpha.isFinite else { throw ValidationError("--alpha is \(alpha); give a positive number") }
    guard candidates >= 1 else { throw ValidationError("--candidates is \(candidates); give at least 1") }
  }

  func run() throws {
    var study = ContractionStudy()
    study.calculator = StabilityCalculator(
      lambda: lambda, alpha: alpha, epsilon: epsilon, lipschitz: lipschitz, gamma: gamma)
    study.candidates = candidates
    try options.show(study)
  }
}

/// What every study takes, and how its result is shown.
struct StudyOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Write the plot to this SVG file.", valueName: "file.svg"))
  var plot: String?
  @OptionGroup var seed: SeedOptions
  @OptionGroup var output: OutputOptions

  func show(_ study: some Study) throws {
    let console = output.console
    let result = study.run(seed: seed.seed)
    // The plot first: if it cannot be written, nothing is printed as done.
    if let plot {
      try AtomicFile.write(result.chart.svg, to: URL(fileURLWithPath: plot))
      console.note("wrote \(plot)")
    }
    console.result("\(result.name): \(result.source)")
    for table in result.tables {
      var text = TextTable(table.columns)
      for row in table.rows { text.add(row.map(\.description)) }
      console.result("\n\(table.title)\n\(text.text(width: Console.width))")
    }
    for note in result.notes { console.result("\n\(note)") }
    try console.emit(result)
  }
}
