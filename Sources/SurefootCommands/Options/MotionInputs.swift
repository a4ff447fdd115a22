import ArgumentParser
import Correctors
import Dynamics
import Foundation
import Kinematics
import MotionFormats
import Support

/// The motion files of commands that show motions.
struct MotionInputs: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Motion files (.bvh, .amc with its .asf, .glb, .npz, .npy, .csv, DeepMimic's .txt), folders or quoted patterns; - "
        + "for BVH from standard input.", valueName: "inputs"))
  var inputs: [String]

  @Option(name: .long, help: "The length unit of the files: \(LengthUnit.listed).")
  var inputUnits: LengthUnit?

  @Option(name: .long, help: "The up axis of the files.")
  var inputUp: UpAxis?

  /// How many motions a picture holds, and a page, which shows a choice of them at a time.
  static let (mostInPicture, mostOnPage) = (16, 100)

  /// A clip that can be shown, its body if it is a biped's, and what a user should know.
  struct Shown {
    var name: String
    var clip: Clip
    var body: BodyModel?
    /// The file's motion with its rest poses, and the frame of it that is shown first.
    var whole: Motion
    var firstFrame: Int
    /// What it stands on.
    var ground = Ground.flat
    /// What reading the file noticed; also among the notes.
    var warnings: [String] = []
    var notes: [String]

    /// Units, up axis and stature as they were understood, in one line.
    var understanding: String {
      let stature = Stature(clip).metres.map { String(format: "stature %.2f m", $0) } ?? "no biped, so no stature"
      let up = clip.convention.up == .z ? "Z" : "Y"
      return "\(name): \(stature), \(up) up"
    }
  }

  func validate() throws {
    guard !inputs.contains("-") || inputs.count(where: { $0 == "-" }) == 1 else {
      throw ValidationError("- (standard input) can be read once")
    }
  }

  private static func tooMany(_ count: Int, most: Int) -> String {
    let what = most == mostInPicture ? "picture" : "page"
    return "\(count) motions are too many: a \(what) holds up to \(most); name some of them"
  }

  /// Refuses a page or picture in the place of one of the files.
  ///
  /// - Throws: A `ValidationError`.
  func check(output: String) throws {
    try OutputCheck.file(output, isNot: try files().compactMap { $0?.url.path })
  }

  /// Reads every file. Motions on one skeleton share a body that is calibrated on the first, so that their figures
  /// compare; an artificial rest pose at the head is left out.
  ///
  /// - Parameter scene: What the bodies stand on beside the floor.
  /// - Throws: A `ValidationError` for more than `most` motions; what reading the files throws.
  func read(most: Int, scene: SceneFile? = nil) throws -> [Shown] {
    let files = try files()
    guard files.count <= most else { throw ValidationError(Self.tooMany(files.count, most: most)) }
    var bodies: [(skeleton: Skeleton, body: BodyModel?, refusal: String?)] = []
    var shown: [Shown] = []
    for file in files {
      var entry = try read(file)
      let motion = entry.clip.motion
      if !bodies.contains(where: { $0.skeleton == motion.skeleton }) {
        do {
          var body = CorrectorBody()
          if let scene { body.ground = try scene.ground(for: entry.clip) }
          bodies.append((motion.skeleton, try body.body(for: motion), nil))
        } catch {
          bodies.append((motion.skeleton, nil, "\(error)"))
        }
      }
      let found = bodies.first { $0.skeleton == motion.skeleton }
      if let refusal = found?.refusal { entry.notes.append("Bones without physics: \(refusal)") }
      entry.body = found?.body
      if let scene { entry.ground = scene.ground(up: entry.clip.convention.up) }
      entry.body?.ground = entry.ground
      shown.append(entry)
    }
    return MotionInputs.named(shown, files: files)
  }

  /// Where a motion comes from; standard input if there is no file.
  private func files() throws -> [InputFile?] {
    // By bytes: names that differ in their Unicode normalization are two files.
    var seen: Set<[UInt8]> = []
    return try inputs.flatMap { input -> [InputFile?] in
      if input == "-" { return [nil] }
      // A file that is named twice is shown twice; one that a folder or pattern finds again is not.
      let isNamed = FileManager.default.fileExists(atPath: input) && !InputFile.isFolder(input)
      return try InputFile.expand(input, kind: .motion).filter { file in
        seen.insert(Array(file.url.standardizedFileURL.path.utf8)).inserted || isNamed
      }
    }
  }

  private func read(_ file: InputFile?) throws -> Shown {
    let (name, reading) = try (file?.shown ?? "<standard input>", reading(of: file))
    var (clip, notes) = (reading.clip, reading.warnings)
    let whole = clip.motion
    let measured = clip.motion.measuredFrames
    if measured.count < clip.motion.count {
      let counts = [(measured.lowerBound, "first"), (clip.motion.count - measured.upperBound, "last")]
      let ends = counts.filter { $0.0 > 0 }
      let words = ends.map { count, end in count == 1 ? "the \(end) frame" : "the \(end) \(count) frames" }
      let isOne = ends.count == 1 && ends[0].0 == 1
      let text = "\(words.joined(separator: " and ")) \(isOne ? "is a rest pose" : "are rest poses"), not motion: "
      clip.motion = clip.motion.frames(measured)
      let end = isOne ? "it is not shown." : "they are not shown."
      notes.append(text.prefix(1).uppercased() + text.dropFirst() + end)
    }
    guard clip.motion.count > 0, clip.motion.isFinite else {
      throw SurefootError(
        file: name, message: "has no frames of finite numbers", suggestion: "check that the file holds motion")
    }
    return Shown(
      name: clip.name, clip: clip, body: nil, whole: whole, firstFrame: measured.lowerBound,
      warnings: reading.warnings, notes: notes)
  }

  private func reading(of file: InputFile?) throws -> ClipReading {
    guard let file else {
      let bytes = try FileHandle.standardInput.readToEnd() ?? Data()
      return try BVH.reading(
        bytes: [UInt8](bytes), file: "<standard input>", name: "stdin", metresPerUnit: inputUnits?.metres,
        up: inputUp?.axis)
    }
    let options = MotionReadingOptions(metresPerUnit: inputUnits?.metres, up: inputUp?.axis)
    return try MotionFile.reading(contentsOf: file.url, options: options)
  }

  /// Adds the folder to the names of files that are called the same.
  private static func named(_ shown: [Shown], files: [InputFile?]) -> [Shown] {
    let twice = Dictionary(grouping: shown, by: \.name).filter { $0.value.count > 1 }
    return zip(shown, files).map { entry, file in
      guard let file, twice[entry.name] != nil else { return entry }
      var entry = entry
      entry.name = "\(file.url.deletingLastPathComponent().lastPathComponent)/\(entry.name)"
      return entry
    }
  }
}
