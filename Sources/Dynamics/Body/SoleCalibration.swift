import Foundation
public import Kinematics

/// Sets a foot's sole: by the rest pose, then by how the foot stands in captured motion.
///
/// In motion, the 10th percentiles of the ankle's and the toe joint's height, over the frames in which the foot hardly
/// moves, are their heights above the floor in flat stance (the median of several motions'); the difference of the two is
/// the sole's pitch against the line from ankle to toe. The result stays within 3 cm and 25 degrees of the rest pose's, so that a motion in which
/// the feet never stand (a roll, a crawl) or a bad one cannot bend the body.
struct SoleCalibration {
  let plan: BodyPlan
  let ankle: Int
  let toe: Int?

  init(plan: BodyPlan, ankle: CanonicalJoint) {
    self.plan = plan
    self.ankle = plan.joints[ankle] ?? 0
    toe = plan.joints[ankle == .leftAnkle ? .leftFoot : .rightFoot]
  }

  /// Slower than this a foot stands [m/s].
  private static let standingSpeed = 0.25
  private static let largestShift = 0.03
  private static let largestTilt = 25.0 * .pi / 180

  func foot(samples: [MotionSample]) -> Foot {
    let resting = resting()
    guard let stance = stance(samples) else { return foot(resting) }
    return foot(bounded(stance, near: resting))
  }

  /// Heights above the floor in flat stance, and which way is up then.
  private struct Stance {
    var ankleHeight: Double
    var toeHeight: Double
    /// In the ankle's frame.
    var up: SIMD3<Double>
  }

  private var toeOffset: SIMD3<Double> {
    let size = Anthropometry.Size.self
    guard let toe else {
      return plan.axes.act(SIMD3(0, 0, 1)) * (size.toe * plan.scale)
    }
    return plan.rest.positions[toe] - plan.rest.positions[ankle]
  }

  private func resting() -> Stance {
    let up: SIMD3<Double> = plan.stands ? .unitY : plan.axes.act(.unitY)
    guard let toe else {
      let height = Anthropometry.Size.ankleHeight * plan.scale
      return Stance(ankleHeight: height, toeHeight: height, up: up)
    }
    let tip = plan.skeleton.joints[toe].endSite.map { max(0, -$0.dot(up)) } ?? 0
    let toeHeight = min(tip, 0.04 * plan.scale)
    let ankleHeight = min(max(toeHeight - toeOffset.dot(up), 0.02 * plan.scale), 0.12 * plan.scale)
    return Stance(ankleHeight: ankleHeight, toeHeight: toeHeight, up: up)
  }

  private func stance(_ samples: [MotionSample]) -> Stance? {
    let all = samples.map { sample in sample.frames.filter { isStanding($0, sample.frameTime) }.map { $0[1] } }
    // Motions are of different people: each has its own flat stance, and the body has that of the middle one.
    let long = all.filter { $0.count >= 10 }
    let stances = long.isEmpty ? [all.flatMap { $0 }] : long
    let ups = stances.joined().map { $0.rotations[ankle].inverse.act(.unitY) }
    guard ups.count >= 10 else { return nil }
    let up = ups.reduce(.zero, +)
    guard up.length > 0.5 * Double(ups.count) else { return nil }
    func height(of joint: Int) -> Double {
      stances.map { $0.map { $0.positions[joint].y }.quantile(0.1) }.quantile(0.5)
    }
    return Stance(ankleHeight: height(of: ankle), toeHeight: height(of: toe ?? ankle), up: up.normalized)
  }

  private func isStanding(_ frame: [JointFrames], _ frameTime: Double) -> Bool {
    [ankle, toe ?? ankle].allSatisfy { joint in
      let travel = frame[2].positions[joint] - frame[0].positions[joint]
      return travel.length / (2 * frameTime) < SoleCalibration.standingSpeed
        && frame[1].positions[joint].y < 0.2 * plan.scale
    }
  }

  private func bounded(_ stance: Stance, near resting: Stance) -> Stance {
    var result = stance
    let shift = SoleCalibration.largestShift * plan.scale
    if toe == nil { result.toeHeight = result.ankleHeight }
    result.ankleHeight = min(max(stance.ankleHeight, resting.ankleHeight - shift), resting.ankleHeight + shift)
    result.toeHeight = min(max(result.toeHeight, -0.5 * shift), resting.toeHeight + shift)
    if plan.stands {
      let tilt = Quaternion(from: resting.up, to: stance.up).rotationVector
      let angle = tilt.length
      if angle > SoleCalibration.largestTilt {
        result.up = Quaternion(rotationVector: tilt * (SoleCalibration.largestTilt / angle)).act(resting.up)
      }
    }
    return result
  }

  /// The foot whose ankle and toe stand at the given heights.
  private func foot(_ stance: Stance) -> Foot {
    let size = Anthropometry.Size.self
    let along = toeOffset
    let length = max(along.length, 1e-6)
    let left = stance.up.cross(along).normalized
    // The pitch at which the toe lies lower than the ankle by just the difference of the heights.
    let drop = toe == nil ? -along.dot(stance.up) : stance.ankleHeight - stance.toeHeight
    let pitch = asin(min(max(drop / length, -0.95), 0.95))
    let forward = Quaternion(angle: -pitch, axis: left).act(along / length)
    let axes = Quaternion(columns: left, forward.cross(left), forward)
    return Foot(
      axes: axes, ankleHeight: max(stance.ankleHeight, 0.01 * plan.scale), heel: size.heel * plan.scale,
      front: max(length * cos(pitch), 0.05 * plan.scale) + size.ball * plan.scale, width: size.footWidth * plan.scale)
  }
}

extension [Double] {
  /// The value below which the share `q` of the numbers lies (nearest rank below); 0 for none.
  func quantile(_ q: Double) -> Double {
    guard !isEmpty else { return 0 }
    return sorted()[Int(q * Double(count - 1))]
  }
}
