import Kinematics
import Retargeting

/// Builds a biped's ``Mannequin``. Sizes are of a person 1.70 m tall and scaled to the skeleton's height.
struct MannequinPlan {
  let skeleton: Skeleton
  let map: BipedMap
  let scale: Double
  private(set) var limbs: [Mannequin.Limb] = []
  private(set) var anchors: [Mannequin.Anchor] = []

  /// The standing figure, and its axes in the world.
  private let rest: JointFrames
  private let frame: Quaternion

  /// - Parameter standing: How the figure stands, facing +Z; `nil` for the rest pose.
  init(skeleton: Skeleton, map: BipedMap, standing: Pose?) {
    self.skeleton = skeleton
    self.map = map
    rest = skeleton.frames(of: standing ?? Pose(resting: skeleton))
    frame = standing == nil ? map.bodyFrame : .identity
    scale = map.estimatedHeight(of: skeleton) / 1.7
  }

  mutating func build() {
    trunk()
    head()
    for isLeft in [true, false] {
      leg(isLeft)
      arm(isLeft)
    }
    fingers()
  }

  // MARK: Parts

  /// A foot as two wedges from heel and ankle to the ball, and the toes.
  private mutating func leg(_ isLeft: Bool) {
    guard let hip = joint(.leftHip, isLeft), let knee = joint(.leftKnee, isLeft), let ankle = joint(.leftAnkle, isLeft)
    else { return }
    limb(hip, knee, 0.080, 0.053)
    let calf = anchor([(knee, 0.72), (ankle, 0.28)], frame: knee, SIMD3(0, 0, -0.012))
    limb(knee, calf, 0.051, 0.051)
    limb(calf, ankle, 0.051, 0.036)
    let part: Mannequin.Part = isLeft ? .leftFoot : .rightFoot
    let drop = soleDrop(ankle)
    let heel = anchor([(ankle, 1)], frame: ankle, SIMD3(0, -drop + 0.030, -0.045))
    let toe = joint(.leftFoot, isLeft)
    let ball: Int
    if let toe {
      ball = anchor([(toe, 1)], frame: ankle, SIMD3(0, min(0, -drop + 0.026 - height(of: toe, above: ankle)), 0))
    } else {
      ball = anchor([(ankle, 1)], frame: ankle, SIMD3(0, -drop + 0.026, 0.12))
    }
    let tip = anchor([(toe ?? ankle, 1)], frame: toe ?? ankle, tipOffset(toe, ankle, drop))
    limb(ankle, heel, 0.036, 0.032, part)
    limb(ankle, ball, 0.037, 0.028, part)
    limb(heel, ball, 0.032, 0.028, part)
    limb(ball, tip, 0.030, 0.022, part)
  }

  private mutating func arm(_ isLeft: Bool) {
    guard let shoulder = joint(.leftShoulder, isLeft), let elbow = joint(.leftElbow, isLeft) else { return }
    limb(shoulder, elbow, 0.050, 0.038)
    let wrist: Int
    if let given = joint(.leftWrist, isLeft) {
      wrist = given
    } else {
      wrist = anchor([(elbow, 1)], frame: elbow, direction(beyond: elbow) * 0.25)
    }
    limb(elbow, wrist, 0.038, 0.027)
    guard wrist < skeleton.count else { return }
    let palm = anchor([(wrist, 1)], frame: wrist, direction(beyond: wrist) * 0.075)
    limb(wrist, palm, 0.028, 0.036)
    if !hasFingers(wrist) {
      let end = anchor([(wrist, 1)], frame: wrist, direction(beyond: wrist) * 0.155)
      limb(palm, end, 0.036, 0.016)
    }
  }

  /// Three levels, each as wide as two cones side by side: hips, waist, ribs; then shoulders and neck.
  private mutating func trunk() {
    let pelvis = map[.pelvis] ?? 0
    guard let leftHip = map[.leftHip], let rightHip = map[.rightHip] else { return }
    limb(leftHip, rightHip, 0.088, 0.088)
    let chest = map[.spine3] ?? map[.spine2] ?? map[.spine1] ?? pelvis
    let waist = map[.spine1] ?? map[.spine2] ?? pelvis
    guard let left = map[.leftShoulder], let right = map[.rightShoulder] else {
      if let top = map[.neck] ?? map[.head] { limb(pelvis, top, 0.1, 0.06) }
      return
    }
    let throat = map[.neck].map { [($0, 1.0)] } ?? [(left, 0.5), (right, 0.5)]
    let neck = anchor(throat, frame: chest, SIMD3(0, -0.02, 0))
    // The middle, so that the two sides are one body.
    let hips: [(Int, Double)] = [(leftHip, 0.45), (rightHip, 0.45), (left, 0.05), (right, 0.05)]
    let belly = anchor(
      [(leftHip, 0.31), (rightHip, 0.31), (left, 0.19), (right, 0.19)], frame: waist, SIMD3(0, 0, 0.012))
    let breast = anchor(
      [(leftHip, 0.13), (rightHip, 0.13), (left, 0.37), (right, 0.37)], frame: chest, SIMD3(0, 0, 0.018))
    let collar = anchor([(left, 0.5), (right, 0.5)], frame: chest, SIMD3(0, -0.03, 0))
    limb(anchor(hips, frame: pelvis, SIMD3(0, 0, 0)), belly, 0.092, 0.086)
    limb(belly, breast, 0.086, 0.100)
    limb(breast, collar, 0.100, 0.062)
    for (hip, shoulder, side) in [(leftHip, left, 1.0), (rightHip, right, -1.0)] {
      let middle: [(Int, Double)] = [(leftHip, 0.31), (rightHip, 0.31), (left, 0.19), (right, 0.19)]
      let waistSide = anchor(middle, frame: waist, SIMD3(0.045 * side, 0, 0))
      let ribs: [(Int, Double)] = [(leftHip, 0.14), (rightHip, 0.14), (left, 0.36), (right, 0.36)]
      let ribSide = anchor(ribs, frame: chest, SIMD3(0.058 * side, 0, 0.008))
      let inner = anchor([(shoulder, 0.62), (left, 0.19), (right, 0.19)], frame: chest, SIMD3(0, -0.035, 0))
      limb(hip, waistSide, 0.086, 0.083)
      limb(waistSide, ribSide, 0.083, 0.092)
      limb(ribSide, inner, 0.092, 0.066)
      limb(inner, shoulder, 0.064, 0.052)
      limb(neck, inner, 0.056, 0.062)
    }
  }

  private mutating func head() {
    guard let joint = map[.head] ?? map[.neck] else { return }
    let lift = map[.head] == nil ? 0.10 : 0
    if let neck = map[.neck], neck != joint { limb(neck, joint, 0.054, 0.047) }
    let base = anchor([(joint, 1)], frame: joint, SIMD3(0, 0.02 + lift, 0.004))
    let chin = anchor([(joint, 1)], frame: joint, SIMD3(0, 0.034 + lift, 0.048))
    let face = anchor([(joint, 1)], frame: joint, SIMD3(0, 0.095 + lift, 0.026))
    let skull = anchor([(joint, 1)], frame: joint, SIMD3(0, 0.112 + lift, 0.004))
    limb(joint, base, 0.050, 0.047)
    limb(base, skull, 0.047, 0.080)
    limb(skull, skull, 0.092, 0.092)
    limb(chin, face, 0.044, 0.076)
  }

  /// Bones below the wrists, thin.
  private mutating func fingers() {
    for wrist in [map[.leftWrist], map[.rightWrist]].compactMap({ $0 }) where hasFingers(wrist) {
      for (index, joint) in skeleton.joints.enumerated() where index != wrist && isBelow(index, wrist) {
        if let parent = joint.parent { limb(parent, index, 0.011, 0.009) }
        if let tip = joint.endSite, tip.length < 0.1 {
          limb(index, anchor([(index, 1)], frame: index, local: tip), 0.009, 0.007)
        }
      }
    }
  }

  // MARK: Measures

  private func joint(_ left: CanonicalJoint, _ isLeft: Bool) -> Int? { map[isLeft ? left : left.mirrored] }

  /// How far the sole is below the ankle [m at 1.70 m]: the lowest of the foot's joints and tips at rest.
  private func soleDrop(_ ankle: Int) -> Double {
    var lowest = 0.0
    for (index, joint) in skeleton.joints.enumerated() where index == ankle || isBelow(index, ankle) {
      let place = rest.positions[index]
      let ends = [place] + (joint.endSite.map { [place + rest.rotations[index].act($0)] } ?? [])
      for end in ends { lowest = max(lowest, -bodyAxes(end - rest.positions[ankle]).y) }
    }
    return min(max(lowest / scale, 0.065), 0.11)
  }

  private func height(of joint: Int, above ankle: Int) -> Double {
    bodyAxes(rest.positions[joint] - rest.positions[ankle]).y / scale
  }

  private func tipOffset(_ toe: Int?, _ ankle: Int, _ drop: Double) -> SIMD3<Double> {
    guard let toe else { return SIMD3(0, -drop + 0.022, 0.18) }
    let low = min(0, -drop + 0.022 - height(of: toe, above: ankle))
    let reach = skeleton.joints[toe].endSite.map { bodyAxes(rest.rotations[toe].act($0)).z / scale } ?? 0.06
    return SIMD3(0, low, min(max(reach - 0.01, 0.045), 0.08))
  }

  /// The direction in which a limb continues beyond its joint, in body axes: to its tip, its child, or on from its parent.
  private func direction(beyond index: Int) -> SIMD3<Double> {
    let joint = skeleton.joints[index]
    let children = skeleton.children[index].map { skeleton.joints[$0].offset }
    let own = rest.rotations[index]
    let mean = own.act(children.reduce(SIMD3<Double>.zero, +))
    let above = joint.parent.map { rest.rotations[$0] } ?? .identity
    for candidate in [mean, own.act(joint.endSite ?? .zero), above.act(joint.offset)] where candidate.length > 1e-3 {
      return bodyAxes(candidate).normalized
    }
    return -.unitY
  }

  private func hasFingers(_ wrist: Int) -> Bool {
    skeleton.joints.indices.filter { isBelow($0, wrist) }.count > 3
  }

  private func isBelow(_ index: Int, _ ancestor: Int) -> Bool {
    var above = skeleton.joints[index].parent
    while let joint = above {
      if joint == ancestor { return true }
      above = skeleton.joints[joint].parent
    }
    return false
  }

  /// From the world of the standing figure to the body's axes: X left, Y up, Z forward.
  private func bodyAxes(_ v: SIMD3<Double>) -> SIMD3<Double> { frame.inverse.act(v) }

  // MARK: Adding

  /// A point with an offset along the standing body's axes [m at 1.70 m].
  private mutating func anchor(
    _ terms: [(Int, Double)], frame: Int, _ offset: SIMD3<Double>
  ) -> Int {
    anchor(terms, frame: frame, local: rest.rotations[frame].inverse.act(self.frame.act(offset)) * scale)
  }

  /// A point with an offset in a joint's axes [m].
  private mutating func anchor(_ terms: [(Int, Double)], frame: Int, local offset: SIMD3<Double>) -> Int {
    anchors.append(
      Mannequin.Anchor(terms: terms.map { (joint: $0.0, weight: $0.1) }, frame: frame, offset: offset))
    return skeleton.count + anchors.count - 1
  }

  private mutating func limb(
    _ from: Int, _ to: Int, _ fromRadius: Double, _ toRadius: Double, _ part: Mannequin.Part = .body
  ) {
    limbs.append(
      Mannequin.Limb(
        from: from, to: to, fromRadius: fromRadius * scale, toRadius: toRadius * scale, part: part))
  }
}
