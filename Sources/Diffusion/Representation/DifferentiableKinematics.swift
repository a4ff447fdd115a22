public import Tensors
import Kinematics

/// Forward kinematics of batches of features, through which derivatives flow: what the geometric losses are made of.
public struct DifferentiableKinematics: Sendable {
  private let representation: MotionRepresentation
  private let parents: [Int]
  private let offsets: [Double]

  /// Kinematics of a representation's skeleton.
  public init(_ representation: MotionRepresentation) {
    self.representation = representation
    parents = representation.skeleton.joints.map { $0.parent ?? -1 }
    offsets = representation.skeleton.joints.flatMap { [$0.offset.x, $0.offset.y, $0.offset.z] }
  }

  /// The joints' positions in the facing frame, the root above the origin: `[batch, frames, joints, 3]` in metres, of
  /// features (not normalised) `[batch, frames, width]`.
  public func positions(_ features: Tensor) -> Tensor {
    let shape = features.shape
    return features.reshaped(shape[0] * shape[1], shape[2])
      .forwardKinematics(
        parents: parents, offsets: offsets, rotations: MotionRepresentation.rotationsStart,
        height: MotionRepresentation.heightColumn
      )
      .reshaped(shape[0], shape[1], parents.count, 3)
  }

  /// The joints' velocities in each frame's facing frame: `[batch, frames - 1, joints, 3]` in m/s.
  public func velocities(_ features: Tensor, positions: Tensor) -> Tensor {
    let frames = features.shape[1]
    let frameTime = 1 / representation.frameRate
    let root = features.narrowed(1, 0..<frames - 1).narrowed(2, 0..<3).unsqueezed(2) * frameTime
    let parts = root.unbound(3)
    let next = positions.narrowed(1, 1..<frames).unbound(3)
    let (c, s) = (parts[0].cos(), parts[0].sin())
    let x = c * next[0] + s * next[2] + parts[1]
    let z = c * next[2] - s * next[0] + parts[2]
    return (Tensor.stacked([x, next[1], z], 3) - positions.narrowed(1, 0..<frames - 1)) / frameTime
  }
}
