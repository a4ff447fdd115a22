import Dynamics
import Kinematics

/// Swings arms out of what they reach into: a hand that hangs inside the hip cannot be simulated there.
///
/// Captured skeletons are narrower at the shoulders and solids wider at the hips than the person was, so that hanging
/// arms overlap the pelvis by centimetres in most walks. Each arm turns about its shoulder, as little as
/// clears it and smoothly in time; nothing else moves.
struct ArmClearance {
  let body: BodyModel

  /// The gap that is left between an arm and what it overlapped [m].
  static let margin = 0.004
  /// The furthest that an arm is turned [rad].
  static let largestTurn = 0.45
  /// Turns are spread over neighbouring frames by a Gaussian of this width [s], and topped up in at most so many passes.
  static let width = 0.05
  static let passes = 4

  private static let arms: [(upper: Segment, fore: Segment)] = [
    (.leftUpperArm, .leftForearm), (.rightUpperArm, .rightForearm),
  ]

  /// The motion with its arms clear, and how far an arm was turned at most [rad].
  func apply(_ motion: PosedMotion) -> (PosedMotion, turned: Double) {
    var turns = [[SIMD3<Double>]](repeating: Array(repeating: .zero, count: motion.count), count: 2)
    let states = motion.poses.indices.map { body.state(of: motion.frames(at: $0)) }
    for _ in 0..<ArmClearance.passes {
      var added = turns
      for i in motion.poses.indices {
        for side in 0..<2 { added[side][i] = clearingTurn(side, states[i], from: turns[side][i]) - turns[side][i] }
      }
      guard added.joined().contains(where: { $0.length > 1e-4 }) else { break }
      for side in 0..<2 {
        let smooth = smoothed(added[side], frames: ArmClearance.width / motion.motion.frameTime)
        for i in motion.poses.indices {
          let turn = turns[side][i] + smooth[i]
          turns[side][i] = turn * min(1, ArmClearance.largestTurn / max(turn.length, 1e-12))
        }
      }
    }
    let most = turns.joined().reduce(0) { max($0, $1.length) }
    guard most > 1e-4 else { return (motion, 0) }
    var result = motion
    for i in motion.poses.indices where turns[0][i] != .zero || turns[1][i] != .zero {
      var state = states[i]
      for side in 0..<2 { state = rotated(side, state, by: turns[side][i]) }
      result.setPose(
        body.pose(motion.poses[i], pelvis: state.positions[0], rotations: state.rotations), at: i)
    }
    return (result, most)
  }

  /// The turn that clears an arm in one frame, found by small steps from a turn that it already has.
  private func clearingTurn(_ side: Int, _ state: BodyState, from turn: SIMD3<Double>) -> SIMD3<Double> {
    let arm = ArmClearance.arms[side]
    guard let upper = body.index(of: arm.upper) else { return turn }
    var turn = turn
    for _ in 0..<4 {
      let now = rotated(side, state, by: turn)
      let pivot = shoulder(upper, now)
      let worst = [arm.upper, arm.fore].flatMap { body.overlaps(of: $0, in: now, margin: ArmClearance.margin) }
        .max { $0.depth < $1.depth }
      guard let worst else { break }
      let lever = worst.point - pivot
      let axis = lever.cross(worst.normal)
      guard axis.length > 0.05 * lever.length, lever.length > 0.05 else { break }
      turn += axis.normalized * ((worst.depth + ArmClearance.margin) / axis.length)
      guard turn.length < ArmClearance.largestTurn else { break }
    }
    return turn
  }

  private func shoulder(_ upper: Int, _ state: BodyState) -> SIMD3<Double> {
    state.world(upper, body.bodies[upper].pivot)
  }

  private func rotated(_ side: Int, _ state: BodyState, by turn: SIMD3<Double>) -> BodyState {
    let arm = ArmClearance.arms[side]
    guard turn != .zero, let upper = body.index(of: arm.upper) else { return state }
    let pivot = shoulder(upper, state)
    let rotation = Quaternion(rotationVector: turn)
    var result = state
    for segment in [upper, body.index(of: arm.fore)].compactMap({ $0 }) {
      result.positions[segment] = pivot + rotation.act(state.positions[segment] - pivot)
      result.rotations[segment] = (rotation * state.rotations[segment]).normalized
    }
    return result
  }

  /// Vectors blurred in time, their peaks kept in size: what a frame needs reaches to its neighbours instead of fading.
  private func smoothed(_ vectors: [SIMD3<Double>], frames: Double) -> [SIMD3<Double>] {
    let reach = [Double](vectors.map(\.length)).dilated(Int(frames.rounded())).blurred(frames)
    let parts = (0..<3).map { axis in vectors.map { $0[axis] }.blurred(frames) }
    return vectors.indices.map { i in
      let mean = SIMD3(parts[0][i], parts[1][i], parts[2][i])
      return mean.length > 1e-9 ? mean.normalized * min(reach[i], 3 * mean.length) : .zero
    }
  }
}
