public import Kinematics
public import Support

/// The ranges of numbers that files may hold. Readers and writers refuse what lies outside, and name the value.
public enum MotionLimits {
  /// The largest distance of a joint from its parent, or of the root from the origin, along an axis [m].
  public static let coordinate = 1e6
  /// Seconds from one frame to the next.
  public static let frameTime = 1e-9...1e4
  /// Rates of cameras, engines and motion capture [frames per second].
  static let usualRates = [24.0, 25, 30, 48, 50, 60, 72, 90, 100, 120, 144, 180, 240, 250, 300, 360, 480, 500, 1000]
  /// How deep joints may nest. A deeper figure is no body, and would be written with thousands of blanks a line.
  public static let depth = 4096
  /// The most frames that resampling makes.
  public static let resampledFrames = 10_000_000
  /// The largest ratio of two rates that resampling bridges.
  public static let rateRatio = 1e4

  /// Refuses a frame time that no motion has.
  static func check(frameTime: Double, file: String) throws(SurefootError) {
    guard Self.frameTime.contains(frameTime) else {
      throw SurefootError(
        file: file, message: "a frame time of \(frameTime) s is impossible",
        suggestion: "give from \(Self.frameTime.lowerBound) to \(Self.frameTime.upperBound) s")
    }
  }

  /// The frame time of a rate that a user or a file gives.
  static func frameTime(ofRate rate: Double, file: String) throws(SurefootError) -> Double {
    guard rate > 0, rate.isFinite, frameTime.contains(1 / rate) else {
      throw SurefootError(
        file: file, message: "a rate of \(rate) frames per second is impossible",
        suggestion: "give from \(1 / frameTime.upperBound) to \(1 / frameTime.lowerBound)")
    }
    return 1 / rate
  }
}

extension Motion {
  /// Refuses a motion, in metres, whose numbers lie outside ``MotionLimits``.
  func checkRead(file: String) throws(SurefootError) {
    try MotionLimits.check(frameTime: frameTime, file: file)
    var depths: [Int] = []
    for joint in skeleton.joints {
      depths.append(joint.parent.map { depths[$0] + 1 } ?? 0)
      guard depths[depths.count - 1] < MotionLimits.depth else {
        throw SurefootError(
          file: file, message: "its joints nest \(MotionLimits.depth) deep", suggestion: "check the file's hierarchy")
      }
    }
    guard let place = excess else { return }
    throw SurefootError(
      file: file, message: "its numbers are too large for a motion (\(place))",
      suggestion: "check the file's units and frames")
  }

  /// Refuses what no file should hold: no frames, numbers outside ``MotionLimits``, quaternions that are no rotations.
  func checkWritable(file: String) throws(SurefootError) {
    guard count > 0 else {
      throw SurefootError(
        .invalidMotion, file: file, message: "a motion without frames cannot be written",
        suggestion: "keep at least one frame")
    }
    try MotionLimits.check(frameTime: frameTime, file: file)
    if let place = excess {
      throw SurefootError(
        .invalidMotion, file: file, message: "\(place) is not finite or too large; nothing was written",
        suggestion: "repair or leave out the motion")
    }
    for (frame, pose) in poses.enumerated() {
      guard let joint = pose.rotations.firstIndex(where: { !(0.5...2).contains($0.dot($0)) }) else { continue }
      throw SurefootError(
        .invalidMotion, file: file,
        message:
          "frame \(frame + 1), joint '\(skeleton.joints[joint].name.prefix(60))': the rotation is a quaternion of "
          + "length \(pose.rotations[joint].dot(pose.rotations[joint]).squareRoot()); nothing was written",
        suggestion: "repair or leave out the motion")
    }
  }

  /// The motion at another frame rate, for a rate or a motion that comes from a file or a user.
  ///
  /// - Parameter allowingLong: Whether the result may have more than 100 times the frames.
  /// - Throws: A `SurefootError` that names what lies outside ``MotionLimits``.
  package func resampled(
    to rate: Double, file: String, allowingLong: Bool = false
  ) throws(SurefootError) -> Motion {
    _ = try MotionLimits.frameTime(ofRate: rate, file: file)
    let frames = duration * rate
    let ratio = max(frameRate / rate, rate / frameRate)
    guard frames < Double(MotionLimits.resampledFrames), ratio <= MotionLimits.rateRatio else {
      throw SurefootError(
        .invalidMotion, file: file,
        message: "lasts \(duration) s at \(frameRate) frames per second, which cannot become \(rate)",
        suggestion: "check the file's frame time, or give another rate by --fps")
    }
    guard allowingLong || frames <= max(10_000, 100 * Double(count)) else {
      throw SurefootError(
        .invalidMotion, file: file,
        message: "\(count) frames would become \(Int(frames)) at \(rate) frames per second",
        suggestion: "check the file's frame time of \(frameTime) s, or allow a long result by --allow-long")
    }
    return resampled(to: rate)
  }

  /// The first number outside the limits, in words.
  private var excess: String? {
    for joint in skeleton.joints {
      for (offset, what) in [(joint.offset, "offset"), (joint.endSite ?? .zero, "End Site")] {
        if let value = Self.excess(offset) { return "the \(what) of joint '\(joint.name.prefix(60))', \(value) m" }
      }
    }
    for (frame, pose) in poses.enumerated() {
      if let value = Self.excess(pose.rootPosition) { return "the root's position in frame \(frame + 1), \(value) m" }
      if let joint = pose.rotations.firstIndex(where: { !$0.isFinite }) {
        return "the rotation of joint '\(skeleton.joints[joint].name.prefix(60))' in frame \(frame + 1)"
      }
      for (joint, place) in pose.translations {
        guard let value = Self.excess(place) else { continue }
        return "the position of joint '\(skeleton.joints[joint].name.prefix(60))' in frame \(frame + 1), \(value) m"
      }
    }
    return nil
  }

  private static func excess(_ v: SIMD3<Double>) -> Double? {
    (0..<3).map { v[$0] }.first { !(abs($0) <= MotionLimits.coordinate) }
  }
}
