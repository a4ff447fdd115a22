import Foundation
public import Kinematics
public import Support

/// The rows of an AMC file as poses.
struct AMCParser {
  private var scanner: TextScanner
  private let actor: AcclaimSkeleton
  private let boneIndex: [String: Int]
  private var radians: Double
  /// The rate that a comment of Surefoot's gives.
  private(set) var frameRate: Double?

  init(_ bytes: [UInt8], file: String, skeleton: AcclaimSkeleton) throws(SurefootError) {
    scanner = try TextScanner(bytes, file: file)
    actor = skeleton
    boneIndex = Dictionary(skeleton.bones.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    radians = skeleton.usesDegrees ? .pi / 180 : 1
  }

  mutating func read() throws(SurefootError) -> [Pose] {
    try readHeader()
    var poses: [Pose] = []
    while true {
      scanner.skipSpace()
      if scanner.isAtEnd { break }
      let (number, place) = try scanner.wholeNumber("the frame's number")
      guard scanner.isAtLineEndAfterBlanks() else {
        throw scanner.error(
          "more than a number on the line of frame \(number)", suggestion: "a frame's number stands alone", at: place)
      }
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
    if text.hasPrefix(AMC.rateComment), let rate = Double(text.dropFirst(AMC.rateComment.count)), rate > 0 {
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
