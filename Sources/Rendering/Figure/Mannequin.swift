public import Kinematics
public import Retargeting

/// The solid figure that a skeleton is drawn as: limbs that taper from one point of the body to another.
///
///     let mannequin = Mannequin(skeleton)
///     let points = mannequin.points(of: skeleton.frames(of: pose))
///     for limb in mannequin.limbs { draw(points[limb.from], points[limb.to]) }
///
/// Points are the skeleton's joints, in their order, then points between and beyond them: heels, waist, ribs, skull, hands.
/// A biped gets a human figure by its canonical joints; any other skeleton gets its bones. The figure is only drawn; physics
/// is measured on the body model.
public struct Mannequin: Sendable {
  /// A solid from one sphere to another.
  public struct Limb: Sendable, Hashable {
    /// The centre of the first sphere, as an index of a point.
    public var from: Int
    /// The centre of the second sphere, as an index of a point.
    public var to: Int
    /// The first sphere's radius [m].
    public var fromRadius: Double
    /// The second sphere's radius [m].
    public var toRadius: Double
    /// The part of the body.
    public var part: Part
  }

  /// The parts whose colour can differ.
  public enum Part: Int, Sendable, Hashable {
    // Named by anatomy.
    case body, leftFoot, rightFoot
  }

  /// A point of the body: a weighted sum of joints' places, and an offset in one joint's frame.
  struct Anchor: Sendable {
    var terms: [(joint: Int, weight: Double)]
    var frame = 0
    var offset = SIMD3<Double>.zero
  }

  /// The solids.
  public let limbs: [Limb]
  /// How many joints the skeleton has: the first of the points.
  public let jointCount: Int
  /// The joints of a biped, by canonical joint; empty for any other skeleton.
  public let joints: [CanonicalJoint: Int]
  let anchors: [Anchor]

  /// How many points there are in a frame.
  public var pointCount: Int { jointCount + anchors.count }

  /// The figure of a skeleton.
  ///
  /// - Parameters:
  ///   - map: The skeleton's canonical joints; inferred without one.
  ///   - motion: A motion of the skeleton that shows how the figure stands; without one the rest pose does.
  public init(_ skeleton: Skeleton, map: BipedMap? = nil, standingIn motion: Motion? = nil) {
    jointCount = skeleton.count
    let map = map ?? (try? BipedMap.understanding(skeleton))
    joints = map?.joints ?? [:]
    if let map {
      let standing = motion.flatMap { StandingPose.found(in: $0, joints: map.joints) }
      var plan = MannequinPlan(skeleton: skeleton, map: map, standing: standing)
      plan.build()
      (limbs, anchors) = (plan.limbs, plan.anchors)
    } else {
      (limbs, anchors) = Mannequin.bones(of: skeleton)
    }
  }

  /// Every point's place in a frame [m].
  public func points(of frames: JointFrames) -> [SIMD3<Double>] {
    frames.positions
      + anchors.map { anchor in
        anchor.terms.reduce(frames.rotations[anchor.frame].act(anchor.offset)) {
          $0 + frames.positions[$1.joint] * $1.weight
        }
      }
  }

  private static func bones(of skeleton: Skeleton) -> ([Limb], [Anchor]) {
    var limbs: [Limb] = []
    var anchors: [Anchor] = []
    func add(_ from: Int, _ to: Int, _ length: Double) {
      let radius = min(max(0.12 * length, 0.006), 0.05)
      limbs.append(Limb(from: from, to: to, fromRadius: radius, toRadius: 0.7 * radius, part: .body))
    }
    for (index, joint) in skeleton.joints.enumerated() {
      if let parent = joint.parent { add(parent, index, joint.offset.length) }
      if let tip = joint.endSite {
        anchors.append(Anchor(terms: [(index, 1)], frame: index, offset: tip))
        add(index, skeleton.count + anchors.count - 1, tip.length)
      }
    }
    return (limbs, anchors)
  }
}
