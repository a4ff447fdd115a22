public import Evaluation

/// The inputs of a run: a folder is resumed only by a run with the same ones.
public struct RunRecord: Sendable, Hashable, Codable {
  /// The version of ``seeding`` that this program follows.
  static let currentSeeding = 2

  /// The SHA-256 of `spec.yaml`.
  public var specification: String
  /// The dataset's SHA-256.
  public var dataset: String
  /// The generator's name and version.
  public var generator: String
  /// The corrector's name and version.
  public var corrector: String
  /// The ids of the n real training windows.
  public var windows: [String]
  /// The rule by which samples are seeded: 2 seeds each clip by itself; a run without the number seeded each batch, so that
  /// `sampling.batch` changed its samples. Such a run can be read, but not resumed.
  public var seeding: Int? = currentSeeding
}

/// A trained network.
public struct ModelRecord: Sendable, Hashable, Codable {
  /// `encoder`, `generation-000`, `raw/generation-001`.
  public var id: String
  /// The file, relative to the run's folder.
  public var file: String
  /// The SHA-256 of the file.
  public var sha256: String
  /// The hash of the weights that training began with.
  public var parent: String?
  /// The arm; `nil` for models that all arms share.
  public var arm: String?
  /// The generation.
  public var generation: Int
  /// The number of training clips.
  public var clips: Int
  /// The number of training steps.
  public var steps: Int
  /// The seed of its training.
  public var seed: UInt64
  /// The mean loss of the last steps.
  public var loss: Double
  /// The hash of the model that the weights were extrapolated away from (Neon).
  public var auxiliary: String?
}

/// A corrector that was fitted on real windows.
public struct FitRecord: Sendable, Hashable, Codable {
  /// The corrector's name.
  public var corrector: String
  /// The number of windows.
  public var windows: Int
  /// The hash of the windows' labels and motions.
  public var sha256: String
  /// Whether windows are among them that the run's model never learns from.
  public var isLeak: Bool
}

/// The choice of an extrapolation's strength in one generation.
public struct OmegaRecord: Sendable, Hashable, Codable {
  /// The arm.
  public var arm: String
  /// The generation.
  public var generation: Int
  /// The strength that was taken.
  public var omega: Double
  /// The kinetic energy of samples at that strength [J/kg].
  public var energy: Double
  /// The mean jerk of samples at that strength [m/s^3].
  public var jerk: Double
  /// The real windows' kinetic energy, which was aimed at.
  public var realEnergy: Double
  /// The real windows' mean jerk.
  public var realJerk: Double
}

/// The frozen evaluation windows.
public struct EvaluationSetRecord: Sendable, Hashable, Codable {
  /// The file, relative to the run's folder.
  public var file: String
  /// The SHA-256 of the file.
  public var sha256: String
  /// The number of windows.
  public var windows: Int
}

/// A choice among candidates for one prompt.
public struct ChoiceRecord: Sendable, Hashable, Codable {
  /// The id of the clip that the prompt gave, or would have given.
  public var id: String
  /// The reward's name.
  public var reward: String
  /// The candidates' rewards, in the order in which they were drawn.
  public var rewards: [Double]
  /// The index of the chosen candidate; `nil` if none was chosen.
  public var chosen: Int?
  /// The chosen candidate, the only one that is written.
  public var clip: ClipRecord?
}

/// A generation's training set.
public struct MixRecord: Sendable, Hashable, Codable {
  /// The arm.
  public var arm: String
  /// The generation.
  public var generation: Int
  /// The number of real windows.
  public var real: Int
  /// The ids of the synthetic clips that entered, each as often as it entered; the mixing decides whether clips of older
  /// generations are included.
  public var synthetic: [String]
  /// The ids of the real windows that entered; absent if they are the run's.
  public var windows: [String]?
  /// The number of prompts that gave no clip: the correction was rejected, or no candidate was chosen.
  public var dropped: Int
}

/// A generation's evaluation.
public struct EvaluationRecord: Sendable, Hashable, Codable {
  /// The arm; `nil` for generation 0, which all arms share.
  public var arm: String?
  /// The generation.
  public var generation: Int
  /// The hash of the evaluated model.
  public var model: String
  /// The file, relative to the run's folder.
  public var file: String
  /// The SHA-256 of the file.
  public var sha256: String
  /// The seed of its samples.
  public var seed: UInt64
  /// The figures without their intervals.
  public var figures: [Figure: Double]
}

/// The end of a run.
public struct EndRecord: Sendable, Hashable, Codable {
  /// The number of generations after generation 0, in every arm.
  public var generations: Int
}
