public import Kinematics

/// What an ASF file says: the skeleton, and how AMC rows drive it.
public struct AcclaimSkeleton: Sendable, Hashable {
  /// A bone of the file.
  public struct Bone: Sendable, Hashable {
    /// The bone's name.
    public var name: String
    /// Its direction at rest, of length 1, in the world's axes.
    public var direction: SIMD3<Double>
    /// Its length [m].
    public var length: Double
    /// Its local axes at rest, in the world's.
    public var axes: Quaternion
    /// The axes that it turns about, in the order of an AMC row; applied first to last, each about a fixed axis.
    public var degreesOfFreedom: [Axis]
    /// The range of each degree of freedom [rad]; empty if the file gives none.
    public var limits: [ClosedRange<Double>]
  }

  /// The root's part of an AMC row.
  public struct Root: Sendable, Hashable {
    /// What the numbers of a row are, in order.
    public var order: [Channel] = .root
    /// The root's place at rest [m].
    public var position = SIMD3<Double>()
    /// The root's axes at rest.
    public var axes = Quaternion.identity
  }

  /// The figure at rest, one joint a bone, at the bone's near end; see ``ASF``.
  public var skeleton: Skeleton
  /// The bones in the file's order, the root not among them.
  public var bones: [Bone]
  /// The root's part of a row.
  public var root: Root
  /// The joint of every bone by the bone's name; bones that turn with their parent share its joint.
  public var jointOfBone: [String: Int]
  /// Metres in the file's length unit.
  public var metresPerUnit: Double
  /// Whether the file's angles are degrees, which an AMC file may say otherwise.
  public var usesDegrees: Bool
}
