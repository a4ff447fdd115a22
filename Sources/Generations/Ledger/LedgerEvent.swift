public import Dynamics
public import Evaluation

/// One line of a run's ledger.
public enum LedgerEvent: Sendable, Hashable {
  /// The run began: what it is made of.
  case run(RunRecord)
  /// A network was trained: the motion encoder, or a generation's model.
  case model(ModelRecord)
  /// The evaluation windows were frozen.
  case evaluationSet(EvaluationSetRecord)
  /// A clip was made.
  case clip(ClipRecord)
  /// One of several candidates was chosen.
  case choice(ChoiceRecord)
  /// A generation's training set was put together.
  case mix(MixRecord)
  /// A generation was measured.
  case evaluation(EvaluationRecord)
  /// Everything was done.
  case end(EndRecord)

  /// What the event is, before anything of its content: a run that is taken up again expects the same ones.
  public var identity: String {
    switch self {
    case .run: "run"
    case .model(let record): "model \(record.id)"
    case .evaluationSet: "evaluation set"
    case .clip(let record): "clip \(record.id)"
    case .choice(let record): "choice \(record.id)"
    case .mix(let record): "mix \(record.arm) \(record.generation)"
    case .evaluation(let record): "evaluation \(record.arm ?? "shared") \(record.generation)"
    case .end: "end"
    }
  }

  /// Whether it tells of something made on the way, and not of the run as a whole.
  var isStep: Bool {
    switch self {
    case .run, .end: false
    default: true
    }
  }
}

extension [LedgerEvent] {
  /// What the run is made of; of a run that was lengthened, since then.
  public var run: RunRecord? {
    for case .run(let record) in reversed() { return record }
    return nil
  }

  /// Whether the run has ended, and was not lengthened since.
  public var hasEnded: Bool {
    if case .end? = last { true } else { false }
  }
}

/// What a run is made of.
public struct RunRecord: Sendable, Hashable, Codable {
  /// The SHA-256 of `spec.yaml`.
  public var specification: String
  /// The dataset's SHA-256.
  public var dataset: String
  /// The generator's name and version.
  public var generator: String
  /// The corrector's name and version.
  public var corrector: String
  /// The names of the n real training windows.
  public var windows: [String]
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
  /// The loop it belongs to; none for what arms share.
  public var arm: String?
  /// The generation.
  public var generation: Int
  /// How many clips it was trained on.
  public var clips: Int
  /// How many steps.
  public var steps: Int
  /// The seed of its training.
  public var seed: UInt64
  /// The last steps' mean loss.
  public var loss: Double
  /// The hash of the model that the weights were pushed away from (Neon).
  public var auxiliary: String?
}

/// The frozen evaluation windows.
public struct EvaluationSetRecord: Sendable, Hashable, Codable {
  /// The file, relative to the run's folder.
  public var file: String
  /// The SHA-256 of the file.
  public var sha256: String
  /// How many windows.
  public var windows: Int
}

/// A clip that was made.
public struct ClipRecord: Sendable, Hashable, Codable {
  /// Why a clip was made.
  public enum Purpose: String, Sendable, Hashable, Codable {
    /// Drawn to be trained on.
    case sample
    /// A sample's correction.
    case correction
    /// Drawn to be measured.
    case evaluation
  }
  /// Unique in the run.
  public var id: String
  /// Why it was made.
  public var purpose: Purpose
  /// The clips that it was made from: the real window whose prompt it took, or the sample that was corrected.
  public var parents: [String]
  /// The hash of the model that it was drawn from.
  public var model: String
  /// The loop; none for what arms share.
  public var arm: String?
  /// The generation.
  public var generation: Int
  /// The action label of its prompt.
  public var action: String
  /// How many frames.
  public var frames: Int
  /// The seed that it was made with.
  public var seed: UInt64
  /// The file, relative to the run's folder.
  public var file: String
  /// The SHA-256 of the file's bytes.
  public var sha256: String
  /// Who corrected it.
  public var corrector: String?
  /// What the corrector said.
  public var verdict: String?
  /// Mean distance of the joints to the sample's [mm].
  public var mpjpe: Double?
  /// The hash of the auxiliary model that sampling was pushed away from (SIMS).
  public var auxiliary: String?
  /// Its physics.
  public var metrics: PlausibilityMetrics
}

/// A choice among candidates for one prompt.
public struct ChoiceRecord: Sendable, Hashable, Codable {
  /// The id of the clip that it gave, or would have given.
  public var id: String
  /// Who was asked.
  public var reward: String
  /// What it said of each candidate, in the order in which they were drawn.
  public var rewards: [Double]
  /// The place of the chosen one; none if no candidate was.
  public var chosen: Int?
  /// The chosen one, which alone was written.
  public var clip: ClipRecord?
}

/// A generation's training set.
public struct MixRecord: Sendable, Hashable, Codable {
  /// The loop.
  public var arm: String
  /// The generation.
  public var generation: Int
  /// How many real windows.
  public var real: Int
  /// The synthetic clips that entered, by id, as often as each did; older generations' are among them where the mixing
  /// keeps those.
  public var synthetic: [String]
  /// The real windows that entered, by name; absent where they are the run's.
  public var windows: [String]?
  /// How many prompts of the generation gave no clip: their corrections were rejected, or no candidate was chosen.
  public var dropped: Int
}

/// A generation's measures.
public struct EvaluationRecord: Sendable, Hashable, Codable {
  /// The loop; none for generation 0, which arms share.
  public var arm: String?
  /// The generation.
  public var generation: Int
  /// The hash of the model measured.
  public var model: String
  /// The file, relative to the run's folder.
  public var file: String
  /// The SHA-256 of the file.
  public var sha256: String
  /// The seed of its samples.
  public var seed: UInt64
  /// The figures, without intervals.
  public var figures: [Figure: Double]
}

/// The end of a run.
public struct EndRecord: Sendable, Hashable, Codable {
  /// Generations after generation 0, in every arm.
  public var generations: Int
}

extension LedgerEvent: Codable {
  private enum Kind: String, Codable {
    case run, model, evaluationSet = "evaluation-set", clip, choice, mix, evaluation, end
  }
  private enum CodingKeys: CodingKey { case event }

  /// Reads `event` and that event's fields, all in one object.
  public init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: CodingKeys.self).decode(Kind.self, forKey: .event) {
    case .run: self = .run(try RunRecord(from: decoder))
    case .model: self = .model(try ModelRecord(from: decoder))
    case .evaluationSet: self = .evaluationSet(try EvaluationSetRecord(from: decoder))
    case .clip: self = .clip(try ClipRecord(from: decoder))
    case .choice: self = .choice(try ChoiceRecord(from: decoder))
    case .mix: self = .mix(try MixRecord(from: decoder))
    case .evaluation: self = .evaluation(try EvaluationRecord(from: decoder))
    case .end: self = .end(try EndRecord(from: decoder))
    }
  }

  /// Writes `event` beside that event's fields.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .run(let record): try container.encode(Kind.run, forKey: .event); try record.encode(to: encoder)
    case .model(let record): try container.encode(Kind.model, forKey: .event); try record.encode(to: encoder)
    case .evaluationSet(let record):
      try container.encode(Kind.evaluationSet, forKey: .event); try record.encode(to: encoder)
    case .clip(let record): try container.encode(Kind.clip, forKey: .event); try record.encode(to: encoder)
    case .choice(let record): try container.encode(Kind.choice, forKey: .event); try record.encode(to: encoder)
    case .mix(let record): try container.encode(Kind.mix, forKey: .event); try record.encode(to: encoder)
    case .evaluation(let record):
      try container.encode(Kind.evaluation, forKey: .event); try record.encode(to: encoder)
    case .end(let record): try container.encode(Kind.end, forKey: .event); try record.encode(to: encoder)
    }
  }
}
