import ArgumentParser
import Correction
import Dynamics
import Foundation
import Linear
import Mocap

/// Corrects motion files: feet that stand, a body that obeys physics.
struct CorrectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct",
    abstract: "Correct motions in BVH files, and measure them before and after.",
    discussion: """
      Writes NAME.bvh and NAME.json (verdict, figures, residual wrench of every frame) to the output folder. Frame rate, \
      length, hierarchy, names, channel order and units are the input's. A rejected clip is not written.

      Correctors:
        kinematic  noise, floor height, standing feet: geometry alone
        tracking   the same, then a rigid-body simulation that follows it, with a bounded and reported residual wrench

      Examples:
        surefoot correct walk.bvh -o corrected
        surefoot correct takes/*.bvh -o corrected --corrector kinematic --json
      """)

  @Argument(help: "BVH files.")
  var files: [String]

  @Option(name: [.short, .long], help: "The folder to write to.")
  var output: String

  @Option(name: .long, help: "The corrector: \(Correctors.names.joined(separator: " or ")).")
  var corrector = "tracking"

  @Option(name: .long, help: "How many files to correct at once.")
  var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)

  @Option(name: .long, help: "The length unit of the files: m, cm, mm, inch, cmu or the metres in a unit.")
  var inputUnits: LengthUnit?

  @Option(name: .long, help: "The up axis of the files.")
  var inputUp: UpAxis?

  @OptionGroup var seeds: SeedOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard jobs > 0 else { throw ValidationError("--jobs takes a number above 0") }
    guard Correctors.names.contains(corrector) else {
      throw ValidationError(
        "there is no corrector named \(corrector); use one of: \(Correctors.names.joined(separator: ", "))")
    }
    let names = files.map { URL(fileURLWithPath: $0).lastPathComponent }
    if let twice = Dictionary(grouping: names, by: { $0 }).filter({ $0.value.count > 1 }).keys.min() {
      throw ValidationError("two inputs would be written to \(twice); correct them into different folders")
    }
  }

  func run() async throws {
    let console = printing.console
    let corrector = try Correctors.named(corrector)
    var results = [Result?](repeating: nil, count: files.count)
    await withTaskGroup(of: (Int, Result).self) { group in
      var next = 0
      var done = 0
      while next < min(jobs, files.count) {
        group.addTask { [next] in (next, await correct(files[next], corrector)) }
        next += 1
      }
      while let (index, result) = await group.next() {
        results[index] = result
        done += 1
        if let failure = result.failure { console.warn(failure) }
        console.progress("correct", done: done, total: files.count, unit: "files")
        guard next < files.count else { continue }
        group.addTask { [next] in (next, await correct(files[next], corrector)) }
        next += 1
      }
    }
    try report(results.compactMap { $0 }, console)
  }

  private func report(_ results: [Result], _ console: Console) throws {
    try console.emit(results)
    if results.contains(where: { $0.report != nil }) {
      var table = TextTable([
        "file", "verdict", "Penetrate", "Float", "Skate", "Phys-Err mm", "residual BW", "applied BW", "MPJPE mm",
      ])
      for result in results {
        if let cells = result.cells { table.add(cells) }
      }
      console.result(table.text)
    }
    let failed = results.filter { $0.failure != nil }.count
    if failed > 0 {
      console.warn("\(failed) of \(results.count) files were not corrected")
      throw ExitCode.failure
    }
  }

  // MARK: One file

  /// What became of a file: also what its side-car holds.
  struct Result: Encodable, Sendable {
    var input: String
    var output: String?
    var corrector: String
    var verdict: String?
    var report: CorrectionReport?
    /// Why nothing was written.
    var failure: String?
    var notes: [String] = []

    /// Before and after in one cell each.
    var cells: [String]? {
      guard let report else { return nil }
      let (x, y) = (report.before, report.after)
      func both(_ a: Double, _ b: Double, _ digits: Int = 1) -> String {
        "\(Self.number(a, digits)) -> \(Self.number(b, digits))"
      }
      let applied = report.appliedResidual
      return [
        URL(fileURLWithPath: input).lastPathComponent, verdict.map { String($0.prefix { $0 != " " }) } ?? "",
        both(x.penetrate, y.penetrate), both(x.float, y.float), both(x.skate, y.skate), both(x.physErr, y.physErr),
        both(x.residualWrench, y.residualWrench, 2),
        applied.isEmpty ? "-" : Self.number(applied.reduce(0, +) / Double(applied.count), 2),
        Self.number(report.mpjpe, 1),
      ]
    }

    private static func number(_ x: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", x) }
  }

  private func correct(_ file: String, _ corrector: any Corrector) async -> Result {
    var result = Result(input: file, corrector: corrector.name)
    do {
      let url = URL(fileURLWithPath: file)
      let reading = try BVH.reading(contentsOf: url, metresPerUnit: inputUnits?.metres, up: inputUp?.axis)
      result.notes = reading.warnings
      var clip = reading.clip
      let skipped = RestFrame.count(of: clip.motion)
      if skipped > 0 { result.notes.append("The first frame is a rest pose, not motion: it was left as it is.") }
      let moving = clip.motion.frames(skipped..<clip.motion.count)
      let seed = Seed.derive(seeds.seed, clip.name, "corrector")
      let correction = try await corrector.correct(moving, seed: seed)
      result.verdict = correction.verdict.description
      result.report = correction.report
      result.notes += correction.report.notes
      guard correction.verdict.isUsable else {
        result.failure = "\(file): \(correction.verdict)"
        return result
      }
      clip.motion.poses.replaceSubrange(skipped..., with: correction.motion.poses)
      try write(clip, &result)
    } catch {
      result.failure = error is CorrectionError ? "\(file): \(error)" : "\(error)"
    }
    return result
  }

  private func write(_ clip: Clip, _ result: inout Result) throws {
    let folder = URL(fileURLWithPath: output)
    let target = folder.appendingPathComponent("\(clip.name).bvh")
    guard target.standardizedFileURL.path != URL(fileURLWithPath: result.input).standardizedFileURL.path else {
      throw FileError(file: result.input, problem: "would be written over itself", mend: "choose another folder")
    }
    try BVH.write(clip, to: target)
    result.output = target.path
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let text = String(decoding: try encoder.encode(result), as: UTF8.self)
    try AtomicFile.write(text + "\n", to: folder.appendingPathComponent("\(clip.name).json"))
  }
}

/// The artificial first frame of some BVH files (CMU's): a T-pose, from which the figure would leap into motion.
enum RestFrame {
  /// How many leading frames are not motion: 1 or 0. Such a frame leaves most joints at exactly zero and the next one
  /// does not, with a leap of more than 12 degrees at some joint between.
  static func count(of motion: Motion) -> Int {
    guard motion.count > 2 else { return 0 }
    let resting = { (pose: Pose) in pose.rotations.filter { $0.angle < 1e-4 }.count }
    let leap = zip(motion.poses[0].rotations, motion.poses[1].rotations).dropFirst().map { $0.angle(to: $1) }.max() ?? 0
    let first = resting(motion.poses[0])
    return 2 * first > motion.skeleton.count && first > 2 * resting(motion.poses[1]) && leap > 0.2 ? 1 : 0
  }
}
