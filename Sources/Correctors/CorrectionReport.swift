public import Dynamics
public import Kinematics

/// The figures of one correction.
public struct CorrectionReport: Sendable, Hashable, Codable {
  /// The input's plausibility.
  public var before: PlausibilityMetrics
  /// The output's plausibility.
  public var after: PlausibilityMetrics
  /// Mean distance of the joints to the input's, in the world [mm].
  public var mpjpe: Double
  /// The same with both roots at the origin [mm].
  public var rootRelativeMPJPE: Double
  /// Mean change of the joints' second difference against the input's [mm per frame^2].
  public var accelerationError: Double
  /// The residual force and torque that the corrector itself applied to the root, a frame [body weights]; zeros for a
  /// corrector that applies none, empty for one that simulates nothing.
  public var appliedResidual: [Double]
  /// Which feet bear load on the floor, a frame.
  public var contacts: [GroundContacts]
  /// The names of the joints that met their limits.
  public var jointsAtLimit: [String]
  /// The largest torque of each joint, by the skeleton's names [N m]; `nil` for a corrector that simulates none.
  public var peakTorques: [String: Double]?
  /// How the planning went; `nil` for a corrector that does not plan.
  public var planning: PlanningCounts?
  /// Which corrector made the motion, where several were tried; else `nil`.
  public var corrector: String?
  /// The stretches that are followed loosely; `nil` if nobody looked.
  public var looseStretches: [LooseStretch]?
  /// CPU seconds spent by the corrector.
  public var seconds: Double
  /// What a user should know, a sentence each.
  public var notes: [String]

  /// A report whose figures were measured already. ``Correction/measured(from:to:body:appliedResidual:contacts:seconds:notes:)``
  /// measures them.
  public init(
    before: PlausibilityMetrics, after: PlausibilityMetrics, mpjpe: Double, rootRelativeMPJPE: Double,
    accelerationError: Double, appliedResidual: [Double] = [], contacts: [GroundContacts] = [],
    jointsAtLimit: [String] = [], peakTorques: [String: Double]? = nil, planning: PlanningCounts? = nil,
    seconds: Double = 0, notes: [String] = []
  ) {
    self.before = before
    self.after = after
    self.mpjpe = mpjpe
    self.rootRelativeMPJPE = rootRelativeMPJPE
    self.accelerationError = accelerationError
    self.appliedResidual = appliedResidual
    self.contacts = contacts
    self.jointsAtLimit = jointsAtLimit
    self.peakTorques = peakTorques
    self.planning = planning
    self.seconds = seconds
    self.notes = notes
  }

  /// The figures of one motion put in another's place: their plausibility, and their distance.
  ///
  /// - Parameters:
  ///   - input: The motion before.
  ///   - output: The motion after, with the same joints and frames.
  ///   - difference: Their distance, where it is known already.
  ///   - measure: Measures one motion.
  package static func assess<Failure: Error>(
    from input: PosedMotion, to output: PosedMotion, difference: MotionDifference? = nil,
    measure: (PosedMotion) throws(Failure) -> PlausibilityMetrics
  ) throws(Failure) -> CorrectionReport {
    let difference = difference ?? MotionDifference(input, output)
    return CorrectionReport(
      before: try measure(input), after: try measure(output), mpjpe: difference.mpjpe,
      rootRelativeMPJPE: difference.rootRelativeMPJPE, accelerationError: difference.accelerationError)
  }

  /// The figures of a motion that stays as it is.
  package init(unchanged metrics: PlausibilityMetrics) {
    self.init(before: metrics, after: metrics, mpjpe: 0, rootRelativeMPJPE: 0, accelerationError: 0)
  }
}

/// A stretch in which a corrected motion is still the input's, but not closely.
public struct LooseStretch: Sendable, Hashable, Codable {
  /// Its first frame's time [s].
  public var start: Double
  /// Its last frame's time [s].
  public var end: Double
  /// The largest mean error over half a second, of the poses, the root's height or its path, as a share of the error at
  /// which the correction would have been rejected: 0.5 to 1.
  public var shareOfLimit: Double
}

/// Which feet touch the floor in one frame.
public struct GroundContacts: Sendable, Hashable, Codable {
  /// Whether the left foot does.
  public var left: Bool
  /// Whether the right foot does.
  public var right: Bool

  /// Neither foot, unless it is named.
  public init(left: Bool = false, right: Bool = false) {
    self.left = left
    self.right = right
  }
}

/// How often a planning corrector had to plan again.
public struct PlanningCounts: Sendable, Hashable, Codable {
  /// How often a plan failed, so that the run went back and took the next fallback level.
  public var replans: Int
  /// How many of those took the last level, which allows a residual wrench.
  public var fallbacks: Int

  /// No replanning, unless it is counted.
  public init(replans: Int = 0, fallbacks: Int = 0) {
    self.replans = replans
    self.fallbacks = fallbacks
  }
}
