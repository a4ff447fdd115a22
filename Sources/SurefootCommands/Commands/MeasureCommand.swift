import ArgumentParser
import Correctors
import Dynamics
import Foundation
import Kinematics
import MotionFormats
import Retargeting
import Support

/// Measures motions and changes nothing.
struct MeasureCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Print how far motions are from physics, and change nothing.",
    discussion: """
      The figures are those that `surefoot correct` prints before its arrow. They are means over all frames of the clip, \
      for a body model with the clip's own limbs; the floor is at height 0, and 5 mm are tolerated:
        Penetrate  mm        depth of the body's lowest point below the floor
        Float      mm        its height above the floor, real flight included
        Skate      mm/frame  slide of the feet that touch the floor
        Phys-Err   mm        Penetrate + Float + Skate
        residual   BW        force and torque that the root needs besides the
                             floor's, in body weights: 0 for a possible motion,
                             1 for a body that stands still in the air
        self       mm        deepest overlap of two parts of the body
        limit      degrees   largest excess over a joint's range
      Most captured walks have a Phys-Err of 2 to 12 mm and a residual below 0.05.

      Inputs are files of any format that is read, folders, quoted patterns, or - for BVH from standard input. --json has \
      more figures (95th percentile of the residual, skating ratio, jerk). Exit codes: 0 if every clip was measured; 1 if \
      any was not (the others are printed); 64 for wrong use.

      Examples:
        surefoot measure walk.bvh
        surefoot measure takes 'more/*.glb' --json
        surefoot measure stairs.bvh --scene stairs.yaml
      """)

  @Argument(help: "Motion files, folders or patterns; - for standard input.")
  var inputs: [String]

  @Option(name: .long, help: "The length unit of the files: m, cm, mm, inch, cmu or the metres in a unit.")
  var inputUnits: LengthUnit?

  @Option(name: .long, help: "The up axis of the files.")
  var inputUp: UpAxis?

  @Option(name: .long, help: "A joint map (.yaml) of your own, for joints that names and shape do not tell.")
  var skeleton: String?

  @OptionGroup var scenes: SceneOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard !inputs.contains("-") || inputs.count == 1 else {
      throw ValidationError("- (standard input) must be the only input")
    }
  }

  /// One clip's figures, or why there are none.
  struct Result: Encodable {
    var file: String
    var frames: Int?
    var seconds: Double?
    var figures: PlausibilityMetrics?
    /// The sum that papers report, beside its parts [mm].
    var physErr: Double?
    var failure: String?
    var notes: [String] = []
  }

  func run() async throws {
    let console = printing.console
    let map = try skeleton.map { try JointMap.read(contentsOf: URL(fileURLWithPath: $0)) }
    let body =
      map.map { map in CorrectorBody(infer: { try CorrectorBody.joints(of: $0, map: map) }) } ?? CorrectorBody()
    // `nil` is standard input.
    var files: [InputFile?] = [nil]
    if inputs != ["-"] { files = InputFile.unique(try inputs.flatMap { try InputFile.expand($0, kind: .motion) }) }
    var done = 0
    let command = self
    let scene = try scenes.read()
    let completed: (Int, Result) -> Void = { _, _ in
      done += 1
      if files.count > 1 { console.progress("measure", done: done, total: files.count, unit: "files") }
    }
    let results = try await concurrentMap(files, completed: completed) { command.measure($0, body, scene) }
    for result in results {
      if let failure = result.failure { console.warn(failure) }
      for sentence in result.notes { console.note("\(result.file): \(sentence)") }
    }
    let measured = results.compactMap(\.figures)
    if !measured.isEmpty { console.result(MeasureCommand.table(results).text(width: Console.width)) }
    try console.emit(results)
    guard measured.count == results.count else {
      if results.count > 1 { console.warn("\(results.count - measured.count) of \(results.count) clips not measured") }
      throw ExitCode.failure
    }
  }

  private func measure(_ file: InputFile?, _ body: CorrectorBody, _ scene: SceneFile?) -> Result {
    let name = file?.shown ?? "<standard input>"
    var result = Result(file: name)
    do {
      let reading = try read(file)
      let motion = reading.clip.motion
      (result.frames, result.seconds) = (motion.count, Double(motion.count) * motion.frameTime)
      result.notes = reading.warnings
      var body = body
      if let scene { body.ground = try scene.ground(for: reading.clip) }
      let measurement = try MotionMeasurement(of: motion, body: body)
      result.figures = measurement.metrics
      result.physErr = measurement.metrics.physErr
      result.notes += measurement.notes
    } catch let error as SurefootError where error.file == nil {
      result.failure = "\(name): \(error)"
    } catch {
      result.failure = "\(error)"
    }
    return result
  }

  private func read(_ file: InputFile?) throws -> ClipReading {
    guard let file else {
      let bytes = try FileHandle.standardInput.readToEnd() ?? Data()
      return try BVH.reading(
        bytes: [UInt8](bytes), file: "<standard input>", name: "stdin", metresPerUnit: inputUnits?.metres,
        up: inputUp?.axis)
    }
    try NamedFile.require(file.shown)
    let options = MotionReadingOptions(metresPerUnit: inputUnits?.metres, up: inputUp?.axis)
    return try MotionFile.reading(contentsOf: file.url, options: options)
  }

  /// The columns of the table: their titles with units, and the digits after the point.
  private static let columns: [(title: String, digits: Int, value: @Sendable (PlausibilityMetrics) -> Double)] = [
    ("Penetrate", 1, \.penetrate), ("Float", 1, \.float), ("Skate", 1, \.skate), ("Phys-Err", 1, \.physErr),
    ("residual", 2, \.residualWrench), ("self", 0, \.selfPenetration), ("limit", 0, \.jointLimitExcess),
  ]
  private static let units = ["mm", "mm", "mm", "mm", "BW", "mm", "deg"]

  /// The measured clips, and their means if there are several.
  private static func table(_ results: [Result]) -> TextTable {
    var table = TextTable(["file"] + columns.map(\.title))
    table.add(["(units)"] + units)
    for result in results {
      guard let figures = result.figures else { continue }
      table.add([result.file] + columns.map { Numbers.fixed($0.value(figures), digits: $0.digits) })
    }
    let measured = results.compactMap(\.figures)
    guard measured.count > 1 else { return table }
    table.add(
      ["mean of \(measured.count)"]
        + columns.map { column in
          let sum = measured.reduce(0) { $0 + column.value($1) }
          return Numbers.fixed(sum / Double(measured.count), digits: column.digits)
        })
    return table
  }
}
