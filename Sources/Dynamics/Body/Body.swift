public import Kinematics

/// One rigid segment of a ``BodyModel``. Its frame is that of its `carrier`, the joint that moves all of it.
public struct Body: Sendable, Hashable {
  /// Which part of the body.
  public let segment: Segment
  /// The index of the parent's ``Body``, `nil` for the pelvis.
  public let parent: Int?
  /// The skeleton's joint whose frame is the segment's.
  public let carrier: Int
  /// The skeleton's joints that share a turn of the segment against its parent, outermost last.
  public let driven: [Int]
  /// The joints from the last driven one on to the carrier, which keep their own motion (twist joints).
  public let followers: [Int]
  /// Where the segment is jointed, in the parent's frame [m].
  public let anchor: SIMD3<Double>
  /// Where the segment is jointed, in its own frame [m]; zero where the carrier is the joint itself.
  public let pivot: SIMD3<Double>
  /// [kg].
  public let mass: Double
  /// The centre of mass in the segment's frame [m].
  public let centreOfMass: SIMD3<Double>
  /// The long axis, a unit vector in the segment's frame: the axis of symmetry of the inertia.
  public let axis: SIMD3<Double>
  /// About the long axis through the centre of mass [kg m^2].
  public let longitudinalInertia: Double
  /// About any transverse axis through the centre of mass [kg m^2].
  public let transverseInertia: Double
  /// The solid.
  public let shape: Shape

  /// The inertia times a vector, both in the segment's frame.
  func inertia(_ w: SIMD3<Double>) -> SIMD3<Double> {
    transverseInertia * w + (longitudinalInertia - transverseInertia) * axis.dot(w) * axis
  }
}

/// Where a body model's segments are: every carrier's position and orientation in the world.
public struct BodyState: Sendable, Hashable {
  /// The origin of every segment's frame [m].
  public var positions: [SIMD3<Double>]
  /// The orientation of every segment's frame.
  public var rotations: [Quaternion]

  /// A state by its parts.
  public init(positions: [SIMD3<Double>], rotations: [Quaternion]) {
    self.positions = positions
    self.rotations = rotations
  }

  /// A point of segment `index`'s frame, in the world.
  public func world(_ index: Int, _ point: SIMD3<Double>) -> SIMD3<Double> {
    positions[index] + rotations[index].act(point)
  }
}
