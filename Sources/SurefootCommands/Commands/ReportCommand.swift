import ArgumentParser
import Foundation
import Generations
import Reporting
import Support

/// Writes the page of a run, or of several side by side.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML page about a run of the loop, or compare several.",
    discussion: """
      What was run, what came of it, curves with intervals, physics before and after correction, motions to play, \
      rejected clips with reasons, lineage, commands and versions. A run that still goes on is reported as far as it is. \
      The page needs no network and prints.

      Examples:
        surefoot report runs/first
        surefoot report runs/lambda-1 runs/lambda-4 -o compare.html
      """)

  @Argument(help: "Runs' folders: what `surefoot loop -o` wrote.")
  var runs: [String]

  @Option(name: [.short, .long], help: "The page to write; RUN/report.html for one run.")
  var output: String?

  @Option(
    name: .long,
    help: "The prepared dataset that the run was trained on, for real motion to show; as its last command says without."
  )
  var data: String?

  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard runs.count == 1 || output != nil else { throw ValidationError("give the page of several runs with -o") }
    // Among a run's own files the page alone may be replaced.
    if let output, URL(fileURLWithPath: output).pathExtension.lowercased() != "html" {
      try OutputCheck.file(output, isNot: [], notIn: runs)
    }
  }

  /// What `--json` prints.
  private struct Result: Encodable {
    var page: String
    var runs: [String]
    var bytes: Int
  }

  func run() throws {
    let console = printing.console
    let folders = runs.map { URL(fileURLWithPath: $0) }
    var loaded = try folders.map { try RunFolder.load($0) }
    // Runs with the same name are shown by the paths that were given.
    if Set(loaded.map(\.results.name)).count < loaded.count {
      for index in loaded.indices { loaded[index].results.name = runs[index] }
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
    let page = Data(Report(comparing: loaded).html.utf8)
    let target = output.map { URL(fileURLWithPath: $0) } ?? folders[0].appendingPathComponent("report.html")
    try AtomicFile.write(page, to: target)
    console.result(target.path)
    try console.emit(Result(page: target.path, runs: loaded.map(\.results.name), bytes: page.count))
  }
}
