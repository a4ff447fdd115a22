package import Kinematics

/// Where every segment of a saved state hangs: joints, centres of mass and the arms between them, by which small turns
/// and spins of segments move points.
///
/// A segment's coordinates are the pelvis's centre of mass and every segment's own turn in the world. A point on segment
/// `i` is the pelvis's centre plus one arm for each segment on the way to `i`: turning segment `k` by a small `d` moves
/// the point by `d x arm(k)`.
package final class Branches {
  /// The segments from the pelvis to each segment, both included.
  package let paths: [[Int]]
  /// Every segment's orientation.
  package private(set) var turns: [Quaternion]
  /// Every segment's spin [rad/s].
  package private(set) var spins: [SIMD3<Double>]
  /// Every segment's centre of mass [m].
  package private(set) var centres: [SIMD3<Double>]
  /// The velocity of every segment's centre of mass [m/s].
  package private(set) var velocities: [SIMD3<Double>]
  /// Where every segment is jointed to its parent; the pelvis's centre of mass [m].
  package private(set) var joints: [SIMD3<Double>]

  private let pivots: [SIMD3<Double>]

  /// Branches of a body, to be loaded.
  package init(body: BodyModel) {
    var paths: [[Int]] = []
    for (index, part) in body.bodies.enumerated() {
      paths.append((part.parent.map { paths[$0] } ?? []) + [index])
    }
    self.paths = paths
    pivots = body.bodies.map { $0.parent == nil ? .zero : $0.pivot - $0.centreOfMass }
    turns = body.bodies.map { _ in .identity }
    spins = pivots
    centres = pivots
    velocities = pivots
    joints = pivots
  }

  /// Reads a state that ``Simulation/save(into:)`` wrote.
  package func load(_ numbers: UnsafePointer<Double>) {
    var p = numbers
    for i in turns.indices {
      centres[i] = SIMD3(p[0], p[1], p[2])
      turns[i] = Quaternion(w: p[3], x: p[4], y: p[5], z: p[6])
      velocities[i] = SIMD3(p[7], p[8], p[9])
      spins[i] = SIMD3(p[10], p[11], p[12])
      joints[i] = centres[i] + turns[i].act(pivots[i])
      p += 13
    }
  }

  /// The arm of the `place`-th segment on the way to `point` of segment `i`.
  @inline(__always) package func arm(_ place: Int, of i: Int, to point: SIMD3<Double>) -> SIMD3<Double> {
    let path = paths[i]
    return (place + 1 < path.count ? joints[path[place + 1]] : point) - joints[path[place]]
  }
}
