public import Dynamics
public import Kinematics

/// The residuals of one planned frame and their derivative; the table is at ``PredictiveSettings``.
struct FrameResiduals {
  let settings: PredictiveSettings
  let body: BodyModel
  private let weights: [Double]
  private let shares: [Double]
  private let limits: JointLimits
  /// The numbers of one frame.
  let count: Int

  private static let oriented: [(Segment, Double)] = [(.pelvis, 1), (.chest, 1), (.leftFoot, 0.5), (.rightFoot, 0.5)]

  /// Angles nearer to their limits than this are held back [degrees].
  private static let margin = 2.0

  init(settings: PredictiveSettings, body: BodyModel) {
    self.settings = settings
    self.body = body
    weights = body.bodies.map { (0.3 + $0.mass / 10 * (70 / body.mass)).squareRoot() }
    shares = body.bodies.map { $0.mass / body.mass }
    limits = JointLimits(body: body)
    count = 6 * StepReference.segments + 3 * FrameResiduals.oriented.count + 6 + limits.limits.count
  }

  private func placeWeight(_ i: Int) -> Double {
    settings.place * weights[i] * (body.bodies[i].segment.isFoot ? 1.5 : 1)
  }

  /// Writes the residuals of a state against state `k` of the reference.
  func evaluate(
    _ state: UnsafePointer<Double>, _ reference: StepReference, _ k: Int, weight: Double,
    into r: UnsafeMutablePointer<Double>
  ) {
    let n = StepReference.segments
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
      put(place - reference.centres[k * n + i], placeWeight(i))
      put(speed - reference.velocities[k * n + i], settings.velocity * weights[i])
      centre += shares[i] * place
      velocity += shares[i] * speed
    }
    for (segment, share) in FrameResiduals.oriented {
      let i = segment.rawValue
      put((reference.rotations[k * n + i].inverse * saved.rotation(of: i)).rotationVector, settings.orientation * share)
    }
    put(centre - reference.bodyCentres[k], settings.centre)
    put(velocity - reference.bodyVelocities[k], settings.centreVelocity)
    let turns = (0..<n).map { saved.rotation(of: $0) }
    for limit in limits.limits {
      let beyond = limits.degrees(limit, turns) + FrameResiduals.margin
      r[row] = max(0, beyond) * .pi / 180 * settings.limit * weight
      row += 1
    }
  }

  /// The derivative of each limit's residual by its segment's turn, zero where the limit is not met; by the parent's
  /// turn it is the opposite.
  private func limitGradients(_ turns: [Quaternion], _ weight: Double) -> [SIMD3<Double>] {
    limits.limits.map { limit in
      guard limits.degrees(limit, turns) + FrameResiduals.margin > 0 else { return .zero }
      return limits.gradient(limit, turns) * settings.limit * weight
    }
  }

  /// Writes the derivative by `columns` unknowns, whose derivatives of the state `x` holds; `branches` holds the state.
  func differentiate(
    _ branches: KinematicChainState, _ reference: StepReference, _ k: Int, _ x: UnsafePointer<Double>, columns: Int,
    coordinates: Int, weight: Double, into jacobian: UnsafeMutablePointer<Double>
  ) {
    let n = StepReference.segments
    var joints = [SIMD3<Double>](repeating: .zero, count: n)
    var speeds = joints
    let inward = FrameResiduals.oriented.map { branches.rotations[$0.0.rawValue].inverse }
    let gradients = limitGradients(branches.rotations, weight)
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
          joints[i] = joints[p] + moved
          speeds[i] = speeds[p] + spin.cross(arm) + branches.angularVelocities[p].cross(moved)
        } else {
          joints[i] = load(q, 0)
          speeds[i] = load(v, 0)
        }
        let arm = branches.centres[i] - branches.joints[i]
        let moved = load(q, 1 + i).cross(arm)
        let place = joints[i] + moved
        let speed = speeds[i] + load(v, 1 + i).cross(arm) + branches.angularVelocities[i].cross(moved)
        put(place, placeWeight(i))
        put(speed, settings.velocity * weights[i])
        centre += shares[i] * place
        velocity += shares[i] * speed
      }
      for (index, oriented) in FrameResiduals.oriented.enumerated() {
        put(inward[index].act(load(q, 1 + oriented.0.rawValue)), settings.orientation * oriented.1)
      }
      put(centre, settings.centre)
      put(velocity, settings.centreVelocity)
      for (index, limit) in limits.limits.enumerated() {
        let i = limit.segment.rawValue
        guard let p = parents[i], gradients[index] != .zero else {
          r[index] = 0
          continue
        }
        r[index] = gradients[index].dot(load(q, 1 + i) - load(q, 1 + p))
      }
    }
  }

  private var parents: [Int?] { FrameResiduals.parents }
  private static let parents = Segment.allCases.map { $0.parent?.rawValue }
}
