import ArgumentParser
import Foundation
import Generations
import Reporting
import Support

/// Writes the page of a run, of a sweep, or of several runs.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML page about a run of the loop, a sweep, or several runs.",
    discussion: """
      What was run, what came of it, curves with intervals, physics before and after correction, motions to play, \
      rejected clips with reasons, lineage, commands and versions. A run that still goes on is reported as far as it is. \
      The page needs no network and prints.

      Of a sweep, and of runs that differ in their seed, it shows one curve an arm with a band over seeds, and opens with \
      what came of it; where the arms are a prior, physics, neither and both, with these four as a picture.

      --figures writes what a paper needs into a folder: every figure as SVG and PDF at the width of a column (84 mm), all \
      numbers as figures.csv, the last generation as table.tex.

      Examples:
        surefoot report runs/first
        surefoot report runs/lambda-1 runs/lambda-4 -o compare.html
        surefoot report sweeps/priors --figures paper/figures
      """)

  @Argument(help: "Folders of runs or sweeps: what `surefoot loop -o` or `surefoot sweep -o` wrote.")
  var runs: [String]

  @Option(name: [.short, .long], help: "The page to write; report.html in the folder for one run or sweep.")
  var output: String?

  @Option(
    name: .long,
    help: "The prepared dataset that the run was trained on, for real motion to show; as its last command says without."
  )
  var data: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A folder for figures as SVG and PDF and tables as LaTeX and CSV.", valueName: "folder"))
  var figures: String?

  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard runs.count == 1 || output != nil else { throw ValidationError("give the page of several runs with -o") }
    // Among a run's own files the page alone may be replaced.
    if let output, URL(fileURLWithPath: output).pathExtension.lowercased() != "html" {
      try OutputCheck.file(output, isNot: [], notIn: runs)
    }
    if let figures { try OutputCheck.folder(figures, apartFrom: runs) }
  }

  /// What `--json` prints.
  private struct Result: Encodable {
    var page: String
    var runs: [String]
    var bytes: Int
    /// The files of `--figures`.
    var figures: [String]
  }

  func run() throws {
    let console = printing.console
    let found = try runs.map { try SweepFolder.load(URL(fileURLWithPath: $0)) }
    for sentence in found.flatMap(\.missing) { console.warn(sentence) }
    let isSweep = found.contains(where: \.isSweep)
    var loaded = found.flatMap(\.runs)
    // Runs with the same name are shown by their paths.
    if Set(loaded.map(\.results.name)).count < loaded.count {
      for index in loaded.indices {
        loaded[index].results.name = isSweep ? loaded[index].folder?.path ?? "" : runs[index]
      }
    }
    if let data {
      for index in loaded.indices { loaded[index].data = URL(fileURLWithPath: data) }
    }
    for run in loaded where !run.isFinished {
      console.note("\(run.results.name) has not come to its end: reported as far as it is")
    }
    for run in loaded {
      for damage in run.damages.prefix(5) { console.warn("\(run.results.name): \(damage)") }
      if run.damages.count > 5 { console.warn("\(run.results.name): \(run.damages.count - 5) more files; see lineage") }
    }
    let curves = SeedCurves(loaded.map(\.results))
    let title = runs.map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: " · ")
    let html =
      isSweep || curves.hasSeeds ? SeedReport(title: title, runs: loaded).html : Report(comparing: loaded).html
    let page = Data(html.utf8)
    let target =
      output.map { URL(fileURLWithPath: $0) } ?? URL(fileURLWithPath: runs[0]).appendingPathComponent("report.html")
    try AtomicFile.write(page, to: target)
    console.result(target.path)
    let files = try figures.map { try SeedTables(curves).write(to: URL(fileURLWithPath: $0)) } ?? []
    if let figures { console.result("\(figures): \(files.count) files") }
    try console.emit(
      Result(
        page: target.path, runs: loaded.map(\.results.name), bytes: page.count, figures: files.map(\.path)))
  }
}
