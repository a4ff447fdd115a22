/// The proportions of an adult's segments.
///
/// Masses, centres of mass and transverse radii of gyration: D. A. Winter, "Biomechanics and Motor Control of Human
/// Movement" (4th ed. 2009), table 4.1, after W. T. Dempster (1955); thorax and abdomen are one, and so are forearm and
/// hand. Longitudinal radii of gyration: P. de Leva, "Adjustments to Zatsiorsky-Seluyanov's segment inertia
/// parameters", J. Biomechanics 29 (1996), 10.1016/0021-9290(95)00178-6, table 4, men.
struct Anthropometry: Sendable {
  /// The share of the body's mass.
  var mass: Double
  /// From the proximal joint, as a share of the segment's length.
  var centre: Double
  /// About a transverse axis through the centre of mass, as a share of the length.
  var transverseGyration: Double
  /// About the long axis, as a share of the length.
  var longitudinalGyration: Double

  static func of(_ segment: Segment) -> Anthropometry {
    switch segment {
    case .pelvis: Anthropometry(mass: 0.142, centre: 0.5, transverseGyration: 0, longitudinalGyration: 0)
    case .chest: Anthropometry(mass: 0.355, centre: 0.5, transverseGyration: 0, longitudinalGyration: 0)
    case .head: Anthropometry(mass: 0.081, centre: 0.5, transverseGyration: 0, longitudinalGyration: 0)
    case .leftThigh, .rightThigh:
      Anthropometry(mass: 0.100, centre: 0.433, transverseGyration: 0.323, longitudinalGyration: 0.149)
    case .leftShank, .rightShank:
      Anthropometry(mass: 0.0465, centre: 0.433, transverseGyration: 0.302, longitudinalGyration: 0.103)
    case .leftFoot, .rightFoot:
      Anthropometry(mass: 0.0145, centre: 0.5, transverseGyration: 0.475, longitudinalGyration: 0.124)
    case .leftUpperArm, .rightUpperArm:
      Anthropometry(mass: 0.028, centre: 0.436, transverseGyration: 0.322, longitudinalGyration: 0.158)
    case .leftForearm, .rightForearm:
      Anthropometry(mass: 0.022, centre: 0.682, transverseGyration: 0.468, longitudinalGyration: 0.121)
    }
  }

  /// Sizes [m] of a body whose legs (thigh and shank) are ``referenceLeg`` long; they scale with the legs.
  ///
  /// No table gives radii of capsules. These are chosen so that the capsules of a 70 kg person have about the tabulated
  /// masses at the density of tissue (1.0 to 1.1 kg/l: Winter, table 4.1). Foot, hand and head sizes are round
  /// numbers of an adult, chosen by hand.
  enum Size {
    /// Thigh and shank of a person 1.70 m tall: (0.245 + 0.246) of the height (Winter, figure 4.1) [m].
    static let referenceLeg = 0.835
    static let pelvisRadius = 0.065
    static let chestRadius = 0.11
    static let headRadius = 0.095
    static let headHeight = 0.265
    static let thighRadius = 0.060
    static let shankRadius = 0.048
    static let upperArmRadius = 0.045
    static let forearmRadius = 0.032
    static let hand = 0.09
    static let footWidth = 0.09
    /// Of the canonical body (`CanonicalJoint`), for skeletons that lack the joints.
    static let hipsToShoulders = 0.49
    static let neckAboveShoulders = 0.07
    static let headAboveShoulders = 0.17
    static let shoulderReach = 0.18
    /// From the shoulder down to the centre of mass of a hanging arm's two parts.
    static let upperArmDrop = 0.124
    static let forearmDrop = 0.455
    /// From the ankle back to the heel's edge.
    static let heel = 0.05
    /// From the toe joint, or its estimated place, forward to the sole's front edge.
    static let ball = 0.02
    /// From the ankle forward to the toe joint of a skeleton that has none.
    static let toe = 0.12
    /// From the sole up to the ankle of a skeleton that has no toe joint.
    static let ankleHeight = 0.055
  }
}
