import Dynamics
import Kinematics

/// Brings a motion's joints within the human ranges where that moves no standing foot.
///
/// Knees, elbows and swinging feet turn back to their limits in every frame. In the first frame, from which a simulation
/// has to start, the pelvis takes what is beyond a hip's limit by tilting under a trunk that stays as it is, and a heel
/// rises by what is beyond an ankle's; both fade out. What is left is for the simulation to correct.
struct LimitClearance {
  let body: BodyModel
  private let limits: JointLimits

  /// Joints are brought this far within their limits [degrees].
  static let margin = 0.5
  /// The change at the start fades out over so long [s].
  static let fade = 0.4
  /// Nothing turns by more than this [rad].
  static let largestTurn = 0.5

  init(body: BodyModel) {
    self.body = body
    limits = JointLimits(body: body)
  }

  /// The motion with what was beyond a limit brought back.
  func apply(_ motion: PosedMotion) -> PosedMotion {
    var result = motion
    for i in motion.poses.indices {
      if let pose = cleared(motion.poses[i], motion.frames(at: i)) { result.setPose(pose, at: i) }
    }
    return adjustStart(result)
  }

  private func beyond(_ limit: JointLimits.Limit, _ rotations: [Quaternion]) -> Double {
    limits.degrees(limit, rotations) + LimitClearance.margin
  }

  /// The turn of the limit's segment in the world that brings it back.
  private func turn(_ limit: JointLimits.Limit, _ rotations: [Quaternion]) -> SIMD3<Double> {
    let gradient = limits.gradient(limit, rotations)
    guard gradient.squaredLength > 0.01 else { return .zero }
    return gradient * (-beyond(limit, rotations) * .pi / 180 / gradient.squaredLength)
  }

  /// The pose with knees, elbows and swinging feet within their limits; `nil` if they are.
  private func cleared(_ pose: Pose, _ frames: JointFrames) -> Pose? {
    let state = body.state(of: frames)
    var rotations = state.rotations
    var moved = false
    for limit in limits.limits where limit.angle != .flexion && limit.angle != .abduction {
      guard let index = body.index(of: limit.segment) else { continue }
      if limit.segment.isFoot, ContactThresholds.nearFloor.isLow(body.lowestPoint(of: index, in: state)) {
        continue
      }
      for _ in 0..<2 where beyond(limit, rotations) > LimitClearance.margin {
        let turn = Quaternion(rotationVector: turn(limit, rotations))
        for child in body.bodies.indices where hangs(child, from: index) {
          rotations[child] = (turn * rotations[child]).normalized
        }
        moved = true
      }
    }
    return moved ? body.pose(pose, pelvis: state.positions[0], rotations: rotations) : nil
  }

  private func hangs(_ child: Int, from index: Int) -> Bool {
    child == index || body.bodies[child].parent.map { hangs($0, from: index) } ?? false
  }

  /// How a start differs from the motion's: the pelvis tilts under the trunk, heels rise over the balls of the feet.
  private struct Start {
    var tilt: SIMD3<Double> = .zero
    /// Left, right [rad].
    var heels = [0.0, 0.0]

    func scaled(_ factor: Double) -> Start { Start(tilt: tilt * factor, heels: heels.map { $0 * factor }) }
  }

  /// The motion with the first frame's hips and ankles within their limits.
  private func adjustStart(_ motion: PosedMotion) -> PosedMotion {
    var start = Start()
    for _ in 0..<6 {
      let rotations = body.state(of: applying(start, to: motion.poses[0])).rotations
      let worst = limits.limits.filter { $0.angle != .knee && $0.angle != .elbow }
        .max { beyond($0, rotations) < beyond($1, rotations) }
      guard let worst, beyond(worst, rotations) > LimitClearance.margin else { break }
      if let side = BodyModel.footSegments.firstIndex(of: worst.segment) {
        start.heels[side] += beyond(worst, rotations) * .pi / 180
      } else {
        start.tilt -= turn(worst, rotations)
      }
    }
    let most = max(start.tilt.length, start.heels.max() ?? 0)
    guard most > 0, most < LimitClearance.largestTurn else { return motion }
    var result = motion
    let frameTime = motion.motion.frameTime
    for i in 0..<min(motion.count, Int(LimitClearance.fade / frameTime) + 1) {
      let t = Double(i) * frameTime / LimitClearance.fade
      result.setPose(applying(start.scaled(1 - t * t * (3 - 2 * t)), to: motion.poses[i]), at: i)
    }
    return result
  }

  private func applying(_ start: Start, to pose: Pose) -> Pose {
    let state = body.state(of: pose)
    var rotations = state.rotations
    rotations[0] = (Quaternion(rotationVector: start.tilt) * rotations[0]).normalized
    let moved = body.pose(pose, pelvis: state.positions[0], rotations: rotations)
    let frames = body.skeleton.frames(of: moved)
    rotations = body.state(of: frames).rotations
    for (side, segment) in BodyModel.footSegments.enumerated() {
      let foot = body.feet[side]
      let index = body.legIndex(segment)
      let (ankle, turned) = (state.positions[index], state.rotations[index])
      let ball = foot.point(left: 0, up: -foot.ankleHeight, forward: foot.front)
      let raised = Quaternion(angle: start.heels[side], axis: turned.act(foot.axes.act(.unitX))) * turned
      LegReach(body: body, side: side).reach(
        ankle: ankle + turned.act(ball) - raised.act(ball), foot: raised.normalized, from: frames, &rotations)
    }
    return body.pose(moved, pelvis: state.positions[0], rotations: rotations)
  }
}
