public import Kinematics
public import Support

/// Which of a skeleton's joints are a person's hips, knees and shoulders.
///
///     let map = try BipedMap.infer(from: clip.motion.skeleton)
///     map[.leftKnee]                      // the joint's index
///     map.missing                         // canonical joints that the skeleton lacks
///
/// Pelvis, hips, knees and ankles are always there; every other joint may be missing. The body's axes, which way it
/// faces and which side is its left, follow from the rest pose and not from the file's axes.
public struct BipedMap: Sendable, Hashable {
  /// How the joints were identified.
  public enum Method: Sendable, Hashable, CustomStringConvertible {
    /// By a joint map of this name.
    case jointMap(String)
    /// By the joints' names and place in the tree.
    case names
    /// By the shape of the rest pose alone.
    case geometry

    /// In words.
    public var description: String {
      switch self {
      case .jointMap(let name): "joint map '\(name)'"
      case .names: "names"
      case .geometry: "geometry"
      }
    }
  }

  /// The joints without which a skeleton is no biped.
  public static let required: [CanonicalJoint] = [
    .pelvis, .leftHip, .rightHip, .leftKnee, .rightKnee, .leftAnkle, .rightAnkle,
  ]

  /// The skeleton's joint for each canonical joint that it has.
  public let joints: [CanonicalJoint: Int]
  /// How the joints were identified.
  public let method: Method
  /// From canonical axes (left +X, up +Y, forward +Z) to the axes of the skeleton's rest pose.
  public let bodyFrame: Quaternion
  /// What a user should know though the map can be used, one sentence each.
  public let notes: [String]

  /// The skeleton's joint for a canonical one, `nil` if it has none.
  public subscript(joint: CanonicalJoint) -> Int? { joints[joint] }

  /// The canonical joints that the skeleton lacks, in order.
  public var missing: [CanonicalJoint] { CanonicalJoint.allCases.filter { joints[$0] == nil } }

  /// The way the figure faces at rest, a unit vector.
  public var facing: SIMD3<Double> { bodyFrame.act(.unitZ) }

  /// A map by its joints, checked against the skeleton.
  ///
  /// - Throws: ``SurefootError`` if a needed joint is missing, a joint is used twice, a leg is no chain or has no length.
  public init(joints: [CanonicalJoint: Int], of skeleton: Skeleton, method: Method) throws(SurefootError) {
    let absent = BipedMap.required.filter { joints[$0] == nil }
    guard absent.isEmpty else {
      throw BipedMap.refused("the skeleton cannot be identified as a biped", missing: absent)
    }
    precondition(joints.values.allSatisfy { (0..<skeleton.count).contains($0) }, "indices of the skeleton's joints")
    guard Set(joints.values).count == joints.count else {
      throw BipedMap.refused("one joint stands for two")
    }
    for side in [[CanonicalJoint.leftHip, .leftKnee, .leftAnkle], [.rightHip, .rightKnee, .rightAnkle]] {
      let leg = side.compactMap { joints[$0] }
      guard skeleton.isChain(leg) else { throw BipedMap.refused("a leg is no chain of joints") }
    }
    self.joints = joints
    self.method = method
    let rest = RestBody(skeleton: skeleton, joints: joints)
    guard rest.legLength > 1e-4 else { throw BipedMap.refused("the legs have no length") }
    bodyFrame = rest.frame
    notes = rest.notes
  }

  /// Finds the joints by their names, or by the rest pose's shape where names say nothing.
  ///
  /// - Throws: ``SurefootError`` that says which joints of a biped are missing.
  public static func infer(from skeleton: Skeleton) throws(SurefootError) -> BipedMap {
    let names = BipedNames(skeleton)
    let named = names.joints()
    if required.allSatisfy({ named[$0] != nil }) {
      guard !RestBody(skeleton: skeleton, joints: named).standsOnFour else {
        throw BipedMap.refused("the skeleton rests on four legs: it is no biped")
      }
      let map = try? BipedMap(joints: named, of: skeleton, method: .names)
      if names.leftKnees.count < 2, let map { return map }
      if let best = SecondSkeletons(skeleton).best(with: map) { return best }
      return try BipedMap(joints: named, of: skeleton, method: .names)
    }
    if let best = SecondSkeletons(skeleton).best(with: nil) { return best }
    if let shaped = BipedShape(skeleton).joints() {
      return try BipedMap(joints: shaped, of: skeleton, method: .geometry)
    }
    throw refused(
      "the skeleton of \(skeleton.count) joints is no biped that names or shape can tell",
      missing: required.filter { named[$0] == nil })
  }

  /// The error of a skeleton that is no biped, or whose joints cannot be identified.
  static func refused(_ message: String, missing: [CanonicalJoint] = []) -> SurefootError {
    let names = missing.map { "\($0)" }.joined(separator: ", ")
    return SurefootError(
      .unsupportedSkeleton, message: message + (names.isEmpty ? "" : " (missing: \(names))"),
      suggestion: "name the joints in a joint map and give it with --skeleton FILE.yaml")
  }

  /// The height of the person at rest: 1.70 m times the legs' length to the canonical body's [m].
  public func estimatedHeight(of skeleton: Skeleton) -> Double {
    let canonical = RestBody(skeleton: .canonical, joints: .identity).legLength
    return 1.7 * RestBody(skeleton: skeleton, joints: joints).legLength / canonical
  }
}

extension Skeleton {
  /// The joint and all joints above it, the root last.
  package func path(toRootFrom joint: Int) -> [Int] {
    var path = [joint]
    while let parent = joints[path[path.count - 1]].parent { path.append(parent) }
    return path
  }

  /// Whether each joint stands somewhere below the one before it.
  func isChain(_ chain: [Int]) -> Bool {
    zip(chain, chain.dropFirst()).allSatisfy { above, below in
      above != below && path(toRootFrom: below).contains(above)
    }
  }

  /// The lowest joint that is above (or is) both.
  func meeting(_ a: Int, _ b: Int) -> Int {
    let above = Set(path(toRootFrom: a))
    return path(toRootFrom: b).first(where: above.contains) ?? 0
  }

  /// The joint positions of the rest pose, the root at the origin.
  package var restPositions: [SIMD3<Double>] { frames(of: Pose(resting: self)).positions }
}
