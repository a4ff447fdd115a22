/// Where a skeleton's joints are at one instant.
public struct Pose: Sendable, Hashable {
  /// The root joint's position in the world [m].
  public var rootPosition: SIMD3<Double>
  /// One local rotation a joint, in the parent's frame; the root's is in the world.
  public var rotations: [Quaternion]
  /// Local translations that stand in for the offset of joints that have position channels and are not the root [m].
  /// Empty for nearly every file.
  public var translations: [Int: SIMD3<Double>]

  /// A pose by its parts.
  public init(rootPosition: SIMD3<Double>, rotations: [Quaternion], translations: [Int: SIMD3<Double>] = [:]) {
    self.rootPosition = rootPosition
    self.rotations = rotations
    self.translations = translations
  }

  /// The rest pose with the root at `rootPosition`.
  public init(resting skeleton: Skeleton, rootPosition: SIMD3<Double> = .zero) {
    self.init(rootPosition: rootPosition, rotations: Array(repeating: .identity, count: skeleton.count))
  }

  /// Whether no number in it is NaN or infinite.
  public var isFinite: Bool {
    rootPosition.isFinite && rotations.allSatisfy(\.isFinite) && translations.values.allSatisfy(\.isFinite)
  }

  /// The pose between this one and `other`: this at 0, `other` at 1. Rotations take the shorter arc.
  public func interpolated(to other: Pose, _ t: Double) -> Pose {
    var result = self
    result.rootPosition += (other.rootPosition - rootPosition) * t
    for joint in rotations.indices {
      result.rotations[joint] = rotations[joint].interpolated(to: other.rotations[joint], t)
    }
    for (joint, value) in translations {
      result.translations[joint] = value + ((other.translations[joint] ?? value) - value) * t
    }
    return result
  }
}
