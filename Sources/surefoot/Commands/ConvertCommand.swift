import ArgumentParser
import Foundation
import Mocap

/// Rewrites motion files as BVH that every importer reads alike.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Rewrite motion files (BVH, AMC with ASF, DeepMimic) as BVH that opens everywhere.",
    discussion: """
      Units and up axis of a BVH file are kept unless --units or --up ask for others; AMC and DeepMimic files become \
      centimetres. A BVH file does not say its units: they are estimated from the skeleton unless --input-units gives \
      them.

      Examples:
        surefoot convert walk.bvh -o walk-metres.bvh --units m --up z
        surefoot convert subjects/16 -o converted --units cm
        surefoot convert humanoid3d_walk.txt -o walk.bvh --cycles 4
      """)

  @Argument(help: "Motion files, or folders of them.")
  var inputs: [String]

  @Option(name: [.short, .long], help: "The file to write for one input file, else the folder to write to.")
  var output: String

  @Option(name: .long, help: "The written length unit: m, cm, mm, inch, cmu or the metres in a unit.")
  var units: LengthUnit?

  @Option(name: .long, help: "The written up axis: y or z.")
  var up: UpAxis?

  @Option(name: .long, help: "The written frame rate.")
  var fps: Double?

  @Option(name: .long, help: "The length unit of BVH inputs.")
  var inputUnits: LengthUnit?

  @Option(name: .long, help: "The up axis of BVH inputs.")
  var inputUp: UpAxis?

  @Option(name: .long, help: "The ASF file of AMC inputs, if not the one beside them.")
  var skeleton: String?

  @Option(name: .long, help: "Frames a second of AMC inputs, if not CMU's.")
  var captureFps: Double?

  @Option(name: .long, help: "How often looping DeepMimic inputs are gone through.")
  var cycles = 1

  @OptionGroup var printing: OutputOptions

  func validate() throws {
    for rate in [fps, captureFps].compactMap({ $0 }) where !(rate > 0 && rate <= 100_000) {
      throw ValidationError("a frame rate is positive, not \(rate)")
    }
    guard (1...10_000).contains(cycles) else { throw ValidationError("--cycles takes 1 to 10000") }
  }

  func run() throws {
    let console = printing.console
    let files = try Self.files(of: inputs)
    let folderWanted = inputs.count > 1 || Self.isFolder(inputs[0]) || Self.isFolder(output)
    var (results, failed, written) = ([Result](), 0, Set<String>())
    for (index, file) in files.enumerated() {
      do {
        let target = folderWanted ? Self.target(of: file, in: output) : URL(fileURLWithPath: output)
        guard written.insert(target.path).inserted else {
          throw FileError(file: file.path, problem: "another input is written to \(target.path)", mend: "rename one")
        }
        let result = try convert(file, to: target)
        for sentence in result.notes { console.warn(sentence) }
        results.append(result)
      } catch let error as FileError {
        failed += 1
        console.warn(error.description)
      }
      if files.count > 1 { console.progress("convert", done: index + 1, total: files.count, unit: "files") }
    }
    if printing.json { try console.emit(results) }
    var table = TextTable(["file", "joints", "frames", "fps", "m/unit", "up"])
    for result in results { table.add(result.cells) }
    if !results.isEmpty { console.result(table.text) }
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
    var notes: [String]

    var cells: [String] {
      [
        output, String(joints), String(frames), String(format: "%.6g", framesPerSecond),
        String(format: "%.6g", metresPerUnit), up,
      ]
    }
  }

  private func convert(_ file: URL, to target: URL) throws -> Result {
    guard target.standardizedFileURL.resolvingSymlinksInPath() != file.standardizedFileURL.resolvingSymlinksInPath()
    else {
      throw FileError(file: file.path, problem: "would be written over itself", mend: "choose another output")
    }
    let reading = try MotionFile.reading(
      contentsOf: file,
      options: .init(
        metresPerUnit: inputUnits?.metres, up: inputUp?.axis,
        skeleton: skeleton.map { URL(fileURLWithPath: $0) }, captureRate: captureFps, cycles: cycles))
    var clip = reading.clip
    if file.pathExtension.lowercased() != "bvh" { clip.convention = .centimetres }
    clip.convention.metresPerUnit = units?.metres ?? clip.convention.metresPerUnit
    clip.convention.up = up?.axis ?? clip.convention.up
    if let fps {
      guard clip.motion.duration * fps < 1e7 else {
        throw FileError(file: file.path, problem: "lasts too long for \(fps) frames a second", mend: "lower --fps")
      }
      clip.motion = clip.motion.resampled(to: fps)
    }
    let report = try BVH.write(clip, to: target)
    return Result(
      input: file.path, output: target.path, joints: clip.motion.skeleton.count, frames: clip.motion.count,
      framesPerSecond: clip.motion.frameRate, metresPerUnit: clip.convention.metresPerUnit,
      up: clip.convention.up == .z ? "z" : "y",
      notes: reading.warnings + report.sentences.map { "\(target.path): \($0)" })
  }

  // MARK: Paths

  private static func files(of inputs: [String]) throws -> [URL] {
    var files: [URL] = []
    for input in inputs {
      let url = URL(fileURLWithPath: input)
      guard isFolder(input) else {
        files.append(url)
        continue
      }
      let found = try MotionFile.find(in: url)
      guard !found.isEmpty else {
        throw FileError(file: input, problem: "holds no motion file", mend: "give .bvh, .amc or humanoid3d_*.txt files")
      }
      files += found
    }
    return files
  }

  private static func target(of file: URL, in folder: String) -> URL {
    URL(fileURLWithPath: folder).appendingPathComponent(file.deletingPathExtension().lastPathComponent)
      .appendingPathExtension("bvh")
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
