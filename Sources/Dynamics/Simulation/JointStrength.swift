/// How hard a joint holds its target: an implicit PD controller with a cap on its spring torque.
public struct JointStrength: Sendable, Hashable {
  /// Spring [N m/rad].
  public var stiffness: Double
  /// Damper [N m s/rad].
  public var damping: Double
  /// The spring's largest torque, approached smoothly [N m].
  public var torque: Double

  /// A strength by its parts.
  public init(stiffness: Double, damping: Double, torque: Double) {
    self.stiffness = stiffness
    self.damping = damping
    self.torque = torque
  }

  /// The strength of the joint between a segment and its parent in a body of 70 kg.
  ///
  /// Stiffness and damping are in the range of published humanoid trackers (trunk 1500 N m/rad, hip and knee 700, ankle
  /// and shoulder 500, elbow 400, neck 150, damping a tenth). Torques are rounded maxima of strong young men: measured on
  /// dynamometers, means of all young men are lower (D. E. Anderson et al., J. Biomechanics 40 (2007) 3105,
  /// 10.1016/j.jbiomech.2007.03.022, for hip, knee and ankle by angle and speed; A. Stotz et al., BMC Sports Sci. Med.
  /// Rehabil. 14 (2022) 13, 10.1186/s13102-022-00401-9, at the strongest angles). They stand for both directions of a
  /// joint and do not fall with speed.
  public static func of(_ segment: Segment) -> JointStrength {
    switch segment {
    case .pelvis: JointStrength(stiffness: 0, damping: 0, torque: 0)
    case .chest: JointStrength(stiffness: 1500, damping: 150, torque: 300)
    case .head: JointStrength(stiffness: 150, damping: 15, torque: 60)
    case .leftThigh, .rightThigh, .leftShank, .rightShank: JointStrength(stiffness: 700, damping: 70, torque: 300)
    case .leftFoot, .rightFoot: JointStrength(stiffness: 500, damping: 50, torque: 200)
    case .leftUpperArm, .rightUpperArm: JointStrength(stiffness: 500, damping: 50, torque: 150)
    case .leftForearm, .rightForearm: JointStrength(stiffness: 400, damping: 40, torque: 100)
    }
  }

  /// The strength in a simulation with `settings` of a body of `mass` [kg].
  func scaled(_ settings: SimulationSettings, mass: Double) -> JointStrength {
    let scale = settings.stiffnessScale * mass / 70
    return JointStrength(
      stiffness: stiffness * scale, damping: damping * scale, torque: torque * settings.torqueScale * mass / 70)
  }
}
