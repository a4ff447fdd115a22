import ArgumentParser
import Dynamics
import Foundation
import Kinematics
import Rendering
import Support
import MotionFormats

/// Draws motions for papers and issues.
struct RenderCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw motions as a strip of poses (.png) or as a film (.mp4, .gif).",
    discussion: """
      A strip has one row a file, at one scale, several under their names. Lit feet: green rests on the floor, red slides; what is in the floor is \
      red. Films need ffmpeg; without it the command exits with 69.

      Examples:
        surefoot render walk.bvh -o walk.png --frames 10
        surefoot render walk.bvh corrected/walk.bvh -o before-after.png --view side --size 1200
        surefoot render walk.bvh -o walk.mp4 --size 640x480
        surefoot render stairs.bvh -o stairs.png --scene stairs.yaml
      """)

  @OptionGroup var inputs: MotionInputs

  @Option(name: [.short, .long], help: "The picture or film to write: .png, .mp4 or .gif.")
  var output: String

  @Option(name: .long, help: "Poses a row of a strip.")
  var frames = 8

  @Option(name: .long, help: "Pixels: the width of a strip (1600), width x height of a film (960x540).")
  var size: PixelSize?

  @Option(name: .long, help: "Seen from where.")
  var view = ViewName(.threeQuarter)

  @Option(name: .long, help: "Frames a second of a film.")
  var fps = 30.0

  @Option(name: .long, help: "Draw from this second on.")
  var from = 0.0

  @Option(name: .long, help: "Draw up to this second.")
  var to: Double?

  @Flag(name: .long, help: "Leave feet in the figure's colour.")
  var plain = false

  @Flag(name: .long, help: "Leave the files' names out of a picture of several.")
  var unlabelled = false

  @OptionGroup var scenes: SceneOptions
  @OptionGroup var printing: OutputOptions

  private var kind: String { URL(fileURLWithPath: output).pathExtension.lowercased() }

  func validate() throws {
    guard ["png", "mp4", "gif"].contains(kind) else {
      throw ValidationError("\(output) is neither .png, .mp4 nor .gif")
    }
    guard (1...200).contains(frames) else { throw ValidationError("--frames takes 1 to 200") }
    guard (1...120).contains(fps) else { throw ValidationError("--fps takes 1 to 120") }
    guard from >= 0, from.isFinite else { throw ValidationError("--from takes a number of seconds from 0 on") }
    guard to.map({ $0 > from }) ?? true else { throw ValidationError("--from must be before --to") }
    guard kind == "png" || size == nil || size?.height != nil else {
      throw ValidationError("a film's --size has a width and a height: 960x540")
    }
  }

  /// What `--json` prints.
  private struct Result: Encodable {
    var output: String
    var width: Int
    var height: Int
  }

  func run() async throws {
    let console = printing.console
    let film = kind == "png" ? nil : try FilmMaker(console: console)
    try inputs.check(output: output)
    let shown = try inputs.read(most: MotionInputs.mostInPicture, scene: try scenes.read())
    for entry in shown {
      console.note(entry.understanding)
      entry.warnings.forEach(console.warn)
      for note in entry.notes where !entry.warnings.contains(note) { console.note("\(entry.name): \(note)") }
    }
    let rows = try shown.map { entry in
      let motion = try cut(entry.clip.motion, name: entry.name)
      let trace = plain ? nil : entry.body.map { MotionTrace(motion, body: $0) }
      return Strip.Row(
        motion, trace: trace, label: shown.count > 1 && !unlabelled ? entry.name : nil, ground: entry.ground)
    }
    let target = URL(fileURLWithPath: output)
    var strip = Strip(rows: rows, frames: frames, width: size?.width ?? (film == nil ? 1600 : 960), view: view.view)
    var height = size?.height ?? 540
    if let film {
      // Video codecs take even numbers.
      strip.width += strip.width % 2
      height += height % 2
      try await film.write(strip, height: height, rate: fps, to: target) { done, total in
        console.progress("render", done: done, total: total, unit: "frames")
      }
    } else {
      let picture = strip.picture()
      height = picture.height
      try AtomicFile.write(picture.png, to: target)
    }
    console.result(target.path)
    try console.emit(Result(output: target.path, width: strip.width, height: height))
  }

  private func cut(_ motion: Motion, name: String) throws -> Motion {
    let first = (from / motion.frameTime).rounded()
    guard first < Double(motion.count) else {
      throw ValidationError("\(name) ends before second \(from)")
    }
    // Compared before they become whole numbers, which seconds such as 1e300 do not.
    let last = min(max(((to ?? .infinity) / motion.frameTime).rounded(), first), Double(motion.count - 1))
    return motion.frames(Int(first)..<Int(last) + 1)
  }
}

/// A view by its name.
struct ViewName: ExpressibleByArgument {
  let view: RenderView

  init?(argument: String) {
    guard let view = RenderView(rawValue: argument) else { return nil }
    self.view = view
  }

  init(_ view: RenderView) { self.view = view }

  var defaultValueDescription: String { view.rawValue }
  static let allValueStrings = RenderView.allCases.map(\.rawValue)
}

/// Pixels: `1600` or `960x540`.
struct PixelSize: ExpressibleByArgument {
  let width: Int
  let height: Int?

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), parts.allSatisfy({ $0.map((16...8192).contains) ?? false }) else { return nil }
    width = parts[0] ?? 0
    height = parts.count == 2 ? parts[1] : nil
  }
}
