import Dynamics
import Mocap

/// A motion as a simulation follows it: the body's states between frames, by cubics through the frames with the
/// neighbours' mean slopes (Catmull and Rom), in space and on rotations.
struct ReferenceTrack {
  let states: [BodyState]
  let frameTime: Double
  let torques: [[SIMD3<Double>]]

  /// - Parameter hasTorques: Whether ``torques(_:_:)`` is asked for: inverse dynamics takes its time and memory.
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
    let (before, after) = (max(i - 1, 0), min(j + 1, last))
    let t = fraction
    let (h0, h1, h2) = (t * t * (3 - 2 * t), t * (1 - t) * (1 - t), t * t * (t - 1))
    let p = { [states] (k: Int) in states[k].positions[0] }
    let (m0, m1) = ((p(j) - p(before)) / 2, (p(after) - p(i)) / 2)
    let pelvis = p(i) + h0 * (p(j) - p(i)) + h1 * m0 + h2 * m1
    let rotations = states[i].rotations.indices.map { b in
      let q = { [states] (k: Int) in states[k].rotations[b] }
      let step = { (a: Int, c: Int) in (q(a).inverse * q(c)).rotationVector }
      let ahead = step(i, j)
      let (r0, r1) = ((step(before, i) + ahead) / 2, (ahead + step(j, after)) / 2)
      return (q(i) * Quaternion(rotationVector: h0 * ahead + h1 * r0 + h2 * r1)).normalized
    }
    return (pelvis, rotations)
  }

  /// The feed-forward torques there.
  func torques(_ index: Int, _ fraction: Double) -> [SIMD3<Double>] {
    let (a, b) = (torques[min(index, torques.count - 1)], torques[min(index + 1, torques.count - 1)])
    return zip(a, b).map { $0 + ($1 - $0) * fraction }
  }
}
