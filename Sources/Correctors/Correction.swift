public import Dynamics
public import Kinematics

/// What became of a motion.
public enum Verdict: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The motion was changed and is plausible by the corrector's own standard.
  case corrected
  /// Nothing needed to change.
  case unchanged
  /// The motion could not be corrected; the correction holds the input as it was.
  case rejected(reason: String)

  /// Whether the motion may be used as a corrected one.
  public var isUsable: Bool {
    if case .rejected = self { false } else { true }
  }

  /// `corrected`, `unchanged` or `rejected (reason)`.
  public var description: String {
    switch self {
    case .corrected: "corrected"
    case .unchanged: "unchanged"
    case .rejected(let reason): "rejected (\(reason))"
    }
  }
}

/// A corrector's result: the motion, what became of it, and the figures.
public struct Correction: Sendable {
  /// The corrected motion, with the input's skeleton, frame time and length; the input itself if rejected.
  public var motion: Motion
  /// What became of it.
  public var verdict: Verdict
  /// The figures.
  public var report: CorrectionReport

  /// A correction by its parts.
  public init(motion: Motion, verdict: Verdict, report: CorrectionReport) {
    self.motion = motion
    self.verdict = verdict
    self.report = report
  }
}

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
  /// Which feet touch the floor, a frame: left, then right.
  public var contacts: [FootContacts]
  /// The names of the joints that met their limits.
  public var jointsAtLimit: [String]
  /// The largest torque that each joint gave, by the skeleton's names [N m]; `nil` for a corrector that simulates none.
  public var peakTorques: [String: Double]?
  /// CPU seconds spent by the corrector.
  public var seconds: Double
  /// What a user should know, a sentence each.
  public var notes: [String]

  /// A report by its parts.
  public init(
    before: PlausibilityMetrics, after: PlausibilityMetrics, mpjpe: Double, rootRelativeMPJPE: Double,
    accelerationError: Double, appliedResidual: [Double] = [], contacts: [FootContacts] = [],
    jointsAtLimit: [String] = [], seconds: Double = 0, notes: [String] = []
  ) {
    self.before = before
    self.after = after
    self.mpjpe = mpjpe
    self.rootRelativeMPJPE = rootRelativeMPJPE
    self.accelerationError = accelerationError
    self.appliedResidual = appliedResidual
    self.contacts = contacts
    self.jointsAtLimit = jointsAtLimit
    self.seconds = seconds
    self.notes = notes
  }
}

/// Which feet touch the floor in one frame.
public struct FootContacts: Sendable, Hashable, Codable {
  /// The left foot.
  public var left: Bool
  /// The right foot.
  public var right: Bool

  /// Contacts of both feet.
  public init(left: Bool, right: Bool) {
    self.left = left
    self.right = right
  }
}
