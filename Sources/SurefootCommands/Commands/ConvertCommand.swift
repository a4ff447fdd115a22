import ArgumentParser
import Correctors
import Foundation
import Kinematics
import MotionFormats
import Support

/// Rewrites motion files in another format, unit, axis, rate or on another skeleton.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Rewrite motion files in another format, unit, rate or on another skeleton.",
    discussion: """
      Reads BVH, AMC with its ASF, DeepMimic's .txt, HumanML3D's .npy (frames x 263, or positions of 22 joints), .npz, \
      GLB of any exporter (its first animation) and the .csv that it writes. Writes what the output's name ends in, or --format:
        .bvh  opens everywhere              .amc  with the skeleton in .asf beside it
        .txt  DeepMimic's humanoid          .npy  HumanML3D, 263 numbers a frame at 20 a second
        .npz  positions and quaternions     .glb  glTF: skeleton, skin, animation      .csv  a table
        .xml  MuJoCo's model of the body, with the motion in .npz beside it
        .vrma a VRM animation, for any avatar

      Units and up axis of the input are kept unless --units or --up ask for others; inputs in metres become \
      centimetres. A BVH file does not say its units: they are estimated from the skeleton unless --input-units gives \
      them.

      Examples:
        surefoot convert walk.bvh -o walk-metres.bvh --units m --up z
        surefoot convert walk.bvh -o walk.glb
        surefoot convert walk.bvh -o walk.vrma
        surefoot convert subjects/16 -o converted --format npz
        surefoot convert humanoid3d_walk.txt -o walk.bvh --cycles 4
        surefoot convert walk.bvh -o mine.bvh --skeleton my-character.bvh
        surefoot convert corrected/walk.bvh -o walk.xml --up z
      """)

  @Argument(help: "Motion files, folders of them, or patterns.")
  var inputs: [String]

  @Option(name: [.short, .long], help: "The file to write for one input file, else the folder to write to.")
  var output: String

  @OptionGroup var formats: MotionFormatOptions
  @OptionGroup var written: WrittenMotionOptions

  @Option(
    name: .long, help: "The length unit of the inputs, if not the estimated one of BVH and what other files say.")
  var inputUnits: LengthUnit?

  @Option(name: .long, help: "The up axis of BVH inputs.")
  var inputUp: UpAxis?

  @Option(name: .long, help: "The ASF file of AMC inputs, if not the one beside them.")
  var inputSkeleton: String?

  @Option(
    name: .long, help: "Frames a second of AMC, HumanML3D and GLB inputs, if not CMU's, 20 and the keys', and of BVH.")
  var captureFps: Double?

  @Option(name: .long, help: "How often looping DeepMimic inputs are repeated.")
  var cycles = 1

  @Option(name: .long, help: "The animation of GLB inputs: its name, or its number from 1.")
  var animation: String?

  @Option(name: .long, help: "Root positions of BVH inputs: absolute, or relative to the root's OFFSET.")
  var inputRoot: RootPositions?

  @OptionGroup var printing: OutputOptions

  func validate() throws {
    if let captureFps, !(captureFps > 0 && captureFps <= 100_000) {
      throw ValidationError("a frame rate is above 0 and up to 100000, not \(captureFps)")
    }
    guard (1...10_000).contains(cycles) else { throw ValidationError("--cycles takes 1 to 10000") }
    try written.check(for: format)
    try InputFile.check(output: output, apartFrom: inputs)
    // A folder may be named as it likes; a file that ends like another program's must not hold something else.
    guard formats.format == nil, inputs.count == 1, ![inputs[0], output].contains(where: InputFile.isFolder) else {
      return
    }
    _ = try MotionFormatRegistry.withMuJoCo.formatThatUserWrites(output)
  }

  /// By `--format`, else by the output's name.
  private var format: any MotionFileFormat {
    formats.format ?? MotionFormatRegistry.withMuJoCo.format(of: URL(fileURLWithPath: output)) ?? .bvh
  }

  func run() throws {
    let console = printing.console
    let files = try inputFiles()
    let folderWanted = inputs.count > 1 || files.count > 1 || [inputs[0], output].contains(where: InputFile.isFolder)
    var (results, failed, written) = ([Result](), 0, Set<[UInt8]>())
    let read = files + ([inputSkeleton].compactMap { $0 } + self.written.skeleton).map { URL(fileURLWithPath: $0) }
    for (index, file) in files.enumerated() {
      do {
        let target = folderWanted ? self.target(of: file) : URL(fileURLWithPath: output)
        guard written.insert(Array(target.path.utf8)).inserted else {
          throw SurefootError(
            file: file.path, message: "another input is written to \(target.path)", suggestion: "rename one")
        }
        for output in outputs(target) { try OutputPlace.check(file: output, inputs: read) }
        let result = try convert(file, to: target)
        for sentence in result.notes { console.warn(sentence) }
        results.append(result)
      } catch let error as SurefootError {
        failed += 1
        console.warn(error.description)
      }
      if files.count > 1 { console.progress("convert", done: index + 1, total: files.count, unit: "files") }
    }
    if printing.json { try console.emit(results) }
    var table = TextTable(["file", "joints", "frames", "fps", "m/unit", "up", "stature"])
    for result in results { table.add(result.cells) }
    if !results.isEmpty { console.table(table) }
    if failed > 0 {
      console.warn("\(failed) of \(files.count) files could not be converted")
      throw ExitCode.failure
    }
  }

  // MARK: One file

  /// What was written.
  struct Result: Encodable {
    var input: String
    var output: String
    var joints: Int
    var frames: Int
    var framesPerSecond: Double
    var metresPerUnit: Double
    var up: String
    /// How tall the person of the input is [m]; absent for a figure that is no biped.
    var stature: Double?
    var notes: [String]

    var cells: [String] {
      [
        output, String(joints), String(frames), String(format: "%.6g", framesPerSecond),
        String(format: "%.6g", metresPerUnit), up, stature.map { String(format: "%.2f m", $0) } ?? "-",
      ]
    }
  }

  private func convert(_ file: URL, to target: URL) throws -> Result {
    let reading = try MotionFile.reading(
      contentsOf: file,
      options: .init(
        metresPerUnit: inputUnits?.metres, up: inputUp?.axis, rootIsRelative: inputRoot.map { $0 == .relative },
        skeleton: inputSkeleton.map { URL(fileURLWithPath: $0) }, captureRate: captureFps, cycles: cycles,
        animation: animation))
    var clip = reading.clip
    let stature = Stature(clip).metres
    // Inputs in metres, and Acclaim's in its inches, become centimetres.
    if MotionFormatRegistry.builtIn.format(of: file)?.traits.hasUpAxis != true { clip.convention = .centimetres }
    clip = try written.apply(to: clip, file: file.path, format: format)
    let notes = try MotionFile.write(clip, to: target, as: format, joints: try written.jointMap())
    return Result(
      input: file.path, output: target.path, joints: clip.motion.skeleton.count, frames: clip.motion.count,
      framesPerSecond: clip.motion.frameRate, metresPerUnit: format.traits.hasUnits ? clip.convention.metresPerUnit : 1,
      up: clip.convention.up == .z ? "z" : "y", stature: stature,
      notes: reading.warnings + notes.map { "\(target.path): \($0)" })
  }

  // MARK: Paths

  private func inputFiles() throws -> [URL] {
    InputFile.unique(try inputs.flatMap { try InputFile.expand($0, kind: .motion) }).map(\.url)
  }

  /// The files that are written for a target: an AMC file's skeleton lies beside it.
  private func outputs(_ target: URL) -> [URL] {
    let skeleton = target.deletingPathExtension().appendingPathExtension("asf")
    return format.name == "amc" ? [target, skeleton] : [target]
  }

  private func target(of file: URL) -> URL {
    URL(fileURLWithPath: output).appendingPathComponent(file.deletingPathExtension().lastPathComponent)
      .appendingPathExtension(format.fileExtension)
  }
}

/// What the root positions of a BVH file are measured from.
enum RootPositions: String, ExpressibleByArgument, CaseIterable {
  case absolute, relative
}
