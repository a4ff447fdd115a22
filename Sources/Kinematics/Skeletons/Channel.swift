/// One animated number of a joint, as BVH names them.
public enum Channel: Sendable, Hashable, Codable {
  /// A translation along an axis, `Xposition` and so on.
  case position(Axis)
  /// A rotation about an axis, `Zrotation` and so on; rotations apply in the order in which they are listed, left to
  /// right, each in the frame that the ones before it made (intrinsic).
  case rotation(Axis)

  /// Whether this is a translation.
  public var isPosition: Bool {
    if case .position = self { true } else { false }
  }

  /// The axis moved along or turned about.
  public var axis: Axis {
    switch self {
    case .position(let axis), .rotation(let axis): axis
    }
  }
}

extension [Channel] {
  /// Translation X, Y, Z, then rotation Z, Y, X: a new skeleton's root.
  public static let root: [Channel] = [.position(.x), .position(.y), .position(.z)] + rotation
  /// Rotation Z, Y, X: every other joint of a new skeleton.
  public static let rotation: [Channel] = [.rotation(.z), .rotation(.y), .rotation(.x)]
}
