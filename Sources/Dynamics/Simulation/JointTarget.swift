import Foundation
public import Kinematics

/// What one joint is to follow in one step, in the frame of the segment's parent.
public struct JointTarget: Sendable, Hashable {
  /// The segment's orientation relative to its parent.
  public var rotation: Quaternion
  /// The segment's spin relative to its parent [rad/s].
  public var spin: SIMD3<Double>
  /// A torque beside spring and damper [N m].
  public var torque: SIMD3<Double>

  /// A target by its parts.
  public init(rotation: Quaternion, spin: SIMD3<Double> = .zero, torque: SIMD3<Double> = .zero) {
    self.rotation = rotation
    self.spin = spin
    self.torque = torque
  }
}

extension JointStrength {
  /// The torque of spring and feed-forward together. The spring's pull levels off smoothly at its largest torque, for a
  /// hard cap would make the motion's derivative by its targets vanish.
  func pull(_ target: JointTarget, from now: Quaternion) -> SIMD3<Double> {
    var error = (target.rotation * now.inverse).rotationVector
    let most = torque / stiffness
    let size = error.length
    if size > 1e-6 { error *= most * tanh(size / most) / size }
    return error * stiffness + target.torque * min(1, torque / max(target.torque.length, 1e-9))
  }

  /// The spring's error, and the derivative of ``pull(_:from:)`` by it.
  func pullDerivative(_ target: JointTarget, from now: Quaternion) -> (error: SIMD3<Double>, derivative: Matrix3) {
    let error = (target.rotation * now.inverse).rotationVector
    let most = torque / stiffness
    let size = error.length
    guard size > 1e-6 else { return (error, .identity * stiffness) }
    let along = error / size
    let level = tanh(size / most)
    let across = most * level / size
    let radial = 1 - level * level
    let derivative = Matrix3.identity * across + Matrix3(along, times: along) * (radial - across)
    return (error, derivative * stiffness)
  }

  /// The motor's damping in the implicit step: what a unit of relative spin costs [N m s/rad].
  func implicitDamping(_ step: Double) -> Double { step * stiffness + damping }
}
