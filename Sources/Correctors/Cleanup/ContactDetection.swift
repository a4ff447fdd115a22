public import Dynamics
public import Kinematics

/// Finds the frames in which each foot stands: a corner of its sole is slow and low.
enum ContactDetection {
  /// A corner that moves faster does not stand [m/s].
  static let speed = 0.45
  /// A corner higher than this does not stand [m].
  static let height = 0.06
  /// Shorter contacts, and shorter gaps in one, are noise [s].
  static let shortest = 0.06

  /// One row a foot, left then right; one entry a frame.
  static func contacts(of motion: Motion, body: BodyModel) -> [[Bool]] {
    let soles = SoleTrack(motion, body: body)
    let brief = Int((shortest / motion.frameTime).rounded(.down))
    return (0..<2).map { foot in
      let standing = motion.poses.indices.map { stands(foot, at: $0, soles) }
      return standing.withoutRuns(of: false, upTo: brief).withoutRuns(of: true, upTo: brief)
    }
  }

  private static func stands(_ foot: Int, at i: Int, _ soles: SoleTrack) -> Bool {
    (4 * foot..<4 * foot + 4).contains { corner in
      soles.corners[i][corner].y < height && soles.velocity(of: corner, at: i).length < speed
    }
  }
}

extension [Bool] {
  /// Flips runs of `value` of at most `length` entries that have neighbours on both sides.
  func withoutRuns(of value: Bool, upTo length: Int) -> [Bool] {
    var result = self
    for run in runs(of: value) where run.count <= length && run.lowerBound > 0 && run.upperBound < count {
      for i in run { result[i] = !value }
    }
    return result
  }

  /// The ranges in which the entries are `value`.
  func runs(of value: Bool) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start: Int?
    for i in indices {
      if self[i] == value {
        start = start ?? i
      } else if let from = start {
        found.append(from..<i)
        start = nil
      }
    }
    if let from = start { found.append(from..<count) }
    return found
  }
}
