import Dynamics
import Mocap

/// A motion at a simulation's steps: what the joints' targets and the planned frames' residuals are measured against.
struct StepReference {
  /// Seconds a step.
  let step: Double
  /// Steps a frame of the motion; `nil` where frames are closer than steps and lie between them.
  let stepsPerFrame: Int?
  /// The number of states: one more than steps.
  let count: Int
  let frameTime: Double
  private(set) var targets: [JointTarget] = []
  /// By state and segment.
  private(set) var rotations: [Quaternion] = []
  private(set) var centres: [SIMD3<Double>] = []
  private(set) var velocities: [SIMD3<Double>] = []
  private(set) var spins: [SIMD3<Double>] = []
  /// By state: the whole body's centre of mass and its velocity, and the pelvis's own place.
  private(set) var bodyCentres: [SIMD3<Double>] = []
  private(set) var bodyVelocities: [SIMD3<Double>] = []
  private(set) var pelvises: [SIMD3<Double>] = []

  static let segments = Segment.allCases.count

  init(_ motion: Motion, body: BodyModel, settings: PredictiveSettings) {
    frameTime = motion.frameTime
    let most = settings.simulation.step
    if frameTime > 0.999 * most {
      let per = max(1, Int((frameTime / most - 0.001).rounded(.up)))
      stepsPerFrame = per
      step = frameTime / Double(per)
      count = per * (motion.count - 1) + 1
    } else {
      stepsPerFrame = nil
      step = most
      count = Int((Double(motion.count - 1) * frameTime / most).rounded(.up)) + 1
    }
    let track = ReferenceTrack(motion, body: body, hasTorques: settings.feedForward > 0)
    gather(track, body)
    differentiate(body)
    setTargets(track, body, share: settings.feedForward)
  }

  /// The frame before a state, and how far on to the next it is.
  func frame(_ state: Int) -> (Int, Double) {
    let t = Double(state) * step / frameTime
    if let stepsPerFrame { return (state / stepsPerFrame, Double(state % stepsPerFrame) / Double(stepsPerFrame)) }
    return (Int(t), t - t.rounded(.down))
  }

  private mutating func gather(_ track: ReferenceTrack, _ body: BodyModel) {
    for k in 0..<count {
      let (index, fraction) = frame(k)
      let sample = track.sample(index, fraction)
      let state = body.assembled(pelvis: sample.pelvis, rotations: sample.rotations)
      rotations += sample.rotations
      pelvises.append(sample.pelvis)
      centres += body.bodies.indices.map { state.world($0, body.bodies[$0].centreOfMass) }
      bodyCentres.append(body.centreOfMass(in: state))
    }
  }

  private mutating func differentiate(_ body: BodyModel) {
    let n = StepReference.segments
    for k in 0..<count {
      let (a, b) = (max(0, k - 1), min(count - 1, k + 1))
      let time = Double(max(1, b - a)) * step
      for i in 0..<n {
        velocities.append((centres[b * n + i] - centres[a * n + i]) / time)
        spins.append((rotations[b * n + i] * rotations[a * n + i].inverse).rotationVector / time)
      }
      bodyVelocities.append((bodyCentres[b] - bodyCentres[a]) / time)
    }
  }

  private mutating func setTargets(_ track: ReferenceTrack, _ body: BodyModel, share: Double) {
    let n = StepReference.segments
    for k in 0..<count {
      let next = min(k + 1, count - 1)
      let (index, fraction) = frame(k)
      let torques = share > 0 ? track.torques(index, fraction) : []
      for (i, part) in body.bodies.enumerated() {
        guard let p = part.parent else {
          targets.append(JointTarget(rotation: .identity))
          continue
        }
        let inward = rotations[k * n + p].inverse
        let now = inward * rotations[k * n + i]
        let soon = rotations[next * n + p].inverse * rotations[next * n + i]
        targets.append(
          JointTarget(
            rotation: now, spin: (soon * now.inverse).rotationVector / step,
            torque: share > 0 ? inward.act(torques[i]) * share : .zero))
      }
    }
  }
}

extension ControlLayout {
  /// Every joint's three axes, but one axis for knees and elbows (that about which they bend in the motion), and none
  /// for the neck.
  init(_ reference: StepReference, body: BodyModel) {
    var controls: [Control] = []
    for (i, part) in body.bodies.enumerated() {
      switch part.segment {
      case .pelvis, .head: continue
      case .leftShank, .rightShank, .leftForearm, .rightForearm:
        if let axis = ControlLayout.hinge(i, reference, body) { controls.append(Control(body: i, axis: axis)) }
      default: controls += [SIMD3<Double>.unitX, .unitY, .unitZ].map { Control(body: i, axis: $0) }
      }
    }
    self.init(controls)
  }

  /// The mean axis, in the parent's frame, about which a limb's bones bend in the motion.
  private static func hinge(_ i: Int, _ reference: StepReference, _ body: BodyModel) -> SIMD3<Double>? {
    guard let p = body.bodies[i].parent else { return nil }
    let n = StepReference.segments
    let upper = body.bodies[p].axis
    var sum = SIMD3<Double>.zero
    for k in stride(from: 0, to: reference.count, by: max(1, reference.count / 400)) {
      let turn = reference.rotations[k * n + p].inverse * reference.rotations[k * n + i]
      sum += upper.cross(turn.act(body.bodies[i].axis))
    }
    if sum.length > 1e-3 { return sum.normalized }
    guard body.restStands, body.bodies[i].segment == .leftShank || body.bodies[i].segment == .rightShank else {
      return nil
    }
    return body.restAxes.act(.unitX)
  }
}
