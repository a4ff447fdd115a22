package import Kinematics

/// The kinematic chain of a saved state: orientations, velocities, and the arms by which small rotations of the segments
/// move points.
///
/// The coordinates are the position of the pelvis's centre of mass and every segment's rotation in the world. A point on
/// segment `i` is the pelvis's centre of mass plus one arm for each segment on the path to `i`: rotating segment `k` by a
/// small `d` moves the point by `d x arm(k)`. Load it again and again: nothing is allocated.
package final class KinematicChainState {
  /// The segments from the pelvis to each segment, both included.
  package let paths: [[Int]]
  /// Every segment's orientation.
  package private(set) var rotations: [Quaternion]
  /// Every segment's angular velocity [rad/s].
  package private(set) var angularVelocities: [SIMD3<Double>]
  /// Every segment's centre of mass [m].
  package private(set) var centres: [SIMD3<Double>]
  /// The velocity of every segment's centre of mass [m/s].
  package private(set) var velocities: [SIMD3<Double>]
  /// The joint of every segment to its parent; for the pelvis its centre of mass [m].
  package private(set) var joints: [SIMD3<Double>]

  private let pivots: [SIMD3<Double>]

  /// The chain of a body; ``load(_:)`` gives it a state.
  package init(body: BodyModel) {
    var paths: [[Int]] = []
    for (index, part) in body.bodies.enumerated() {
      paths.append((part.parent.map { paths[$0] } ?? []) + [index])
    }
    self.paths = paths
    pivots = body.bodies.map { $0.parent == nil ? .zero : $0.pivot - $0.centreOfMass }
    rotations = body.bodies.map { _ in .identity }
    angularVelocities = pivots
    centres = pivots
    velocities = pivots
    joints = pivots
  }

  /// Reads a state that ``Simulation/save(into:)`` wrote.
  package func load(_ numbers: UnsafePointer<Double>) {
    let saved = SavedBodyState(numbers, segments: rotations.count)
    for i in rotations.indices {
      centres[i] = saved.position(of: i)
      rotations[i] = saved.rotation(of: i)
      velocities[i] = saved.velocity(of: i)
      angularVelocities[i] = saved.angularVelocity(of: i)
      joints[i] = centres[i] + rotations[i].act(pivots[i])
    }
  }

  /// The arm of the `place`-th segment on the path to `point` of segment `i` [m].
  @inline(__always) package func arm(_ place: Int, of i: Int, to point: SIMD3<Double>) -> SIMD3<Double> {
    let path = paths[i]
    return (place + 1 < path.count ? joints[path[place + 1]] : point) - joints[path[place]]
  }
}
