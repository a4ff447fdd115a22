import Dynamics
import Kinematics

/// The residuals of one planned frame and their derivative; the table is at ``PredictiveSettings``.
///
/// Both are computed at every planned frame of every rollout, in arrays that are made once: not for several threads.
final class FrameResiduals {
  let settings: PredictiveSettings
  let body: BodyModel
  private let weights: [Double]
  private let shares: [Double]
  private let limits: JointLimits
  private var rotations: [Quaternion]
  private var inverses: [Quaternion]
  private var limitGradients: [SIMD3<Double>]
  /// Pointers, since the innermost loop writes them: an array of a class checks every access.
  private let jointShifts: UnsafeMutablePointer<SIMD3<Double>>
  private let jointSpeeds: UnsafeMutablePointer<SIMD3<Double>>
  /// The numbers of one frame.
  let count: Int

  /// The bodies whose orientation counts, and how much.
  private let oriented: [(body: Int, share: Double)]
  private let parents: [Int?]
  /// The body below the joint of each limit.
  private let limitBodies: [Int]

  /// Angles nearer to their limits than this are held back [degrees].
  private static let margin = 2.0

  init(settings: PredictiveSettings, body: BodyModel) {
    self.settings = settings
    self.body = body
    weights = body.bodies.map { (0.3 + $0.mass / 10 * (70 / body.mass)).squareRoot() }
    shares = body.bodies.map { $0.mass / body.mass }
    limits = JointLimits(body: body)
    rotations = body.bodies.map { _ in .identity }
    let weighed: [(Segment, Double)] = [(.pelvis, 1), (.chest, 1), (.leftFoot, 0.5), (.rightFoot, 0.5)]
    let oriented = weighed.compactMap { segment, share in body.index(of: segment).map { (body: $0, share: share) } }
    self.oriented = oriented
    parents = body.bodies.map(\.parent)
    limitBodies = limits.limits.map { body.index(of: $0.segment) ?? 0 }
    inverses = oriented.map { _ in .identity }
    limitGradients = limits.limits.map { _ in .zero }
    jointShifts = .allocate(capacity: body.bodies.count)
    jointSpeeds = .allocate(capacity: body.bodies.count)
    count = 6 * body.bodies.count + 3 * oriented.count + 6 + limits.limits.count
  }

  deinit {
    jointShifts.deallocate()
    jointSpeeds.deallocate()
  }

  private func positionWeight(_ i: Int) -> Double {
    settings.positionWeight * weights[i] * (body.bodies[i].segment.isFoot ? 1.5 : 1)
  }

  /// Writes the residuals of a state against state `k` of the reference.
  func evaluate(
    _ state: UnsafePointer<Double>, _ reference: StepReference, _ k: Int, weight: Double,
    into r: UnsafeMutablePointer<Double>
  ) {
    let n = body.bodies.count
    let saved = SavedBodyState(state, segments: n)
    var row = 0
    func put(_ v: SIMD3<Double>, _ w: Double) {
      r[row] = v.x * w * weight
      r[row + 1] = v.y * w * weight
      r[row + 2] = v.z * w * weight
      row += 3
    }
    var centre = SIMD3<Double>.zero
    var velocity = SIMD3<Double>.zero
    for i in 0..<n {
      let (place, speed) = (saved.position(of: i), saved.velocity(of: i))
      put(place - reference.centres[k * n + i], positionWeight(i))
      put(speed - reference.velocities[k * n + i], settings.velocityWeight * weights[i])
      centre += shares[i] * place
      velocity += shares[i] * speed
    }
    for (i, share) in oriented {
      put(
        (reference.rotations[k * n + i].inverse * saved.rotation(of: i)).rotationVector,
        settings.orientationWeight * share)
    }
    put(centre - reference.bodyCentres[k], settings.centreOfMassWeight)
    put(velocity - reference.bodyVelocities[k], settings.centreOfMassVelocityWeight)
    for i in 0..<n { rotations[i] = saved.rotation(of: i) }
    for limit in limits.limits {
      let beyond = limits.degrees(limit, rotations) + FrameResiduals.margin
      r[row] = max(0, beyond) * .pi / 180 * settings.jointLimitWeight * weight
      row += 1
    }
  }

  /// The derivative of each limit's residual by its segment's turn, zero where the limit is not met; by the parent's
  /// turn it is the opposite.
  private func limitGradient(_ limit: JointLimits.Limit, _ rotations: [Quaternion], _ weight: Double)
    -> SIMD3<Double>
  {
    guard limits.degrees(limit, rotations) + FrameResiduals.margin > 0 else { return .zero }
    return limits.gradient(limit, rotations) * settings.jointLimitWeight * weight
  }

  /// Writes the derivative by `columns` unknowns, whose derivatives of the state `x` holds; `branches` holds the state.
  func differentiate(
    _ branches: KinematicChainState, _ reference: StepReference, _ k: Int, _ x: UnsafePointer<Double>, columns: Int,
    coordinates: Int, weight: Double, into jacobian: UnsafeMutablePointer<Double>
  ) {
    let n = body.bodies.count
    for (index, oriented) in oriented.enumerated() {
      inverses[index] = branches.rotations[oriented.body].inverse
    }
    for (index, limit) in limits.limits.enumerated() {
      limitGradients[index] = limitGradient(limit, branches.rotations, weight)
    }
    let (inverses, gradients) = (inverses, limitGradients)
    for column in 0..<columns {
      let q = x + 2 * coordinates * column
      let v = q + coordinates
      var r = jacobian + count * column
      func put(_ value: SIMD3<Double>, _ w: Double) {
        r[0] = value.x * w * weight
        r[1] = value.y * w * weight
        r[2] = value.z * w * weight
        r += 3
      }
      func load(_ p: UnsafePointer<Double>, _ block: Int) -> SIMD3<Double> {
        SIMD3(p[3 * block], p[3 * block + 1], p[3 * block + 2])
      }
      var centre = SIMD3<Double>.zero
      var velocity = SIMD3<Double>.zero
      for i in 0..<n {
        if let p = parents[i] {
          let (turn, spin) = (load(q, 1 + p), load(v, 1 + p))
          let arm = branches.joints[i] - branches.joints[p]
          let moved = turn.cross(arm)
          jointShifts[i] = jointShifts[p] + moved
          jointSpeeds[i] = jointSpeeds[p] + spin.cross(arm) + branches.angularVelocities[p].cross(moved)
        } else {
          jointShifts[i] = load(q, 0)
          jointSpeeds[i] = load(v, 0)
        }
        let arm = branches.centres[i] - branches.joints[i]
        let moved = load(q, 1 + i).cross(arm)
        let place = jointShifts[i] + moved
        let speed = jointSpeeds[i] + load(v, 1 + i).cross(arm) + branches.angularVelocities[i].cross(moved)
        put(place, positionWeight(i))
        put(speed, settings.velocityWeight * weights[i])
        centre += shares[i] * place
        velocity += shares[i] * speed
      }
      for (index, oriented) in oriented.enumerated() {
        put(inverses[index].act(load(q, 1 + oriented.body)), settings.orientationWeight * oriented.share)
      }
      put(centre, settings.centreOfMassWeight)
      put(velocity, settings.centreOfMassVelocityWeight)
      for (index, i) in limitBodies.enumerated() {
        guard let p = parents[i], gradients[index] != .zero else {
          r[index] = 0
          continue
        }
        r[index] = gradients[index].dot(load(q, 1 + i) - load(q, 1 + p))
      }
    }
  }
}
