import Mocap
public import Tensors

/// Forward kinematics of batches of features, through which derivatives flow: what the geometric losses are made of.
public struct DifferentiableKinematics: Sendable {
  private struct Level: Sendable {
    var joints: [Int]
    /// Where each joint's parent stands in the level above.
    var parents: Tensor
    /// `[joints, 3, 1]`.
    var offsets: Tensor
    /// The joints' own numbers, for looking up their rotations.
    var indices: Tensor
  }

  private let representation: MotionRepresentation
  private let levels: [Level]
  /// For each joint, its place in the levels written one after another.
  private let order: Tensor

  /// Kinematics of a representation's skeleton.
  public init(_ representation: MotionRepresentation) {
    self.representation = representation
    let skeleton = representation.skeleton
    var above = [0]
    var levels: [Level] = []
    var written = [0]
    while true {
      let joints = above.flatMap { skeleton.children[$0] }
      guard !joints.isEmpty else { break }
      let parents = joints.map { joint in above.firstIndex { $0 == skeleton.joints[joint].parent } ?? 0 }
      let offsets = joints.flatMap { joint in (0..<3).map { Float(skeleton.joints[joint].offset[$0]) } }
      levels.append(
        Level(
          joints: joints, parents: Tensor(indices: parents), offsets: Tensor(offsets, shape: [joints.count, 3, 1]),
          indices: Tensor(indices: joints)))
      written += joints
      above = joints
    }
    self.levels = levels
    var places = [Int](repeating: 0, count: skeleton.count)
    for (place, joint) in written.enumerated() { places[joint] = place }
    order = Tensor(indices: places)
  }

  /// Rotation matrices `[..., 3, 3]` of the first two columns `[..., 6]` by Gram and Schmidt's method.
  static func matrices(_ columns: Tensor) -> Tensor {
    let dimension = columns.shape.count - 1
    func normalized(_ x: Tensor) -> Tensor {
      x * (x.squared().sum(dimension, keeping: true) + 1e-12).reciprocalSquareRoot()
    }
    let a = normalized(columns.narrowed(dimension, 0..<3))
    let second = columns.narrowed(dimension, 3..<6)
    let b = normalized(second - a * (a * second).sum(dimension, keeping: true))
    let (u, v) = (a.unbound(dimension), b.unbound(dimension))
    let c = Tensor.stacked(
      [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]], dimension)
    return Tensor.stacked([a, b, c], dimension + 1)
  }

  /// The joints' positions in the facing frame, the root above the origin: `[batch, frames, joints, 3]` in metres, of
  /// features (not normalised) `[batch, frames, width]`.
  public func positions(_ features: Tensor) -> Tensor {
    let (batch, frames, joints) = (features.shape[0], features.shape[1], representation.skeleton.count)
    let rows = features.reshaped(batch * frames, features.shape[2])
    let start = MotionRepresentation.rotationsStart
    let local = Self.matrices(
      rows.narrowed(1, start..<start + 6 * joints).reshaped(batch * frames, joints, 6))
    let height = rows.narrowed(1, 3..<4)
    let zero = height * 0
    var rotations = local.narrowed(1, 0..<1)
    var positions = Tensor.concatenated([zero, height, zero], 1).reshaped(batch * frames, 1, 3)
    var all = [positions]
    for level in levels {
      let parents = rotations.gathered(1, level.parents)
      let moved = parents.matmul(level.offsets).reshaped(batch * frames, level.joints.count, 3)
      positions = positions.gathered(1, level.parents) + moved
      rotations = parents.matmul(local.gathered(1, level.indices))
      all.append(positions)
    }
    return Tensor.concatenated(all, 1).gathered(1, order).reshaped(batch, frames, joints, 3)
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
