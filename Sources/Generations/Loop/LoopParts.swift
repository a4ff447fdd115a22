public import Correctors
public import Evaluation

extension Loop {
  /// The components that a loop joins: model, corrector, encoder, physics, file format, and your own extensions.
  public struct Parts: Sendable {
    /// The model.
    public var generator: any MotionGenerator
    /// Makes the corrector of a name in the specification.
    public var corrector: @Sendable (String) throws -> any Corrector
    /// The motion encoder behind FID; `nil` leaves out the figures that need it.
    public var encoder: (any EncoderTrainer)?
    /// Measures a motion's physics.
    public var measure: EvaluationSet.Measure
    /// The file format of clips.
    public var format: any ClipFormat
    /// The program's version: part of every corrector's name in the ledger.
    public var version: String
    /// The body on which correctors with a data prior measure their results; give the one behind `measure`.
    public var body = CorrectorBody()
    /// Your own ways to mix, besides the built-in ones.
    public var mixings: [any Mixing] = []
    /// Your own rewards, besides the built-in ones.
    public var rewards: [any Reward] = []
    /// Your own curators, besides the built-in ones.
    public var curators: [any Curator] = []

    /// The components of a loop without extensions; set `mixings`, `rewards` and `curators` afterwards.
    public init(
      generator: any MotionGenerator, corrector: @escaping @Sendable (String) throws -> any Corrector,
      encoder: (any EncoderTrainer)?, measure: @escaping EvaluationSet.Measure, format: any ClipFormat, version: String
    ) {
      self.generator = generator
      self.corrector = corrector
      self.encoder = encoder
      self.measure = measure
      self.format = format
      self.version = version
    }
  }
}

/// What a loop reports while it runs.
public enum LoopEvent: Sendable {
  /// A sentence for the user.
  case note(String)
  /// A sentence that the user should not miss: what makes the run's figures worth less.
  case warning(String)
  /// Progress of the current step.
  case progress(step: String, done: Int, total: Int, unit: String, detail: String)
  /// A generation was evaluated.
  case measured(GenerationMetrics)
}
