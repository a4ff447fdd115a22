/// One line of a run's ledger.
public enum LedgerEvent: Sendable, Hashable {
  /// The run began, with these inputs.
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
  /// A generation was evaluated.
  case evaluation(EvaluationRecord)
  /// A corrector was fitted on real windows.
  case fit(FitRecord)
  /// An extrapolation's strength was chosen.
  case omega(OmegaRecord)
  /// Everything is done.
  case end(EndRecord)
}

/// Identifies an event before its content is known: a resumed run compares the events that it is about to record with
/// the recorded ones by it.
enum EventIdentity: Sendable, Hashable, CustomStringConvertible {
  case run
  case model(id: String)
  case evaluationSet
  case clip(id: String)
  case choice(id: String)
  case mix(arm: String, generation: Int)
  /// `arm` is `nil` for generation 0.
  case evaluation(arm: String?, generation: Int)
  case fit(corrector: String)
  case omega(arm: String, generation: Int)
  case end

  /// For messages: `clip raw-001-0003`.
  var description: String {
    switch self {
    case .run: "run"
    case .model(let id): "model \(id)"
    case .evaluationSet: "evaluation set"
    case .clip(let id): "clip \(id)"
    case .choice(let id): "choice \(id)"
    case .mix(let arm, let generation): "mix \(arm) \(generation)"
    case .evaluation(let arm, let generation): "evaluation \(arm ?? "shared") \(generation)"
    case .fit(let corrector): "fit \(corrector)"
    case .omega(let arm, let generation): "omega \(arm) \(generation)"
    case .end: "end"
    }
  }
}

extension LedgerEvent {
  var identity: EventIdentity {
    switch self {
    case .run: .run
    case .model(let record): .model(id: record.id)
    case .evaluationSet: .evaluationSet
    case .clip(let record): .clip(id: record.id)
    case .choice(let record): .choice(id: record.id)
    case .mix(let record): .mix(arm: record.arm, generation: record.generation)
    case .evaluation(let record): .evaluation(arm: record.arm, generation: record.generation)
    case .fit(let record): .fit(corrector: record.corrector)
    case .omega(let record): .omega(arm: record.arm, generation: record.generation)
    case .end: .end
    }
  }

  /// Whether it records a step of the run, not its beginning or end.
  var isStep: Bool { identity != .run && identity != .end }

  /// The file that the event records, relative to the run's folder, and its SHA-256.
  var file: (path: String, sha256: String)? {
    switch self {
    case .model(let record): (record.file, record.sha256)
    case .evaluationSet(let record): (record.file, record.sha256)
    case .clip(let record): (record.file, record.sha256)
    case .choice(let record): record.clip.map { ($0.file, $0.sha256) }
    case .evaluation(let record): (record.file, record.sha256)
    case .run, .mix, .fit, .omega, .end: nil
    }
  }
}

extension [LedgerEvent] {
  /// The run's inputs; those of the last beginning, if the run was extended.
  public var run: RunRecord? {
    for case .run(let record) in reversed() { return record }
    return nil
  }

  /// Whether the run has ended, and was not extended since.
  public var hasEnded: Bool {
    if case .end? = last { true } else { false }
  }

  /// Every clip that was written, chosen candidates included.
  var clips: [ClipRecord] {
    compactMap { event in
      switch event {
      case .clip(let record): record
      case .choice(let record): record.clip
      default: nil
      }
    }
  }

  var choices: [ChoiceRecord] {
    compactMap { event in
      if case .choice(let record) = event { record } else { nil }
    }
  }

  var models: [ModelRecord] {
    compactMap { event in
      if case .model(let record) = event { record } else { nil }
    }
  }

  var mixes: [MixRecord] {
    compactMap { event in
      if case .mix(let record) = event { record } else { nil }
    }
  }
}

extension LedgerEvent: Codable {
  private enum Kind: String, Codable {
    case run, model, evaluationSet = "evaluation-set", clip, choice, mix, evaluation, fit, omega, end
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
    case .fit: self = .fit(try FitRecord(from: decoder))
    case .omega: self = .omega(try OmegaRecord(from: decoder))
    case .end: self = .end(try EndRecord(from: decoder))
    }
  }

  /// Writes `event` beside that event's fields.
  public func encode(to encoder: any Encoder) throws {
    let (kind, record): (Kind, any Encodable) =
      switch self {
      case .run(let record): (.run, record)
      case .model(let record): (.model, record)
      case .evaluationSet(let record): (.evaluationSet, record)
      case .clip(let record): (.clip, record)
      case .choice(let record): (.choice, record)
      case .mix(let record): (.mix, record)
      case .evaluation(let record): (.evaluation, record)
      case .fit(let record): (.fit, record)
      case .omega(let record): (.omega, record)
      case .end(let record): (.end, record)
      }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .event)
    try record.encode(to: encoder)
  }
}
