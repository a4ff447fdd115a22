import ArgumentParser
import Datasets
import Foundation
import Support

/// Lists the captions of a dataset.
struct DataCaptionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captions",
    abstract: "List what a dataset says of its windows.",
    discussion: """
      One line a sentence: the window, where the sentence comes from (texts, file, or composed from the action, the
      description and what was measured), and the sentence. The file DATASET/captions.tsv holds them and may be edited
      before a training.

      Example: surefoot data captions Data/sets/cmu --clip 02_03
      """)

  @Argument(help: "The folder of a dataset written by `surefoot data prepare`.")
  var dataset: String

  @Option(help: "Only the windows of this clip.")
  var clip: String?

  @OptionGroup var shared: OutputOptions

  func run() throws {
    try NamedFile.require(dataset, advice: "name a folder that `surefoot data prepare` wrote")
    let folder = URL(fileURLWithPath: dataset)
    let (manifest, _) = try MotionDataset.manifest(of: folder)
    var rows = try CaptionTable.read(of: folder).rows
    if let clip {
      let names = manifest.clips.map(\.name)
      guard names.contains(clip) else {
        let near = EditDistance.nearest(to: clip, among: names).map { "; did you mean \($0)?" } ?? ""
        throw ValidationError("the dataset has no clip \(clip)\(near)")
      }
      let windows = Set(manifest.windows.filter { $0.clip == clip }.map(\.id))
      rows = rows.filter { windows.contains($0.window) }
    }
    let console = shared.console
    if !rows.isEmpty {
      console.result(rows.map { "\($0.window)\t\($0.source)\t\($0.caption)" }.joined(separator: "\n"))
    }
    try console.emit(rows)
  }
}
