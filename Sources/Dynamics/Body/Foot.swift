import Foundation
public import Kinematics

/// A foot's geometry: a flat rectangular sole below the ankle, in the frame of the ankle's joint.
///
/// The sole is what touches the floor in a simulation and in the figures. Its length follows the skeleton's foot bone and its width the
/// legs (`Anthropometry`); `SoleCalibration` finds its height and pitch. Toes are not modelled: the sole ends 2 cm in
/// front of the toe joint.
public struct Foot: Sendable, Hashable {
  /// Rotates the foot's anatomical axes (X left, Y up from the sole, Z to the toes) into the ankle's frame.
  public let axes: Quaternion
  /// From the ankle down to the sole, perpendicular to it [m].
  public let ankleHeight: Double
  /// From the ankle's projection on the sole back to the heel's edge [m].
  public let heel: Double
  /// From the ankle's projection on the sole forward to the front edge [m].
  public let front: Double
  /// The sole's width [m].
  public let width: Double

  /// The point at these distances from the ankle along the anatomical axes [m], in the ankle's frame.
  package func point(left: Double, up: Double, forward: Double) -> SIMD3<Double> {
    axes.act(SIMD3(left, up, forward))
  }

  /// The sole's corners in the ankle's frame: heel left, heel right, ball left, ball right.
  public var solePoints: [SIMD3<Double>] {
    [(1.0, -heel), (-1.0, -heel), (1.0, front), (-1.0, front)].map { side, forward in
      point(left: side * width / 2, up: -ankleHeight, forward: forward)
    }
  }

  /// The box from the sole up to the ankle.
  var shape: Shape {
    let height = max(ankleHeight, 0.03)
    return .box(
      centre: point(left: 0, up: height / 2 - ankleHeight, forward: (front - heel) / 2), rotation: axes,
      halfExtents: SIMD3(width / 2, height / 2, (front + heel) / 2))
  }
}

/// Finds a foot's sole from the pose in which the figure stands, then from the way the foot stands in captured motion.
///
/// In motion, the 10th percentiles of the ankle's and the toe joint's height, over the frames in which the foot hardly
/// moves, are their heights above the floor in flat stance (the median over several motions). Their difference is the
/// sole's pitch against the line from ankle to toe. The result stays within 3 cm and 25 degrees of the rest pose's: a
/// motion in which the feet never stand (a roll, a crawl) or a faulty one cannot distort the body.
struct SoleCalibration {
  let plan: BodyPlan
  let ankle: Int
  let toe: Int?

  init(plan: BodyPlan, ankle: CanonicalJoint) {
    self.plan = plan
    self.ankle = plan.joints[ankle] ?? 0
    toe = plan.joints[ankle == .leftAnkle ? .leftFoot : .rightFoot]
  }

  /// A foot that moves slower than this stands [m/s].
  private static let standingSpeed = 0.25
  private static let maxShift = 0.03
  private static let maxTilt = 25.0 * .pi / 180

  func foot(samples: [MotionSample]) -> Foot {
    let resting = resting()
    guard let stance = stance(samples) else { return foot(resting) }
    return foot(bounded(stance, near: resting))
  }

  /// Heights above the floor in flat stance [m], and the upward direction.
  private struct Stance {
    var ankleHeight: Double
    var toeHeight: Double
    /// In the ankle's frame.
    var up: SIMD3<Double>
  }

  private var toeOffset: SIMD3<Double> {
    let size = Anthropometry.Size.self
    guard let toe else {
      return plan.inward(ankle).act(plan.axes.act(SIMD3(0, 0, 1))) * (size.toe * plan.scale)
    }
    return plan.inward(ankle).act(plan.rest.positions[toe] - plan.rest.positions[ankle])
  }

  private func resting() -> Stance {
    let up = plan.inward(ankle).act(plan.stands ? .unitY : plan.axes.act(.unitY))
    guard let toe else {
      let height = Anthropometry.Size.ankleHeight * plan.scale
      return Stance(ankleHeight: height, toeHeight: height, up: up)
    }
    let toUp = plan.inward(toe).act(plan.rest.rotations[ankle].act(up))
    let tip = plan.skeleton.joints[toe].endSite.map { max(0, -$0.dot(toUp)) } ?? 0
    let toeHeight = min(tip, 0.04 * plan.scale)
    let ankleHeight = min(max(toeHeight - toeOffset.dot(up), 0.02 * plan.scale), 0.12 * plan.scale)
    return Stance(ankleHeight: ankleHeight, toeHeight: toeHeight, up: up)
  }

  private func stance(_ samples: [MotionSample]) -> Stance? {
    let all = samples.map { sample in sample.frames.filter { isStanding($0, sample.frameTime) }.map { $0[1] } }
    // Motions may show different people, each with another flat stance: the body gets the median.
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
    let shift = SoleCalibration.maxShift * plan.scale
    if toe == nil { result.toeHeight = result.ankleHeight }
    result.ankleHeight = min(max(stance.ankleHeight, resting.ankleHeight - shift), resting.ankleHeight + shift)
    result.toeHeight = min(max(result.toeHeight, -0.5 * shift), resting.toeHeight + shift)
    if plan.stands {
      let tilt = Quaternion(from: resting.up, to: stance.up).rotationVector
      let angle = tilt.length
      if angle > SoleCalibration.maxTilt {
        result.up = Quaternion(rotationVector: tilt * (SoleCalibration.maxTilt / angle)).act(resting.up)
      }
    }
    return result
  }

  /// The foot whose ankle and toe joint are at the given heights.
  private func foot(_ stance: Stance) -> Foot {
    let size = Anthropometry.Size.self
    let along = toeOffset
    let length = max(along.length, 1e-6)
    let left = stance.up.cross(along).normalized
    // The pitch at which the toe joint is lower than the ankle by the difference of the heights.
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
