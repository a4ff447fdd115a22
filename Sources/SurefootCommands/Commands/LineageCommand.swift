import ArgumentParser
import Foundation
import Generations
import MotionFormats
import Support

/// Where a loop's clip comes from.
struct LineageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineage",
    abstract: "Tell where a run's clip comes from, and check that nothing was altered.",
    discussion: """
      For a BVH file of a run: the sample and the correction, verdict, seeds, the models back to generation 0, and the \
      real and synthetic clips that each learnt from. For a run's folder: whether every file is as the ledger says. \
      Every hash is computed anew; an altered or missing file is said, and makes the exit code 1.

      Examples:
        surefoot lineage runs/first/corrected/generation-002/corrected/corrected-002-0003.bvh
        surefoot lineage copy.bvh --run runs/first --json
        surefoot lineage runs/first
        surefoot lineage runs/first --index && sqlite3 runs/first/ledger.sqlite 'SELECT verdict, count(*) FROM clips GROUP BY 1'
      """)

  @Argument(help: "A clip of a run, or a run's folder.")
  var file: String

  @Option(name: .customLong("run"), help: "The run that a clip outside of its run's folder was made in.")
  var origin: String?

  @Flag(
    name: .long, help: "Make ledger.sqlite of the run's folder anew: its ledger as an SQLite database, for queries.")
  var index = false

  @OptionGroup var printing: OutputOptions

  func run() throws {
    let console = printing.console
    let url = URL(fileURLWithPath: file)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw SurefootError(file: file, message: "is not there", suggestion: "name a clip of a run, or a run's folder")
    }
    if index {
      let folder = isFolder.boolValue ? url : try Lineage.run(of: url)
      let (database, events) = try LedgerIndex.build(of: folder)
      return console.result("\(events) ledger entries are indexed in \(database.path)")
    }
    if isFolder.boolValue { return try check(Lineage(run: url), console) }
    let folder = try origin.map { URL(fileURLWithPath: $0) } ?? Lineage.run(of: url)
    let ancestry = try Lineage(run: folder).ancestry(of: url)
    console.result(AncestryText.text(of: ancestry))
    try console.emit(ancestry)
    if !ancestry.isIntact { throw ExitCode(1) }
  }

  private struct Damage: Encodable {
    var path: String
    var condition: Lineage.Condition
  }

  private func check(_ lineage: Lineage, _ console: Console) throws {
    let damages = lineage.damages().map { Damage(path: $0.path, condition: $0.condition) }
    for damage in damages { console.result("\(damage.condition.rawValue): \(damage.path)") }
    let state = lineage.hasEnded ? "the run has ended" : "the run has not ended"
    console.result(
      "\(lineage.fileCount - damages.count) of \(lineage.fileCount) files are as the ledger says; \(state)")
    try console.emit(damages)
    if !damages.isEmpty { throw ExitCode(1) }
  }
}
