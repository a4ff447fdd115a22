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
      Every hash is computed anew; an altered or missing file, or the first line of the ledger that does not follow from \
      the one before, is said, and makes the exit code 1.

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
    let lineage = try Lineage(run: folder)
    let ancestry = try lineage.ancestry(of: url)
    console.result(AncestryText.text(of: ancestry))
    if let line = lineage.brokenLine {
      console.warn(
        "\(folder.path)/ledger.jsonl:\(line):1: does not follow from the line before: do not trust the ledger")
    }
    try console.emit(ancestry)
    if !ancestry.isIntact || lineage.brokenLine != nil { throw ExitCode(1) }
  }

  private struct Damage: Encodable {
    var path: String
    var condition: Lineage.Condition
    /// The line of a ledger that breaks the chain.
    var line: Int?
  }

  private func check(_ lineage: Lineage, _ console: Console) throws {
    let files = lineage.damages()
    var damages = files.map { Damage(path: $0.path, condition: $0.condition) }
    if let line = lineage.brokenLine {
      console.result("altered: ledger.jsonl, line \(line) does not follow from the line before")
      damages.insert(Damage(path: "ledger.jsonl", condition: .altered, line: line), at: 0)
    }
    if lineage.unchainedLines > 0 {
      console.note(
        "\(lineage.unchainedLines) lines of the ledger are of a version that did not chain them: not checked")
    }
    for damage in damages where damage.line == nil { console.result("\(damage.condition.rawValue): \(damage.path)") }
    let state = lineage.hasEnded ? "the run has ended" : "the run has not ended"
    console.result(
      "\(lineage.fileCount - files.count) of \(lineage.fileCount) files are as the ledger says; \(state)")
    // Noted elsewhere, it shows a ledger that was written anew.
    console.note("the ledger's last line has the hash \(lineage.lastHash)")
    try console.emit(damages)
    if !damages.isEmpty { throw ExitCode(1) }
  }
}
