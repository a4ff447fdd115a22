public import Kinematics

/// One rigid segment of a ``BodyModel``: its place in the tree, its mass and its solid.
///
/// Its frame is that of its `carrier`, the skeleton's joint that moves the whole segment. Models make bodies; read them to
/// draw a segment or to compute with its mass.
public struct Body: Sendable, Hashable {
  /// The part of the body.
  public let segment: Segment
  /// The index of the parent's ``Body``, `nil` for the pelvis.
  public let parent: Int?
  /// The skeleton's joint whose frame is the segment's.
  package let carrier: Int
  /// The skeleton's joints that share the segment's rotation against its parent, outermost last.
  package let driven: [Int]
  /// The joints from the last driven one on to the carrier, which keep their own motion (twist joints).
  package let followers: [Int]
  /// The joint to the parent, in the parent's frame [m].
  package let anchor: SIMD3<Double>
  /// The joint to the parent, in this segment's frame [m]; zero where the carrier is that joint.
  package let pivot: SIMD3<Double>
  /// The segment's mass [kg].
  public let mass: Double
  /// The centre of mass in the segment's frame [m].
  public let centreOfMass: SIMD3<Double>
  /// The long axis, a unit vector in the segment's frame: the axis of symmetry of the inertia.
  public let axis: SIMD3<Double>
  /// About the long axis through the centre of mass [kg m^2].
  public let longitudinalInertia: Double
  /// About any transverse axis through the centre of mass [kg m^2].
  public let transverseInertia: Double
  /// The solid, for collisions, heights and pictures.
  public let shape: Shape

  /// The inertia times a vector, both in the segment's frame.
  func inertia(_ w: SIMD3<Double>) -> SIMD3<Double> {
    transverseInertia * w + (longitudinalInertia - transverseInertia) * axis.dot(w) * axis
  }
}

/// A segment's solid, in the segment's frame [m].
public enum Shape: Sendable, Hashable {
  /// All points nearer than `radius` to the line from `from` to `to`; a sphere if the two coincide.
  case capsule(from: SIMD3<Double>, to: SIMD3<Double>, radius: Double)
  /// A box about `centre` whose axes are rotated by `rotation`.
  case box(centre: SIMD3<Double>, rotation: Quaternion, halfExtents: SIMD3<Double>)

  /// The middle of the shape.
  public var centre: SIMD3<Double> {
    switch self {
    case .capsule(let from, let to, _): (from + to) / 2
    case .box(let centre, _, _): centre
    }
  }

  /// The distance from the segment's origin below which the whole shape lies.
  package var boundingRadius: Double {
    switch self {
    case .capsule(let from, let to, let radius): max(from.length, to.length) + radius
    case .box(let centre, _, let half): centre.length + half.length
    }
  }
}
