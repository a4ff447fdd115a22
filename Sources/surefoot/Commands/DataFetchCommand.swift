import ArgumentParser
import Datasets
import Foundation
import MotionFormats

/// Fetches motion capture.
struct DataFetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Fetch motion capture that anyone may use.",
    subcommands: [FetchDeepMimicCommand.self, FetchCMUCommand.self])
}

/// The humanoid's clips of DeepMimic, out of a PyPI package.
struct FetchDeepMimicCommand: AsyncParsableCommand {
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
