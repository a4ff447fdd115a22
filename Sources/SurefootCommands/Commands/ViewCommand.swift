import ArgumentParser
import Correctors
import Foundation
import Kinematics
import Rendering
import Reporting
import Support
import MotionFormats

/// Writes a page that plays motions.
struct ViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Write one HTML page that plays motions in 3-D, with what physics says of every frame.",
    discussion: """
      The page needs no network and opens from the disk in any browser, with WebGL 2 or without. Give the motion before \
      and after a correction to compare them; motions on one skeleton are measured on one body, calibrated on the first.

      The page is also a contact editor: below the time line, a row each for heels, toes and hands has a bar for every \
      contact. Drag a bar or one of its ends, drag in an empty row to add one, press delete to remove it; ? lists all keys. \
      'save table' downloads what `surefoot correct --contacts` reads; --contacts opens such a table again, for the first \
      motion.

      A page holds up to 100 motions. Its table of figures is a list: sort it by a figure, filter it by a figure's limit, \
      click a row to see that motion. x jumps to the worst half second, v records a video.

      Examples:
        surefoot view walk.bvh -o walk.html
        surefoot view walk.bvh --contacts walk-contacts.csv -o walk.html
        surefoot view walk.bvh corrected/walk.bvh -o compare.html --overlay
        surefoot view corrected 'more/*.glb' -o all.html --open
        surefoot view stairs.bvh -o stairs.html --scene stairs.yaml
        surefoot correct - < walk.bvh | surefoot view walk.bvh - -o compare.html
      """)

  @OptionGroup var inputs: MotionInputs

  @Option(name: [.short, .long], help: "The page to write.")
  var output: String

  @Flag(name: .long, help: "Lay the motions over each other at first, not side by side.")
  var overlay = false

  @Option(
    name: .long,
    help: "The first motion's contacts, as `surefoot contacts` or the page wrote them; as they are detected without.")
  var contacts: String?

  @Flag(name: .long, help: "Open the page in the browser.")
  var open = false

  @OptionGroup var scenes: SceneOptions
  @OptionGroup var printing: OutputOptions

  /// What `--json` prints.
  private struct Result: Encodable {
    var page: String
    var motions: [String]
    /// How tall each motion's person is [m]; `null` for a figure that is no biped.
    var statures: [Double?]
    var bytes: Int
  }

  func run() throws {
    let console = printing.console
    try inputs.check(output: output)
    if let contacts { try OutputCheck.file(output, isNot: [contacts]) }
    let shown = try inputs.read(most: MotionInputs.mostOnPage, scene: try scenes.read())
    for entry in shown {
      console.note(entry.understanding)
      entry.warnings.forEach(console.warn)
    }
    let edited = try contacts.map { path in
      guard let first = shown.first, first.body != nil else {
        throw SurefootError(
          file: path, message: "is a contact table, but the first motion is no biped's",
          suggestion: "give the biped's clip first")
      }
      return try ContactTable.read(
        contentsOf: URL(fileURLWithPath: path), frames: first.whole.count, frameTime: first.whole.frameTime)
    }
    let entries = shown.enumerated().map { index, entry in
      let trace = entry.body.map { MotionTrace(entry.clip.motion, body: $0) }
      // A motion that no corrector takes has no contacts to edit.
      let table =
        index == 0 && edited != nil
        ? edited : entry.body.flatMap { _ in try? ContactDetection.table(of: entry.whole) }
      return ViewerPage.Entry(
        motion: PackedMotion(
          name: entry.name, motion: entry.clip.motion, trace: trace,
          contacts: table.map { PackedContacts($0, frames: entry.whole.count, first: entry.firstFrame) },
          ground: entry.ground),
        metrics: trace?.metrics, notes: entry.notes)
    }
    let title = shown.map(\.name).joined(separator: " · ")
    let page = Data(ViewerPage(title: title, entries: entries, isOverlaid: overlay).html.utf8)
    let target = URL(fileURLWithPath: output)
    try AtomicFile.write(page, to: target)
    console.result("\(target.path)")
    if open, !PageOpener.open(target) {
      console.warn("no browser could be started: open \(target.path) in one yourself")
    }
    try console.emit(
      Result(
        page: target.path, motions: shown.map(\.name), statures: shown.map { Stature($0.clip).metres },
        bytes: page.count))
  }
}
