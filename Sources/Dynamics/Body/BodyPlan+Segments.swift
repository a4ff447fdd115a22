import Kinematics

extension BodyPlan {
  typealias Size = Anthropometry.Size

  /// The rigid body of one segment.
  func body(_ segment: Segment, mass total: Double, feet: [Foot], samples: [MotionSample]) -> Body {
    let carrier = carrier(of: segment)
    let (driven, followers) = chain(of: segment, carrier: carrier)
    let joint = pivotJoint(segment, driven: driven)
    let parentCarrier = parent(of: segment).map(self.carrier(of:))
    let anchor = parentCarrier.map { mean(of: joint, in: $0, samples) } ?? .zero
    let pivot = joint == carrier || parentCarrier == nil ? .zero : mean(of: joint, in: carrier, samples)
    let shape = shape(of: segment, carrier: carrier, pivot: pivot, feet: feet)
    let own = inertia(of: segment, carrier: carrier, shape: shape, total: total, feet: feet)
    let inertia = own.adding(lumps(on: segment, carrier, total))
    return Body(
      segment: segment, parent: parent(of: segment).flatMap(segments.firstIndex), carrier: carrier, driven: driven,
      followers: followers, anchor: anchor, pivot: pivot, mass: inertia.mass, centreOfMass: inertia.centre,
      axis: inertia.axis, longitudinalInertia: inertia.longitudinal, transverseInertia: inertia.transverse,
      shape: shape)
  }

  private func chain(of segment: Segment, carrier: Int) -> (driven: [Int], followers: [Int]) {
    guard let parent = parent(of: segment).map(self.carrier(of:)) else { return ([carrier], []) }
    let path = path(from: parent, to: carrier) ?? [carrier]
    switch segment {
    case .chest: return (path, [])
    case .head:
      let start = path.firstIndex(of: headBase) ?? 0
      return (Array(path[start...]), [])
    default:
      let proximal = joints[segment.joints.proximal] ?? carrier
      let start = path.firstIndex(of: proximal) ?? path.count - 1
      return ([path[start]], Array(path[(start + 1)...]))
    }
  }

  /// The skeleton's joint about which the segment rotates against its parent: the middle one of a trunk of many joints.
  private func pivotJoint(_ segment: Segment, driven: [Int]) -> Int {
    segment == .chest ? driven[driven.count / 2] : driven[0]
  }

  /// The mean place of a joint's origin in another joint's frame, over the samples or at rest.
  private func mean(of joint: Int, in frame: Int, _ samples: [MotionSample]) -> SIMD3<Double> {
    let all = samples.flatMap { $0.frames.map { $0[1] } }
    let frames = all.isEmpty ? [rest] : all
    let sum = frames.reduce(SIMD3<Double>.zero) { sum, pose in
      sum + pose.rotations[frame].inverse.act(pose.positions[joint] - pose.positions[frame])
    }
    return sum / Double(frames.count)
  }

  /// A canonical joint's place as the figure stands, in the frame of `carrier`.
  func resting(_ joint: CanonicalJoint, from carrier: Int) -> SIMD3<Double>? {
    joints[joint].map { inward(carrier).act(rest.positions[$0] - rest.positions[carrier]) }
  }

  private func up(_ carrier: Int) -> SIMD3<Double> { inward(carrier).act(axes.act(.unitY)) }
  private func left(_ carrier: Int) -> SIMD3<Double> { inward(carrier).act(axes.act(.unitX)) }

  private func shape(of segment: Segment, carrier: Int, pivot: SIMD3<Double>, feet: [Foot]) -> Shape {
    switch segment {
    case .pelvis: return pelvis(carrier)
    case .chest: return chest(carrier, pivot: pivot)
    case .head: return head(carrier, pivot: pivot)
    case .leftFoot: return feet[0].shape
    case .rightFoot: return feet[1].shape
    case .leftThigh, .rightThigh: return limb(segment, carrier, radius: Size.thighRadius)
    case .leftShank, .rightShank: return limb(segment, carrier, radius: Size.shankRadius)
    case .leftUpperArm, .rightUpperArm: return limb(segment, carrier, radius: Size.upperArmRadius)
    case .leftForearm, .rightForearm: return limb(segment, carrier, radius: Size.forearmRadius, beyond: Size.hand)
    }
  }

  private func middle(_ a: CanonicalJoint, _ b: CanonicalJoint, from carrier: Int) -> SIMD3<Double> {
    ((resting(a, from: carrier) ?? .zero) + (resting(b, from: carrier) ?? .zero)) / 2
  }

  private func pelvis(_ carrier: Int) -> Shape {
    let (left, up) = (left(carrier), up(carrier))
    let half = ((resting(.leftHip, from: carrier) ?? .zero) - (resting(.rightHip, from: carrier) ?? .zero)).length / 2
    let centre = middle(.leftHip, .rightHip, from: carrier) + up * (0.05 * scale)
    // The ends are round: the hips are as wide at the hip joints as the legs are there.
    let reach = max(half + (Size.thighRadius - Size.pelvisRadius - 0.01) * scale, 0.2 * half)
    return .capsule(from: centre - left * reach, to: centre + left * reach, radius: Size.pelvisRadius * scale)
  }

  /// The middle of the shoulders; where the skeleton has none, their place by head or hips.
  private func shoulders(_ carrier: Int) -> SIMD3<Double> {
    if joints[.leftShoulder] != nil, joints[.rightShoulder] != nil {
      return middle(.leftShoulder, .rightShoulder, from: carrier)
    }
    let up = up(carrier)
    if let neck = resting(.neck, from: carrier) { return neck - up * (Size.neckAboveShoulders * scale) }
    if let head = resting(.head, from: carrier) { return head - up * (Size.headAboveShoulders * scale) }
    return middle(.leftHip, .rightHip, from: carrier) + up * (Size.hipsToShoulders * scale)
  }

  private func chest(_ carrier: Int, pivot: SIMD3<Double>) -> Shape {
    let up = up(carrier)
    let shoulders = shoulders(carrier)
    let radius = Size.chestRadius * scale
    let height = (shoulders - pivot).dot(up)
    let top = shoulders - up * (0.45 * radius)
    return .capsule(from: top - up * max(height - radius, 0.3 * radius), to: top, radius: radius)
  }

  private func head(_ carrier: Int, pivot: SIMD3<Double>) -> Shape {
    let radius = Size.headRadius * scale
    let up = up(carrier)
    let tip = skeleton.joints[carrier].endSite.map { $0 - pivot } ?? up * (Size.headHeight * scale)
    let along = tip.length > 0.05 * scale ? tip.normalized : up
    let height = min(max(tip.length, 0.2 * scale), 0.35 * scale)
    let centre = pivot + along * (height - radius)
    return .capsule(from: centre, to: centre, radius: radius)
  }

  /// The segment's far end in its carrier's frame.
  private func farEnd(_ segment: Segment, _ carrier: Int) -> SIMD3<Double> {
    if let distal = segment.joints.distal, let end = resting(distal, from: carrier), end.length > 1e-3 { return end }
    if let end = skeleton.joints[carrier].endSite, end.length > 1e-3 { return end }
    // A forearm without a wrist gets Winter's ratio of forearm to upper arm (table 4.1: 0.146 and 0.186 of the height), and
    // continues in the direction of the upper arm.
    let elbow = joints[segment.joints.proximal] ?? carrier
    let above = skeleton.joints[elbow].parent.map { rest.rotations[$0] } ?? .identity
    let along = inward(carrier).act(above.act(skeleton.joints[elbow].offset))
    return along.normalized * (along.length * 0.146 / 0.186)
  }

  private func limb(_ segment: Segment, _ carrier: Int, radius: Double, beyond: Double = 0) -> Shape {
    let start = resting(segment.joints.proximal, from: carrier) ?? .zero
    let end = farEnd(segment, carrier)
    let along = (end - start).normalized
    let length = (end - start).length
    let r = min(radius * scale, 0.45 * length)
    return .capsule(
      from: start + along * (0.5 * r), to: end + along * (beyond * scale - 0.5 * r), radius: r)
  }

  /// The parts that the skeleton has no joints for and that `segment` bears instead, as masses at their usual places.
  private func lumps(on segment: Segment, _ carrier: Int, _ total: Double) -> [(mass: Double, place: SIMD3<Double>)] {
    let missing = Segment.allCases.filter { part in
      !segments.contains(part) && part.ancestors.first(where: segments.contains) == segment
    }
    guard !missing.isEmpty else { return [] }
    let (up, left, shoulders) = (up(carrier), left(carrier), shoulders(carrier))
    return missing.map { part in
      let place: SIMD3<Double>
      switch part {
      case .head: place = shoulders + up * (Size.headAboveShoulders * scale)
      case .leftForearm where segment == .leftUpperArm, .rightForearm where segment == .rightUpperArm:
        place = farEnd(segment, carrier)
      case .leftUpperArm, .rightUpperArm, .leftForearm, .rightForearm:
        let isLeft = part == .leftUpperArm || part == .leftForearm
        let drop = part == .leftUpperArm || part == .rightUpperArm ? Size.upperArmDrop : Size.forearmDrop
        place = shoulders + left * ((isLeft ? 1 : -1) * Size.shoulderReach * scale) - up * (drop * scale)
      default:
        place = middle(.leftHip, .rightHip, from: carrier) * 0.4 + shoulders * 0.6
      }
      return (Anthropometry.of(part).mass * total, place)
    }
  }

  private struct Inertia {
    var mass: Double
    var centre: SIMD3<Double>
    var axis: SIMD3<Double>
    var longitudinal: Double
    var transverse: Double

    /// With masses that move along. The inertia stays symmetric about the axis.
    func adding(_ lumps: [(mass: Double, place: SIMD3<Double>)]) -> Inertia {
      guard !lumps.isEmpty else { return self }
      var result = self
      let all = [(mass: mass, place: centre)] + lumps
      result.mass = all.reduce(0) { $0 + $1.mass }
      result.centre = all.reduce(.zero) { $0 + $1.mass * $1.place } / result.mass
      for (mass, place) in all {
        let arm = place - result.centre
        let along = arm.dot(axis).squared
        let across = max(0, arm.squaredLength - along)
        result.longitudinal += mass * across
        result.transverse += mass * (along + across / 2)
      }
      return result
    }
  }

  private func inertia(of segment: Segment, carrier: Int, shape: Shape, total: Double, feet: [Foot]) -> Inertia {
    let table = Anthropometry.of(segment)
    let mass = table.mass * total
    if case .capsule(let from, let to, let radius) = shape, table.transverseGyration == 0 {
      // A solid cylinder of the capsule's whole length.
      let axis = (to - from).length > 1e-9 ? (to - from).normalized : up(carrier)
      let length = (to - from).length + 2 * radius * 0.8
      return Inertia(
        mass: mass, centre: shape.centre, axis: axis, longitudinal: mass * radius * radius / 2,
        transverse: mass * (3 * radius * radius + length * length) / 12)
    }
    if segment.isFoot {
      let foot = feet[segment == .leftFoot ? 0 : 1]
      let length = foot.front + foot.heel
      return Inertia(
        mass: mass, centre: shape.centre, axis: foot.axes.act(.unitZ),
        longitudinal: mass * (table.longitudinalGyration * length).squared + mass * foot.width.squared / 24,
        transverse: mass * (0.3 * length).squared)
    }
    let start = resting(segment.joints.proximal, from: carrier) ?? .zero
    let end = farEnd(segment, carrier)
    let length = (end - start).length
    return Inertia(
      mass: mass, centre: start + (end - start) * table.centre, axis: (end - start).normalized,
      longitudinal: mass * (table.longitudinalGyration * length).squared,
      transverse: mass * (table.transverseGyration * length).squared)
  }
}

extension Double {
  var squared: Double { self * self }
}
