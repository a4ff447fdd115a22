import Dynamics
import Kinematics

/// Bridges pops: a few frames in which the body, or a part of it, is somewhere else, with a leap into them and another
/// out of them, as where a marker was mistaken for another. No body moves so, and a simulation that tries falls.
///
/// The frames between are replaced by a cubic in time from the pose before to the pose after, with their velocities. A
/// leap by itself, where clips were cut together, stays: what is on either side is meant. Fast human movement is no leap:
/// its speed rises and falls over several frames.
struct PoseLeaps {
  /// How much faster than in the frames before and after a segment moves in a leap [m/s].
  static let spike = 6.0
  /// A pop is no longer than this [s].
  static let longest = 0.25

  /// The frames after which a leap follows.
  let leaps: [Int]

  init(_ posed: PosedMotion, body: BodyModel) {
    let frameTime = posed.motion.frameTime
    let centres = posed.poses.indices.map { index in
      let state = body.state(of: posed.frames(at: index))
      return body.bodies.indices.map { state.world($0, body.bodies[$0].centreOfMass) }
    }
    let speeds = zip(centres, centres.dropFirst()).map { a, b in
      zip(a, b).map { ($1 - $0).length / frameTime }
    }
    leaps = speeds.indices.dropFirst().dropLast().filter { i in
      speeds[i].indices.contains { speeds[i][$0] - max(speeds[i - 1][$0], speeds[i + 1][$0]) > PoseLeaps.spike }
    }
  }

  /// The motion with its pops bridged, and how many there were.
  static func apply(_ posed: PosedMotion, body: BodyModel) -> (PosedMotion, count: Int) {
    let leaps = PoseLeaps(posed, body: body).leaps
    let motion = posed.motion
    var result = posed
    var count = 0
    var next = 0
    while next + 1 < leaps.count {
      let (first, last) = (leaps[next], leaps[next + 1])
      next += 1
      guard Double(last - first) * motion.frameTime <= longest else { continue }
      // The frame on either side may hold a part of the leap.
      bridge(&result, motion, max(1, first)..<min(motion.count - 1, last + 2), body.bipedJoints)
      count += 1
      next += 1
    }
    return (result, count)
  }

  /// Fills a range of frames from its neighbours on either side.
  private static func bridge(_ result: inout PosedMotion, _ motion: Motion, _ gap: Range<Int>, _ joints: [Int]) {
    let (a, b) = (gap.lowerBound - 1, gap.upperBound)
    let (before, after) = (max(0, a - 1), min(motion.count - 1, b + 1))
    let duration = Double(b - a)
    for i in gap {
      let weights = CubicWeights(Double(i - a) / duration)
      func between(_ change: (Int, Int) -> SIMD3<Double>) -> SIMD3<Double> {
        // Slopes are by frame.
        weights.change * change(a, b) + duration * weights.first * change(before, a)
          + duration * weights.last * change(b, after)
      }
      var pose = result.poses[i]
      pose.rootPosition =
        motion.poses[a].rootPosition
        + between { motion.poses[$1].rootPosition - motion.poses[$0].rootPosition }
      for joint in joints {
        let turn = between {
          (motion.poses[$0].rotations[joint].inverse * motion.poses[$1].rotations[joint]).rotationVector
        }
        let from = motion.poses[a].rotations[joint]
        pose.rotations[joint] = (from * Quaternion(rotationVector: turn)).normalized
      }
      result.setPose(pose, at: i)
    }
  }
}
