import Dynamics
import Kinematics

/// A motion at a simulation's steps: what the joints' targets and the planned frames' residuals are measured against.
///
/// Only the states around the planned ones are held: ``cover(_:)`` says which, and a long motion needs no more memory than
/// a short one. Not for several threads.
final class StepReference {
  /// Seconds a step.
  let step: Double
  /// Steps a frame of the motion; `nil` where frames are closer than steps and lie between them.
  let stepsPerFrame: Int?
  /// The number of states: one more than steps.
  let count: Int
  let frameTime: Double
  private(set) var targets = SlidingRows<JointTarget>()
  /// By state and segment.
  private(set) var rotations = SlidingRows<Quaternion>()
  private(set) var centres = SlidingRows<SIMD3<Double>>()
  private(set) var velocities = SlidingRows<SIMD3<Double>>()
  private(set) var spins = SlidingRows<SIMD3<Double>>()
  /// By state: the whole body's centre of mass and its velocity, and the pelvis's own place.
  private(set) var bodyCentres = SlidingRows<SIMD3<Double>>()
  private(set) var bodyVelocities = SlidingRows<SIMD3<Double>>()
  private(set) var pelvises = SlidingRows<SIMD3<Double>>()

  /// The number of the body's segments.
  private let segments: Int

  private let motion: Motion
  private let body: BodyModel
  private let feedForward: Double
  /// States that are gathered and, one fewer but at the end, ready.
  private var (gathered, ready) = (0, 0)

  init(_ motion: Motion, body: BodyModel, settings: PredictiveSettings) {
    self.motion = motion
    self.body = body
    segments = body.bodies.count
    feedForward = settings.feedForward
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
  }

  /// The frame before a state, and how far on to the next it is.
  func frame(_ state: Int) -> (Int, Double) {
    let t = Double(state) * step / frameTime
    if let stepsPerFrame { return (state / stepsPerFrame, Double(state % stepsPerFrame) / Double(stepsPerFrame)) }
    return (Int(t), t - t.rounded(.down))
  }

  /// Makes the states of a range ready, and forgets those before it.
  ///
  /// - Precondition: No state before the beginning of an earlier range is asked for.
  func cover(_ range: Range<Int>) {
    let end = min(range.upperBound, count)
    if end > ready {
      // A second at a time: neighbouring frames are read again for each piece.
      let until = min(count, max(end, ready + Int(1 / step)))
      gather(until: min(count, until + 1))
      differentiate(until: until)
      setTargets(until: until)
      ready = until
    }
    // The frontier's derivatives look one state back.
    let first = min(range.lowerBound, ready - 2)
    guard first > bodyCentres.first + Int(1 / step) else { return }
    let n = segments
    targets.drop(before: first * n)
    rotations.drop(before: first * n)
    centres.drop(before: first * n)
    velocities.drop(before: first * n)
    spins.drop(before: first * n)
    bodyCentres.drop(before: first)
    bodyVelocities.drop(before: first)
    pelvises.drop(before: first)
  }

  /// Every segment's orientation at some states, whichever are held.
  func sampledRotations(_ states: some Collection<Int>) -> [[Quaternion]] {
    states.map { state in
      let (index, _, fraction) = place(state)
      let (track, first) = track(around: index...index)
      return track.sample(index - first, fraction).rotations
    }
  }

  /// A state's frame, the last one at most, the next one, and how far on to that it is.
  private func place(_ state: Int) -> (Int, Int, Double) {
    let (index, fraction) = frame(state)
    return (min(index, motion.count - 1), min(index + 1, motion.count - 1), fraction)
  }

  /// The track of some frames with the neighbours that slopes, or inverse dynamics, look at; and its first frame.
  private func track(around frames: ClosedRange<Int>) -> (ReferenceTrack, first: Int) {
    let margin = 3 + (feedForward > 0 ? Int(0.2 / frameTime) : 0)
    let (low, high) = (max(0, frames.lowerBound - margin), min(motion.count, frames.upperBound + 1 + margin))
    return (ReferenceTrack(motion.frames(low..<high), body: body, hasTorques: feedForward > 0), low)
  }

  private func gather(until end: Int) {
    guard end > gathered else { return }
    let (track, first) = track(around: place(gathered).0...place(end - 1).1)
    for k in gathered..<end {
      let (index, _, fraction) = place(k)
      let sample = track.sample(index - first, fraction)
      let state = body.assembled(pelvis: sample.pelvis, rotations: sample.rotations)
      rotations.append(contentsOf: sample.rotations)
      pelvises.append(sample.pelvis)
      centres.append(contentsOf: body.bodies.indices.map { state.world($0, body.bodies[$0].centreOfMass) })
      bodyCentres.append(body.centreOfMass(in: state))
    }
    gathered = end
  }

  private func differentiate(until end: Int) {
    let n = segments
    for k in ready..<end {
      let (a, b) = (max(0, k - 1), min(count - 1, k + 1))
      let time = Double(max(1, b - a)) * step
      for i in 0..<n {
        velocities.append((centres[b * n + i] - centres[a * n + i]) / time)
        spins.append((rotations[b * n + i] * rotations[a * n + i].inverse).rotationVector / time)
      }
      bodyVelocities.append((bodyCentres[b] - bodyCentres[a]) / time)
    }
  }

  private func setTargets(until end: Int) {
    let n = segments
    let fed = feedForward > 0 && end > ready ? track(around: place(ready).0...place(end - 1).1) : nil
    for k in ready..<end {
      let next = min(k + 1, count - 1)
      let (index, _, fraction) = place(k)
      let torques = fed.map { $0.0.torques(index - $0.first, fraction) }
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
            rotation: now, angularVelocity: (soon * now.inverse).rotationVector / step,
            torque: torques.map { inward.act($0[i]) * feedForward } ?? .zero))
      }
    }
  }
}

/// The rows of a long table from a moving start on, by their indices in the whole table.
struct SlidingRows<Value> {
  /// The index of the first row that is still there.
  private(set) var first = 0
  private var values: [Value] = []

  subscript(_ index: Int) -> Value { values[index - first] }
  subscript(_ range: Range<Int>) -> ArraySlice<Value> { values[range.lowerBound - first..<range.upperBound - first] }

  mutating func append(_ value: Value) { values.append(value) }
  mutating func append(contentsOf more: [Value]) { values += more }

  mutating func drop(before row: Int) {
    values.removeFirst(max(0, min(row - first, values.count)))
    first = max(first, row)
  }
}

extension ControlLayout {
  /// Every joint's three axes, but one axis for knees and elbows (that about which they bend in the motion), and none
  /// for the neck.
  init(_ reference: StepReference, body: BodyModel) {
    var controls: [Control] = []
    let samples = reference.sampledRotations(
      Array(stride(from: 0, to: reference.count, by: max(1, reference.count / 400))))
    for (i, part) in body.bodies.enumerated() {
      switch part.segment {
      case .pelvis, .head: continue
      case .leftShank, .rightShank, .leftForearm, .rightForearm:
        if let axis = ControlLayout.hinge(i, samples, body) { controls.append(Control(body: i, axis: axis)) }
      default: controls += [SIMD3<Double>.unitX, .unitY, .unitZ].map { Control(body: i, axis: $0) }
      }
    }
    self.init(controls)
  }

  /// The mean axis, in the parent's frame, about which a limb's bones bend in the motion.
  private static func hinge(_ i: Int, _ samples: [[Quaternion]], _ body: BodyModel) -> SIMD3<Double>? {
    guard let p = body.bodies[i].parent else { return nil }
    let upper = body.bodies[p].axis
    var sum = SIMD3<Double>.zero
    for rotations in samples {
      let turn = rotations[p].inverse * rotations[i]
      sum += upper.cross(turn.act(body.bodies[i].axis))
    }
    if sum.length > 1e-3 { return sum.normalized }
    guard body.restStands, body.bodies[i].segment == .leftShank || body.bodies[i].segment == .rightShank else {
      return nil
    }
    return body.standingAxes[p].act(.unitX)
  }
}
