import Foundation
package import Kinematics

/// The gains of a joint's implicit PD controller, and the limit of its spring torque.
package struct JointGains: Sendable, Hashable {
  /// Spring [N m/rad].
  package var stiffness: Double
  /// Damper [N m s/rad].
  package var damping: Double
  /// The largest torque of the spring, approached smoothly [N m].
  package var maxTorque: Double

  /// The gains of the joint between a segment and its parent in a body of 70 kg.
  ///
  /// Stiffness and damping are in the range of published humanoid trackers (trunk 1500 N m/rad, hip and knee 700, ankle
  /// and shoulder 500, elbow 400, neck 150, damping a tenth). Torques are rounded maxima of strong young men, measured on
  /// dynamometers; means of all young men are lower (D. E. Anderson et al., J. Biomechanics 40 (2007) 3105,
  /// 10.1016/j.jbiomech.2007.03.022, for hip, knee and ankle by angle and speed; A. Stotz et al., BMC Sports Sci. Med.
  /// Rehabil. 14 (2022) 13, 10.1186/s13102-022-00401-9, at the strongest angles). They apply to both directions of a
  /// joint and do not fall with speed.
  static func of(_ segment: Segment) -> JointGains {
    switch segment {
    case .pelvis: JointGains(stiffness: 0, damping: 0, maxTorque: 0)
    case .chest: JointGains(stiffness: 1500, damping: 150, maxTorque: 300)
    case .head: JointGains(stiffness: 150, damping: 15, maxTorque: 60)
    case .leftThigh, .rightThigh, .leftShank, .rightShank: JointGains(stiffness: 700, damping: 70, maxTorque: 300)
    case .leftFoot, .rightFoot: JointGains(stiffness: 500, damping: 50, maxTorque: 200)
    case .leftUpperArm, .rightUpperArm: JointGains(stiffness: 500, damping: 50, maxTorque: 150)
    case .leftForearm, .rightForearm: JointGains(stiffness: 400, damping: 40, maxTorque: 100)
    }
  }

  /// The gains in a simulation with `settings` of a body of `mass` [kg].
  func scaled(_ settings: SimulationSettings, mass: Double) -> JointGains {
    let scale = settings.stiffnessScale * mass / 70
    return JointGains(
      stiffness: stiffness * scale, damping: damping * scale,
      maxTorque: maxTorque * settings.torqueScale * mass / 70)
  }
}

/// A joint's target in one step, in the frame of the segment's parent.
package struct JointTarget: Sendable, Hashable {
  /// The segment's orientation relative to its parent.
  package var rotation: Quaternion
  /// The segment's angular velocity relative to its parent [rad/s].
  package var angularVelocity: SIMD3<Double>
  /// A feed-forward torque, added to those of spring and damper [N m].
  package var torque: SIMD3<Double>

  /// A target that rests, unless it has an angular velocity, with an optional feed-forward torque.
  package init(rotation: Quaternion, angularVelocity: SIMD3<Double> = .zero, torque: SIMD3<Double> = .zero) {
    self.rotation = rotation
    self.angularVelocity = angularVelocity
    self.torque = torque
  }
}

extension JointGains {
  /// The torque of spring and feed-forward together at an orientation [N m].
  ///
  /// The spring's torque saturates smoothly at ``maxTorque``: a hard limit would make the derivative of the motion by its
  /// targets vanish.
  func torque(toward target: JointTarget, from rotation: Quaternion) -> SIMD3<Double> {
    var error = (target.rotation * rotation.inverse).rotationVector
    let maxError = maxTorque / stiffness
    let size = error.length
    if size > 1e-6 { error *= maxError * tanh(size / maxError) / size }
    return error * stiffness + target.torque * min(1, maxTorque / max(target.torque.length, 1e-9))
  }

  /// The motor's damping in a step of `step` seconds: the torque for a unit of relative angular velocity [N m s/rad].
  func implicitDamping(_ step: Double) -> Double { step * stiffness + damping }
}
