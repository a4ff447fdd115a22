import ArgumentParser
import Foundation
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

      Examples:
        surefoot view walk.bvh -o walk.html
        surefoot view walk.bvh corrected/walk.bvh -o compare.html --overlay
        surefoot view corrected 'more/*.glb' -o all.html
        surefoot view stairs.bvh -o stairs.html --scene stairs.yaml
        surefoot correct - < walk.bvh | surefoot view walk.bvh - -o compare.html
      """)

  @OptionGroup var inputs: MotionInputs

  @Option(name: [.short, .long], help: "The page to write.")
  var output: String

  @Flag(name: .long, help: "Lay the motions over each other at first, not side by side.")
  var overlay = false

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
    let shown = try inputs.read(scene: try scenes.read())
    for entry in shown {
      console.note(entry.understanding)
      entry.warnings.forEach(console.warn)
    }
    let entries = shown.map { entry in
      let trace = entry.body.map { MotionTrace(entry.clip.motion, body: $0) }
      return ViewerPage.Entry(
        motion: PackedMotion(name: entry.name, motion: entry.clip.motion, trace: trace, ground: entry.ground),
        metrics: trace?.metrics, notes: entry.notes)
    }
    let title = shown.map(\.name).joined(separator: " · ")
    let page = Data(ViewerPage(title: title, entries: entries, isOverlaid: overlay).html.utf8)
    let target = URL(fileURLWithPath: output)
    try AtomicFile.write(page, to: target)
    console.result("\(target.path)")
    try console.emit(
      Result(
        page: target.path, motions: shown.map(\.name), statures: shown.map { Stature($0.clip).metres },
        bytes: page.count))
  }
}
