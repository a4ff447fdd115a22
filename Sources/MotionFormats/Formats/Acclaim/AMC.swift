public import Foundation
import Kinematics
public import Retargeting
public import Support

/// Acclaim's motion files, the original form of CMU's motion capture: rows for the bones of an ``ASF`` skeleton.
///
///     let actor = try ASF.read(contentsOf: try AMC.skeleton(beside: url))
///     let reading = try AMC.reading(contentsOf: url, skeleton: actor)
public enum AMC {
  /// Subjects of CMU's collection that were captured at 60 frames a second; all others are at 120.
  public static let cmuSubjectsAt60: Set<Int> = [33, 34, 42, 60, 61, 62, 74, 75, 77, 79, 80, 87, 88, 89]

  /// Reads a file, for callers that do not need the warnings.
  public static func read(
    contentsOf url: URL, skeleton: AcclaimSkeleton, frameRate: Double? = nil
  ) throws(SurefootError) -> Clip {
    try reading(contentsOf: url, skeleton: skeleton, frameRate: frameRate).clip
  }

  /// Reads a file, with a warning if its frame numbers have a gap.
  ///
  /// - Parameter frameRate: Frames per second, which the format does not say; if absent that of
  ///   a comment that ``write(_:to:metresPerUnit:)`` leaves, else CMU's, by the subject's number at
  ///   the head of the file's name (`62_03.amc` was captured at 60, most subjects at 120).
  /// - Throws: A `SurefootError` with line and column for a file that is no AMC file of this skeleton.
  public static func reading(
    contentsOf url: URL, skeleton: AcclaimSkeleton, frameRate: Double? = nil
  ) throws(SurefootError) -> ClipReading {
    try reading(
      bytes: try FileBytes.read(url), file: url.path, name: url.deletingPathExtension().lastPathComponent,
      skeleton: skeleton, frameRate: frameRate)
  }

  /// Reads a file's bytes, for callers that do not need the warnings.
  public static func read(
    bytes: [UInt8], file: String, name: String, skeleton: AcclaimSkeleton, frameRate: Double? = nil
  ) throws(SurefootError) -> Clip {
    try reading(bytes: bytes, file: file, name: name, skeleton: skeleton, frameRate: frameRate).clip
  }

  /// Reads a file's bytes; `file` is its name in errors, `name` the clip's name.
  public static func reading(
    bytes: [UInt8], file: String, name: String, skeleton: AcclaimSkeleton, frameRate: Double? = nil
  ) throws(SurefootError) -> ClipReading {
    var parser = try AMCParser(bytes, file: file, skeleton: skeleton)
    let poses = try parser.read()
    let rate = frameRate ?? parser.frameRate ?? cmuFrameRate(of: name)
    let frameTime = try MotionLimits.frameTime(ofRate: rate, file: file)
    let motion = Motion(skeleton: skeleton.skeleton, frameTime: frameTime, poses: poses)
    try motion.checkRead(file: file)
    let subject = name.split(separator: "_").first.map(String.init)
    let clip = Clip(
      name: name, motion: motion, convention: FileConvention(metresPerUnit: skeleton.metresPerUnit),
      provenance: Provenance(source: file, subject: subject))
    return ClipReading(clip: clip, warnings: parser.gap.map { [$0] } ?? [])
  }

  /// The ASF file of an AMC file's subject, among those beside it: the one of the same name, or of the subject's number
  /// (`16.asf` for `16_15.amc`), or the only one.
  ///
  /// - Throws: A `SurefootError` if there is none of these.
  public static func skeleton(beside motion: URL) throws(SurefootError) -> URL {
    let folder = motion.deletingLastPathComponent()
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    let skeletons = files.filter { $0.pathExtension.lowercased() == "asf" }
    let name = motion.deletingPathExtension().lastPathComponent
    let subject = String(name.prefix { $0 != "_" })
    // The same name first: a file that Surefoot wrote among CMU's has a skeleton of its own.
    for wanted in [name, subject] {
      if let match = skeletons.first(where: { $0.deletingPathExtension().lastPathComponent == wanted }) { return match }
    }
    if skeletons.count == 1 { return skeletons[0] }
    throw SurefootError(
      file: motion.path, message: "its skeleton \(subject).asf is not beside it", suggestion: "put it there or name it")
  }

  /// The frame rate at which CMU captured the subject that a file's name begins with [frames per second].
  public static func cmuFrameRate(of name: String) -> Double {
    let subject = name.prefix { $0.isASCII && $0.isNumber }
    return Int(subject).map(cmuSubjectsAt60.contains) == true ? 60 : 120
  }
}

/// The rows of an AMC file as poses.
struct AMCParser {
  private var scanner: TextScanner
  private let actor: AcclaimSkeleton
  private let boneIndex: [String: Int]
  private var radians: Double
  /// The rate that a comment of Surefoot's gives.
  private(set) var frameRate: Double?
  /// The first place where frame numbers do not follow one another, as a warning.
  private(set) var gap: String?

  init(_ bytes: [UInt8], file: String, skeleton: AcclaimSkeleton) throws(SurefootError) {
    scanner = try TextScanner(bytes, file: file)
    actor = skeleton
    boneIndex = Dictionary(skeleton.bones.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    radians = skeleton.usesDegrees ? .pi / 180 : 1
  }

  mutating func read() throws(SurefootError) -> [Pose] {
    try readHeader()
    var poses: [Pose] = []
    var last: Int?
    while true {
      scanner.skipSpace()
      if scanner.isAtEnd { break }
      let (number, place) = try scanner.wholeNumber("the frame's number")
      guard scanner.isAtLineEndAfterBlanks() else {
        throw scanner.error(
          "more than a number on the line of frame \(number)", suggestion: "a frame's number stands alone", at: place)
      }
      if let last, number != last + 1, gap == nil {
        gap =
          "\(scanner.file):\(place.line): frame \(number) follows frame \(last); the frames are read as if nothing were "
          + "missing"
      }
      last = number
      poses.append(try readFrame(number))
    }
    guard !poses.isEmpty else {
      throw scanner.error("no frames", suggestion: "the file may be cut off: fetch it again")
    }
    return poses
  }

  private mutating func readHeader() throws(SurefootError) {
    while true {
      scanner.skipSpace()
      if scanner.isAtEnd {
        throw scanner.error("no frames", suggestion: "the file may be empty or cut off: fetch it again")
      }
      if scanner.byte == UInt8(ascii: "#") {
        readComment()
        continue
      }
      guard scanner.byte == UInt8(ascii: ":") else { return }
      let word = scanner.wordHere()
      if scanner.word(word, is: ":degrees") { radians = .pi / 180 }
      if scanner.word(word, is: ":radians") { radians = 1 }
      scanner.skipLine()
    }
  }

  private mutating func readComment() {
    let text = scanner.text(scanner.restOfLine())
    if text.hasPrefix(AMC.rateComment), let rate = Double(text.dropFirst(AMC.rateComment.count)) {
      frameRate = rate
    }
    scanner.skipLine()
  }

  /// Reads the lines up to the next frame's number.
  private mutating func readFrame(_ number: Int) throws(SurefootError) -> Pose {
    var pose = Pose(resting: actor.skeleton, rootPosition: actor.root.position)
    var seen = [Bool](repeating: false, count: actor.bones.count)
    var hasRoot = false
    while true {
      scanner.skipSpace()
      let first = scanner.byte
      if scanner.isAtEnd || (first >= 0x30 && first <= 0x39) || first == 0x2D { break }
      if first == UInt8(ascii: "#") {
        scanner.skipLine()
        continue
      }
      try readRow(of: number, into: &pose, &hasRoot, &seen)
    }
    let missing = actor.bones.indices.first { !seen[$0] && !actor.bones[$0].degreesOfFreedom.isEmpty }
    if !hasRoot || missing != nil {
      let name = hasRoot ? actor.bones[missing ?? 0].name : "root"
      throw scanner.error(
        "frame \(number) has no row for '\(name)'", suggestion: "the file may be cut off: fetch it again")
    }
    return pose
  }

  private mutating func readRow(
    of number: Int, into pose: inout Pose, _ hasRoot: inout Bool, _ seen: inout [Bool]
  ) throws(SurefootError) {
    let word = scanner.wordHere()
    let name = scanner.text(word)
    if name == "root", !hasRoot {
      hasRoot = true
      try readRoot(into: &pose, number)
    } else if let bone = boneIndex[name], !seen[bone] {
      seen[bone] = true
      try readBone(bone, into: &pose, number)
    } else {
      let isKnown = name == "root" || boneIndex[name] != nil
      throw scanner.error(
        "frame \(number): \(isKnown ? "a second row for" : "no bone") '\(name)'",
        suggestion: isKnown ? "remove one" : "use the ASF file of the same subject", at: word.place)
    }
    guard scanner.isAtLineEndAfterBlanks() else {
      throw scanner.error(
        "frame \(number): more numbers for '\(name)' than the skeleton has",
        suggestion: "use the ASF file of the same subject")
    }
  }

  private mutating func readRoot(into pose: inout Pose, _ frame: Int) throws(SurefootError) {
    var (place, turn) = (SIMD3<Double>(), Quaternion.identity)
    for channel in actor.root.order {
      let value = try value(of: "root", frame)
      switch channel {
      case .position(let axis): place[axis.rawValue] = value * actor.metresPerUnit
      case .rotation(let axis): turn = Quaternion(angle: value * radians, about: axis) * turn
      }
    }
    let axes = actor.root.axes
    pose.rootPosition = actor.root.position + place
    pose.rotations[0] = axes * turn * axes.inverse
  }

  private mutating func readBone(_ index: Int, into pose: inout Pose, _ frame: Int) throws(SurefootError) {
    let bone = actor.bones[index]
    var turn = Quaternion.identity
    for axis in bone.degreesOfFreedom {
      turn = Quaternion(angle: try value(of: bone.name, frame) * radians, about: axis) * turn
    }
    // A bone without degrees of freedom may share its parent's joint, which its row must not touch.
    guard !bone.degreesOfFreedom.isEmpty, let joint = actor.jointOfBone[bone.name] else { return }
    pose.rotations[joint] = bone.axes * turn * bone.axes.inverse
  }

  private mutating func value(of name: String, _ frame: Int) throws(SurefootError) -> Double {
    guard !scanner.isAtLineEndAfterBlanks() else {
      throw scanner.error(
        "frame \(frame): too few numbers for '\(name)'",
        suggestion: "use the ASF file of the same subject, or fetch the file again")
    }
    return try scanner.numberHere("frame \(frame): a number of '\(name)'")
  }
}

extension TextScanner {
  /// Passes blanks and says whether the line ends here.
  mutating func isAtLineEndAfterBlanks() -> Bool {
    skipBlanks()
    return isAtLineEnd
  }
}

/// The format of ``AMC`` files, each with its skeleton in an ``ASF`` file.
public struct AMCFormat: MotionFileFormat {
  /// The format's name.
  public let name = "amc"
  /// `.amc`.
  public let fileExtensions = ["amc"]
  /// The unit is free, Y is up.
  public let traits = MotionFileTraits(hasUnits: true)

  /// The format, to give to a writer or a registry.
  public init() {}

  /// Reads a file with the skeleton in `options`, or the one beside it; see ``AMC/skeleton(beside:)``.
  public func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    let file = if let given = options.skeleton { given } else { try AMC.skeleton(beside: url) }
    let skeleton = try ASF.read(contentsOf: file)
    return try AMC.reading(contentsOf: url, skeleton: skeleton, frameRate: options.captureRate)
  }

  /// Writes both files; see ``AMC/write(_:to:metresPerUnit:)``.
  public func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    try AMC.write(clip, to: url)
  }
}

extension MotionFileFormat where Self == AMCFormat {
  /// Acclaim's rows, the skeleton in an `.asf` file beside; see ``AMC``.
  public static var amc: AMCFormat { AMCFormat() }
}
