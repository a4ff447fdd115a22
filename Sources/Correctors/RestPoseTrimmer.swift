package import Kinematics

/// Takes the artificial frames at a motion's ends off before a correction, and puts them back after it.
///
/// Many files begin with a frame of the rest pose, for the tools that bind a mesh to it. No motion leads from it to the
/// second frame, so it is not corrected, measured or judged.
struct RestPoseTrimmer {
  /// More artificial frames than this at one end count as motion: a figure that stands in its rest pose.
  private static let maxTrimmed = 3

  let motion: Motion
  let range: Range<Int>

  init(_ motion: Motion) {
    self.motion = motion
    range = RestPoseTrimmer.range(of: motion)
  }

  fileprivate static func range(of motion: Motion) -> Range<Int> {
    let captured = motion.isFinite ? motion.capturedFrames : 0..<motion.count
    let ends = [captured.lowerBound, motion.count - captured.upperBound]
    let trims = ends.allSatisfy { $0 <= maxTrimmed } && captured.count > 1
    return trims ? captured : 0..<motion.count
  }

  /// The correction of the whole motion, by one of the captured frames.
  func correct(_ corrector: (Motion) async throws -> Correction) async rethrows -> Correction {
    guard range.count < motion.count else { return try await corrector(motion) }
    var correction = try await corrector(motion.frames(range))
    let (before, after) = (range.lowerBound, motion.count - range.upperBound)
    let poses = correction.motion.poses
    correction.motion.poses = motion.poses[..<before] + poses + motion.poses[range.upperBound...]
    if !correction.report.appliedResidual.isEmpty {
      correction.report.appliedResidual = padded(correction.report.appliedResidual, 0, before, after)
    }
    if !correction.report.contacts.isEmpty {
      correction.report.contacts = padded(correction.report.contacts, GroundContacts(), before, after)
    }
    if let leftOut { correction.report.notes.insert("\(leftOut) a rest pose, not motion: left as given.", at: 0) }
    return correction
  }

  /// Which frames are no motion, as the beginning of a sentence; `nil` if all are.
  var leftOut: String? {
    range.count < motion.count ? words(range.lowerBound, motion.count - range.upperBound) : nil
  }

  private func padded<Value>(_ values: [Value], _ value: Value, _ before: Int, _ after: Int) -> [Value] {
    Array(repeating: value, count: before) + values + Array(repeating: value, count: after)
  }

  private func words(_ before: Int, _ after: Int) -> String {
    let ends = [(before, "first"), (after, "last")].filter { $0.0 > 0 }.map { count, end in
      count == 1 ? "the \(end) frame" : "the \(end) \(count) frames"
    }
    let text = ends.joined(separator: " and ")
    return text.prefix(1).uppercased() + text.dropFirst() + (before + after == 1 ? " is" : " are")
  }
}

extension Motion {
  /// The frames that correctors correct and measure: all but up to three artificial rest poses at either end.
  ///
  /// Measure and show the same frames, so that one motion has one set of figures.
  package var measuredFrames: Range<Int> { RestPoseTrimmer.range(of: self) }
}
