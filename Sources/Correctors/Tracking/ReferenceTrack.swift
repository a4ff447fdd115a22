import Dynamics
import Kinematics

/// A motion as a simulation follows it: the body's states between frames, by cubics through the frames with the
/// neighbours' mean slopes (Catmull and Rom), in space and on rotations. The first and the last frame have the slope of
/// the parabola through the nearest three: a clip begins and ends in motion.
struct ReferenceTrack {
  let states: [BodyState]
  let frameTime: Double
  let torques: [[SIMD3<Double>]]

  /// - Parameter hasTorques: Whether ``torques(_:_:)`` is needed: inverse dynamics takes time and memory.
  init(_ motion: Motion, body: BodyModel, hasTorques: Bool = true) {
    states = motion.poses.map(body.state(of:))
    frameTime = motion.frameTime
    torques =
      hasTorques
      ? InverseDynamics(
        states: states, frameTime: frameTime, body: body, contactHeight: ReferenceTrack.standingHeight
      ).torques : []
  }

  /// Only feet that stand bear force in the feed-forward torques: a foot that swings 2 cm above the floor bears none [m].
  private static let standingHeight = 0.006

  /// The pelvis's place and every segment's orientation at `fraction` of the way from frame `index` to the next.
  func sample(_ index: Int, _ fraction: Double) -> (pelvis: SIMD3<Double>, rotations: [Quaternion]) {
    let last = states.count - 1
    let (i, j) = (min(index, last), min(index + 1, last))
    let weights = CubicWeights(fraction)
    let pelvis = { [states] (a: Int, c: Int) in states[c].positions[0] - states[a].positions[0] }
    let place =
      states[i].positions[0] + weights.change * pelvis(i, j)
      + weights.first * slope(i, pelvis) + weights.last * slope(j, pelvis)
    let rotations = states[i].rotations.indices.map { b in
      let step = { [states] (a: Int, c: Int) in
        (states[a].rotations[b].inverse * states[c].rotations[b]).rotationVector
      }
      let turn = weights.change * step(i, j) + weights.first * slope(i, step) + weights.last * slope(j, step)
      return (states[i].rotations[b] * Quaternion(rotationVector: turn)).normalized
    }
    return (place, rotations)
  }

  /// The change a frame at a frame, by the changes from frame to frame.
  private func slope(_ i: Int, _ step: (Int, Int) -> SIMD3<Double>) -> SIMD3<Double> {
    let last = states.count - 1
    guard last > 0 else { return .zero }
    if i == 0 { return last > 1 ? 1.5 * step(0, 1) - 0.5 * step(1, 2) : step(0, 1) }
    if i == last { return last > 1 ? 1.5 * step(last - 1, last) - 0.5 * step(last - 2, last - 1) : step(0, 1) }
    return (step(i - 1, i) + step(i, i + 1)) / 2
  }

  /// The feed-forward torques there.
  func torques(_ index: Int, _ fraction: Double) -> [SIMD3<Double>] {
    let (a, b) = (torques[min(index, torques.count - 1)], torques[min(index + 1, torques.count - 1)])
    return zip(a, b).map { $0 + ($1 - $0) * fraction }
  }
}
