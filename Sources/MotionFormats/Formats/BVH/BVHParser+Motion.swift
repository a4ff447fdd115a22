import Kinematics
import Support
import Foundation

extension BVHParser {
  /// Reads from MOTION to the end; the numbers go to `values`.
  ///
  /// - Returns: The frame time in seconds.
  mutating func readMotion() throws(SurefootError) -> Double {
    try expectMotion()
    let declared = try readFrameCount()
    let frameTime = try readFrameTime()
    let channels = joints.reduce(0) { $0 + $1.channels.count }
    guard channels > 0 else {
      throw scanner.error("no joint has a channel, so nothing moves", suggestion: "export with animation")
    }
    try readRows(declared: declared.value, channels: channels)
    let found = values.count / channels
    guard found == declared.value else {
      throw scanner.error(
        "\(declared.value) frames are declared, \(found) are there",
        suggestion: "the file may be cut off: fetch or export it again, or declare \(found)", at: declared.place)
    }
    noteWhatFollows(declared: declared.value)
    return frameTime
  }

  /// The motion of a file that is read for its skeleton, in the file's units and axes; `nil` if it has no frames.
  mutating func motionIfThere() -> Motion? {
    guard let frameTime = try? readMotion() else { return nil }
    return BVHNumbers(joints: joints, values: values, frameTime: frameTime).motion()
  }

  private mutating func expectMotion() throws(SurefootError) {
    let word = scanner.word()
    if scanner.word(word, is: "motion") { return }
    if scanner.word(word, is: "root") {
      throw scanner.error(
        "a second ROOT: the file holds several figures", suggestion: "split it into one file a figure", at: word.place)
    }
    if scanner.word(word, is: "}") {
      throw scanner.error(
        "unbalanced braces: a closing brace too many", suggestion: "remove it, or open its joint", at: word.place)
    }
    throw scanner.error(
      "expected MOTION, found \(scanner.quoted(word))",
      suggestion: "after the hierarchy come MOTION, Frames, Frame Time and the frames", at: word.place)
  }

  private mutating func readFrameCount() throws(SurefootError) -> (value: Int, place: TextScanner.Place) {
    scanner.skipSpace()
    let place = scanner.place
    guard scanner.take("frames") else {
      let word = scanner.word()
      throw scanner.error(
        "expected 'Frames:', found \(scanner.quoted(word))", suggestion: "write 'Frames: ' and the number of frames",
        at: place)
    }
    takeColon()
    let count = try scanner.wholeNumber("the number of frames")
    guard count.value >= 1 else {
      throw scanner.error(
        count.value == 0 ? "no frames" : "a negative number of frames (\(count.value))",
        suggestion: "export at least one frame and declare as many as there are", at: count.place)
    }
    return count
  }

  private mutating func readFrameTime() throws(SurefootError) -> Double {
    scanner.skipSpace()
    let start = scanner.place
    var found = scanner.take("frame")
    scanner.skipBlanks()
    found = found && scanner.take("time")
    guard found else {
      throw scanner.error(
        "expected 'Frame Time:'", suggestion: "write 'Frame Time: ' and the seconds from one frame to the next",
        at: start)
    }
    takeColon()
    scanner.skipSpace()
    let place = scanner.place
    let seconds = try scanner.number("the frame time")
    guard seconds > 0 else {
      throw scanner.error(
        "the frame time is not positive",
        suggestion: "write the seconds from one frame to the next, 0.033333333 for 30 a second",
        at: place)
    }
    return seconds
  }

  private mutating func takeColon() {
    scanner.skipBlanks()
    if scanner.byte == UInt8(ascii: ":") { scanner.advance() }
  }

  // MARK: Rows

  /// Reads up to `declared` frames. A frame begins on a line of its own and may run over several.
  private mutating func readRows(declared: Int, channels: Int) throws(SurefootError) {
    // By the bytes that are there, not by the declared count: a number and a blank take two bytes.
    let possible = (scanner.bytes.count - scanner.position) / 2 + 1
    values.reserveCapacity(
      min(possible, declared.multipliedReportingOverflow(by: channels).partialValue.magnitudeAsInt))
    var frame = 0
    while frame < declared {
      scanner.skipSpace()
      if scanner.isAtEnd { return }
      try readRow(frame: frame, channels: channels)
      frame += 1
    }
  }

  private mutating func readRow(frame: Int, channels: Int) throws(SurefootError) {
    let firstLine = scanner.place.line
    var filled = 0
    var shortEnd: TextScanner.Place?
    var shortCount = 0
    while true {
      if scanner.isAtLineEnd {
        if filled == channels { return }
        if shortEnd == nil { (shortEnd, shortCount) = (scanner.place, filled) }
        scanner.skipSpace()
        if scanner.isAtEnd {
          throw scanner.error(
            "frame \(frame + 1) is cut off: it has \(filled) of \(channels) numbers",
            suggestion: "fetch or export the file again, or remove the last line and declare \(frame) frames")
        }
        continue
      }
      if filled == channels {
        throw surplus(frame: frame, channels: channels, firstLine: firstLine, shortEnd, shortCount)
      }
      values.append(try scanner.numberHere("channel \(filled + 1) of frame \(frame + 1)"))
      filled += 1
      scanner.skipBlanks()
    }
  }

  private func surplus(
    frame: Int, channels: Int, firstLine: Int, _ shortEnd: TextScanner.Place?, _ shortCount: Int
  ) -> SurefootError {
    let suggestion = "every frame needs \(channels) numbers, as many as the hierarchy has channels"
    if let shortEnd {
      return scanner.error(
        "frame \(frame + 1) has \(shortCount) numbers on line \(firstLine), not \(channels)", suggestion: suggestion,
        at: shortEnd)
    }
    return scanner.error("frame \(frame + 1) has more than \(channels) numbers", suggestion: suggestion)
  }

  private mutating func noteWhatFollows(declared: Int) {
    scanner.skipSpace()
    guard !scanner.isAtEnd else { return }
    let next = scanner.peekWord()
    let isRow = Decimal.parse(scanner.bytes, next.range) != nil
    warn(
      isRow
        ? "more rows than the \(declared) frames declared; the rest is left out"
        : "text after the last frame (\(scanner.quoted(next))) is left out",
      at: next.place)
  }
}

extension Int {
  /// The magnitude, `Int.max` where it does not fit.
  fileprivate var magnitudeAsInt: Int { self == .min ? .max : abs(self) }
}

/// A BVH file's joints and rows as a motion, still in the file's units and axes.
struct BVHNumbers {
  var joints: [Joint]
  var values: [Double]
  var frameTime: Double

  /// Whether all joints that have positions have zeros there, and an OFFSET that is not zero: exporters that write six
  /// channels a joint without filling them in.
  var ignoresPositions: Bool {
    var (first, columns) = (0, [Int]())
    for (index, joint) in joints.enumerated() {
      let places = joint.channels.indices.filter { joint.channels[$0].isPosition }
      if index > 0, places.count == 3, joint.offset != .zero { columns += places.map { first + $0 } }
      first += joint.channels.count
    }
    return !columns.isEmpty
      && stride(from: 0, to: values.count, by: first).allSatisfy { row in columns.allSatisfy { values[row + $0] == 0 } }
  }

  /// Every row as a pose.
  func motion() -> Motion {
    let skeleton = Skeleton(joints: joints)
    let channels = joints.reduce(0) { $0 + $1.channels.count }
    let ignoresPositions = ignoresPositions
    let moving = joints.indices.filter { joint in
      joints[joint].channels.contains(where: \.isPosition) && (joint == 0 || !ignoresPositions)
    }
    let poses = stride(from: 0, to: values.count, by: channels).map { pose(row: $0, moving: moving) }
    return Motion(skeleton: skeleton, frameTime: frameTime, poses: poses)
  }

  private func pose(row: Int, moving: [Int]) -> Pose {
    var rotations = [Quaternion](repeating: .identity, count: joints.count)
    // An axis without a channel keeps the OFFSET's component.
    var places = [SIMD3<Double>](repeating: .zero, count: moving.count)
    var nextPlace = 0
    var index = row
    for joint in joints.indices {
      var rotation = Quaternion.identity
      var place = joints[joint].offset
      let list = joints[joint].channels
      for channel in list {
        switch channel {
        case .position(let axis): place[axis.rawValue] = values[index]
        case .rotation(let axis): rotation = rotation * Quaternion(angle: values[index] * .pi / 180, about: axis)
        }
        index += 1
      }
      rotations[joint] = rotation
      if nextPlace < moving.count, moving[nextPlace] == joint {
        places[nextPlace] = place
        nextPlace += 1
      }
    }
    var pose = Pose(rootPosition: joints[0].offset, rotations: rotations)
    for (joint, place) in zip(moving, places) {
      if joint == 0 { pose.rootPosition = place } else { pose.translations[joint] = place }
    }
    return pose
  }
}
