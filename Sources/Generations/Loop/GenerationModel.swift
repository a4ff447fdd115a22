/// What a generation draws from: the model that was trained, and what extrapolation makes of it.
struct GenerationModel: Sendable {
  /// The model that the next generation's training goes on from.
  var base: ModelRecord
  /// The model that sampling is pushed away from (SIMS).
  var negative: ModelRecord?
  /// How far.
  var omega = 0.0
  /// The model of extrapolated weights (Neon).
  var extrapolated: ModelRecord?

  /// The model that is denoised with.
  var drawn: ModelRecord { extrapolated ?? base }

  init(base: ModelRecord) { self.base = base }
}
