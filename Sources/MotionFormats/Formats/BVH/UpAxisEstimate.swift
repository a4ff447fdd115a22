import Kinematics
import Retargeting

/// Which way is up in a file that does not say it: by the frames first, then by the rest pose.
///
/// A person's head is above the ankles in most frames. Exporters that turn the world but not the skeleton (Maya, SMPL's,
/// GMR) write a rest pose that stands along another axis than the motion; the frames are right then, unless the person
/// lies, which the floor tells.
struct UpAxisEstimate {
  /// By the rest pose; `nil` if it stands along neither Y nor Z.
  private(set) var resting: Axis?
  /// By the frames; `nil` if the person stands along neither Y nor Z, or lies.
  private(set) var moving: Axis?
  /// The axis along which the person seems to lie, against the rest pose.
  private(set) var lying: Axis?

  /// The up axis.
  var axis: Axis { moving ?? resting ?? .y }

  /// What a user should know; `nil` if rest pose and frames agree.
  var warning: String? {
    guard let resting else { return nil }
    if let lying {
      return
        "at rest \(resting.name) is up, in the motion the body lies along \(lying.name): \(resting.name) is taken; "
        + "give --input-up if the person does not lie"
    }
    guard let moving, moving != resting else { return nil }
    return "at rest \(resting.name) is up, in the motion \(moving.name): \(moving.name) is taken; "
      + "give --input-up if that is wrong"
  }

  /// - Parameter motion: In the file's axes.
  init(of motion: Motion) {
    guard let joints = Self.biped(motion.skeleton) else {
      resting = Self.axisOfShape(motion)
      return
    }
    let rest = Posture(motion.skeleton.restPositions, joints)
    resting = [Axis.y, .z].first { rest.up[$0.rawValue] > 0.8 * rest.up.length }
    let step = max(1, motion.count / 64)
    let postures = stride(from: 0, to: motion.count, by: step).map { frame in
      Posture(motion.skeleton.frames(of: motion.poses[frame]).positions, joints)
    }
    let mean = postures.reduce(SIMD3<Double>.zero) { $0 + $1.up.normalized } / Double(max(1, postures.count))
    for (up, other) in [(Axis.y, Axis.z), (.z, .y)]
    where mean[up.rawValue] > 0.6 && abs(mean[other.rawValue]) < 0.45 {
      let isAgainstRest = up != (resting ?? .y)
      if isAgainstRest, Self.lies(postures, along: up, above: other) { lying = up } else { moving = up }
    }
  }

  /// Whether the body lies along an axis on a floor that the other one stands on: what is lowest along the first axis is
  /// no floor, because it travels or is far from 0, and the body is right above 0 along the other.
  private static func lies(_ postures: [Posture], along: Axis, above: Axis) -> Bool {
    let length = postures.map(\.up.length).max() ?? 0
    func range(_ values: [Double]) -> (low: Double, size: Double) {
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      return (low, high - low)
    }
    // Nobody who lies moves upwards by half a body's length.
    guard range(postures.map { $0.pelvis[above.rawValue] }).size < 0.5 * length else { return false }
    let (foot, floor) = (
      range(postures.map { $0.lowest[along.rawValue] }), range(postures.map { $0.lowest[above.rawValue] })
    )
    return foot.size > 0.5 * length
      || (abs(foot.low) > 0.25 * length && (-0.03 * length...0.15 * length).contains(floor.low))
  }

  /// Where a person is in one frame.
  private struct Posture {
    /// From between the ankles to the highest joint of the trunk that is known.
    var up: SIMD3<Double>
    var pelvis: SIMD3<Double>
    /// The least coordinate of any joint, along each axis.
    var lowest: SIMD3<Double>

    init(_ positions: [SIMD3<Double>], _ joints: [CanonicalJoint: Int]) {
      func place(_ joint: CanonicalJoint) -> SIMD3<Double>? { joints[joint].map { positions[$0] } }
      pelvis = place(.pelvis) ?? .zero
      let ankles = ((place(.leftAnkle) ?? pelvis) + (place(.rightAnkle) ?? pelvis)) / 2
      let top = [CanonicalJoint.head, .neck, .spine3, .spine2, .spine1].lazy.compactMap(place).first
      up = (top ?? pelvis) - ankles
      lowest = positions.reduce(pelvis) { pointwiseMin($0, $1) }
    }
  }

  /// A biped's joints by their names, or by the shape of its rest pose along Y or Z.
  ///
  /// Of larger skeletons, none of which is a person, the joints are not looked for.
  private static func biped(_ skeleton: Skeleton) -> [CanonicalJoint: Int]? {
    guard skeleton.count <= 1000 else { return nil }
    let named = BipedNames(skeleton).joints()
    if BipedMap.required.allSatisfy({ named[$0] != nil }) { return named }
    if let map = try? BipedMap.infer(from: skeleton) { return map.joints }
    let resting = Motion(skeleton: skeleton, frameTime: 1, poses: [Pose(resting: skeleton)])
    let turned = FileConvention(metresPerUnit: 1, up: .z).intoWorld(resting).skeleton
    return (try? BipedMap.infer(from: turned))?.joints
  }

  /// Z for a figure of unknown joints that clearly is upright along Z at rest and while it moves.
  private static func axisOfShape(_ motion: Motion) -> Axis {
    let positions = motion.skeleton.restPositions
    let rest = extent(positions)
    guard rest.size.z > 2 * rest.size.y, rest.size.z > 0 else { return .y }
    // Hips stand half-way up; a long animal's stand at one end of its length.
    let pelvis = BipedNames(motion.skeleton).joints()[.pelvis] ?? 0
    let hips = (positions[pelvis].z - rest.low.z) / rest.size.z
    guard (0.35...0.75).contains(hips) else { return .y }
    let moving = stride(from: 0, to: motion.count, by: max(1, motion.count / 16)).map { frame in
      extent(motion.skeleton.frames(of: motion.poses[frame]).positions).size
    }
    let total = moving.reduce(SIMD3<Double>.zero, +)
    return total.z > 1.5 * total.y ? .z : .y
  }

  private static func extent(_ points: [SIMD3<Double>]) -> (low: SIMD3<Double>, size: SIMD3<Double>) {
    let low = points.reduce(points[0]) { pointwiseMin($0, $1) }
    let high = points.reduce(points[0]) { pointwiseMax($0, $1) }
    return (low, high - low)
  }
}

extension Axis {
  /// `X`, `Y` or `Z`.
  fileprivate var name: String { ["X", "Y", "Z"][rawValue] }
}
