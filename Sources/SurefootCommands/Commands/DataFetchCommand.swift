import ArgumentParser
import Datasets
import Foundation
import MotionFormats
import Support

/// Fetches and prepares motion capture.
struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch motion capture and prepare datasets.",
    subcommands: [DataFetchCommand.self, DataPrepareCommand.self, DataCaptionsCommand.self])
}

/// Fetches motion capture.
struct DataFetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Fetch motion capture that anyone may use, and the text encoder.",
    subcommands: [FetchDeepMimicCommand.self, FetchCMUCommand.self, FetchTextEncoderCommand.self])
}

/// The humanoid's clips of DeepMimic, out of a PyPI package.
struct FetchDeepMimicCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deepmimic",
    abstract: "Fetch DeepMimic's clips of a humanoid from the PyPI package pybullet 3.2.7, as BVH.",
    discussion: """
      Downloads the package (about 100 MB) with pip, keeps its motion files alone and writes them as BVH. Running it again
      finishes what was cut off and makes nothing twice.
      """)

  @Option(name: [.short, .customLong("output")], help: "The folder of the clips.")
  var output = "Data/mocap/deepmimic"

  @Option(help: "A wheel of the package that is at hand, instead of downloading it.")
  var source: String?

  @OptionGroup var shared: OutputOptions

  /// What is printed with `--json`.
  struct Fetched: Encodable {
    var folder: String
    var clips: [String]
    var seconds: Double
  }

  func run() async throws {
    let console = shared.console
    let fetch = DeepMimicFetch(
      to: URL(fileURLWithPath: output), wheel: source.map { URL(fileURLWithPath: $0) })
    let rows = try fetch.run { console.note($0) }
    let seconds = rows.reduce(0) { $0 + $1.seconds }
    console.result("\(output): \(rows.count) clips, \(Int(seconds.rounded())) s")
    console.note(DeepMimicFetch.acknowledgement)
    try console.emit(Fetched(folder: output, clips: rows.map(\.name), seconds: seconds))
  }
}

/// Trials of CMU's collection, from its own site or a copy.
struct FetchCMUCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cmu",
    abstract: "Fetch trials of CMU's motion capture collection as ASF/AMC.",
    discussion: """
      Without --trials a list of good trials on flat ground is used, with action labels. Files are verified and recorded;
      running it again fetches what is missing and nothing else.

      Example: surefoot data fetch cmu --subjects 16,35
      """)

  @Option(help: "Subjects of the list to fetch, separated by commas; all if absent.")
  var subjects: String?

  @Option(help: "A list of your own: tab-separated, with the header line subject, trial, action, description.")
  var trials: String?

  @Option(help: "An address or a folder in the layout of CMU's site.")
  var source = CMUFetch.site

  @Option(name: [.short, .customLong("output")], help: "The folder of the files.")
  var output = "Data/mocap/cmu"

  @Option(help: ArgumentHelp("How often a file is tried.", visibility: .hidden))
  var attempts = 5

  @Option(help: ArgumentHelp("Seconds before the second attempt.", visibility: .hidden))
  var pause = 1.0

  @OptionGroup var shared: OutputOptions

  /// What is printed with `--json`.
  struct Fetched: Encodable {
    var folder: String
    var fetched: Int
    var kept: Int
    var failed: [String]
  }

  func validate() throws { try OutputCheck.folder(output, apartFrom: InputFile.isFolder(source) ? [source] : []) }

  func run() async throws {
    let console = shared.console
    let wanted = try chosen()
    let fetch = try CMUFetch(
      wanted, from: source, to: URL(fileURLWithPath: output), attempts: attempts, pause: pause)
    let report = try await fetch.run { done, total in
      console.progress("fetching", done: done, total: total, unit: "files")
    }
    for failure in report.failures { console.warn(failure.description) }
    console.result("\(output): \(report.fetched) files fetched, \(report.kept) kept, \(report.failures.count) failed")
    console.result(CMUTrial.acknowledgement)
    try console.emit(
      Fetched(
        folder: output, fetched: report.fetched, kept: report.kept, failed: report.failures.map(\.description)))
    if !report.failures.isEmpty { throw ExitCode.failure }
  }

  private func chosen() throws -> [CMUTrial] {
    var list = CMUTrial.shipped
    if let trials {
      guard let text = try? String(contentsOfFile: trials, encoding: .utf8) else {
        throw SurefootError(file: trials, message: "cannot be read as text", suggestion: "check the path")
      }
      list = try CMUTrial.read(text: text, file: trials)
    }
    guard let subjects else { return list }
    let wanted = subjects.split(separator: ",").map { $0.count == 1 ? "0\($0)" : String($0) }
    let known = Set(list.map(\.subject))
    let unknown = wanted.filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw ValidationError(
        "no trial of subject \(unknown.joined(separator: ", ")) is in the list; it has "
          + known.sorted().joined(separator: ", "))
    }
    return list.filter { wanted.contains($0.subject) }
  }
}
