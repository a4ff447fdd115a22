public import Kinematics

/// A figure of bones to look at: an octahedron from each joint to each of its children and to its End Site.
struct BoneShapes {
  private(set) var vertices: [SIMD3<Double>] = []
  /// The joint that each vertex follows.
  private(set) var joints: [Int] = []
  /// Three vertices a triangle, counter-clockwise from outside.
  private(set) var indices: [Int] = []

  /// The bones of a skeleton whose joints stand at `positions`.
  init(_ skeleton: Skeleton, at positions: [SIMD3<Double>]) {
    for (index, joint) in skeleton.joints.enumerated() {
      let below = skeleton.children[index].map { positions[$0] }
      for tip in below + [joint.endSite.map { positions[index] + $0 }].compactMap({ $0 }) {
        addBone(from: positions[index], to: tip, following: index)
      }
    }
  }

  private mutating func addBone(from start: SIMD3<Double>, to end: SIMD3<Double>, following joint: Int) {
    let bone = end - start
    guard bone.length > 1e-6 else { return }
    let direction = bone.normalized
    let helper: SIMD3<Double> = abs(direction.y) < 0.9 ? .unitY : .unitX
    let side = direction.cross(helper).normalized
    let other = direction.cross(side)
    let (width, waist) = (min(0.1 * bone.length, 0.03), start + 0.15 * bone)
    let first = vertices.count
    vertices += [
      start, waist + side * width, waist + other * width, waist - side * width, waist - other * width, end,
    ]
    joints += Array(repeating: joint, count: 6)
    for corner in 0..<4 {
      let (a, b) = (first + 1 + corner, first + 1 + (corner + 1) % 4)
      indices += [first, b, a, first + 5, a, b]
    }
  }
}
