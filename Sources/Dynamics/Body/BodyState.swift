public import Kinematics

/// The positions and orientations of a body model's segments in the world.
///
/// ``BodyModel/state(of:)-(Pose)`` makes one from a pose, ``Simulation/state`` from a simulation.
public struct BodyState: Sendable, Hashable {
  /// The origin of every segment's frame [m].
  public var positions: [SIMD3<Double>]
  /// The orientation of every segment's frame.
  public var rotations: [Quaternion]

  /// A state whose frames are known, in the order of ``BodyModel/bodies``.
  public init(positions: [SIMD3<Double>], rotations: [Quaternion]) {
    self.positions = positions
    self.rotations = rotations
  }

  /// The place in the world of a point in segment `index`'s frame [m].
  public func world(_ index: Int, _ point: SIMD3<Double>) -> SIMD3<Double> {
    positions[index] + rotations[index].act(point)
  }
}

/// The velocities of a body model's segments in the world, to start a ``Simulation`` from.
public struct BodyVelocities: Sendable, Hashable {
  /// Of the origin of every segment's frame [m/s].
  public var linear: [SIMD3<Double>]
  /// Of every segment [rad/s].
  public var angular: [SIMD3<Double>]

  /// Velocities that are known for every segment, in the order of ``BodyModel/bodies``.
  public init(linear: [SIMD3<Double>], angular: [SIMD3<Double>]) {
    self.linear = linear
    self.angular = angular
  }

  /// The velocities of a body at rest.
  public static func zero(_ body: BodyModel) -> BodyVelocities {
    let zeros = [SIMD3<Double>](repeating: .zero, count: body.bodies.count)
    return BodyVelocities(linear: zeros, angular: zeros)
  }

  /// The mean velocities between two states that are `time` seconds apart.
  public init(from a: BodyState, to b: BodyState, time: Double) {
    linear = zip(a.positions, b.positions).map { ($1 - $0) / time }
    angular = zip(a.rotations, b.rotations).map { ($1 * $0.inverse).rotationVector / time }
  }
}

/// A force and a torque on a body, such as the residual that inverse dynamics or a simulation needs on the pelvis.
public struct Wrench: Sendable, Hashable {
  /// In the world [N].
  public var force = SIMD3<Double>.zero
  /// About the point of application [N m].
  public var torque = SIMD3<Double>.zero

  /// No force and no torque.
  public init() {}

  /// A force and the torque about the point at which it acts.
  public init(force: SIMD3<Double>, torque: SIMD3<Double>) {
    self.force = force
    self.torque = torque
  }

  /// The wrench's size relative to a body's weight: the norm of the force and of the torque divided by the legs' length.
  public func bodyWeights(of body: BodyModel) -> Double {
    (force.squaredLength + (torque / body.legLength).squaredLength).squareRoot() / body.weight
  }
}
