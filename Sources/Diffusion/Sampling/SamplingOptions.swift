import Support
public import Tensors

/// How motions are sampled from a model.
///
///     var options = SamplingOptions()
///     (options.eta, options.steps) = (0, 25)         // DDIM in 25 steps
public struct SamplingOptions: Sendable, Hashable, Codable {
  /// How much of the noise is new at each step: 1 is DDPM (Ho et al., arXiv 2006.11239, with the posterior's variance),
  /// 0 is DDIM (Song et al., arXiv 2010.02502), which adds none.
  public var eta = 1.0
  /// The number of timesteps; `nil` takes all of the schedule's.
  public var steps: Int?
  /// Classifier-free guidance (Ho and Salimans, arXiv 2207.12598): 1 follows the action as learned, more exaggerates it.
  public var guidance = 1.5
  /// The scale of the first and of all injected noise; below 1 gives the likelier motions.
  public var temperature = 1.0
  /// The element type of matrix products and convolutions: `float32` or `bfloat16`.
  public var computeType = ElementType.float32
  /// How many motions are sampled together: changes the speed, not the result.
  public var batch = 64

  /// The defaults of the members: DDPM over the whole schedule with a guidance of 1.5.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case eta, steps, guidance, temperature
    case computeType = "products"
    case batch
  }

  /// Checks that every number lies in its range.
  func validate(for model: MotionModel) throws(SurefootError) {
    let faults: [(Bool, String)] = [
      ((0...1).contains(eta), "eta is \(eta), not in 0...1"),
      (
        (1...model.schedule.steps).contains(steps ?? 1),
        "\(steps ?? 1) steps are asked of a schedule of \(model.schedule.steps)"
      ),
      (guidance.isFinite, "the guidance scale is \(guidance)"),
      (temperature.isFinite && temperature >= 0, "the temperature is \(temperature), not at least 0"),
      (computeType == .float32 || computeType == .bfloat16, "products in \(computeType) are not offered"),
      (batch > 0, "a batch of \(batch) motions"),
    ]
    for (isValid, message) in faults where !isValid {
      throw SurefootError(.configuration, message: message, suggestion: "change the sampling options")
    }
  }
}

/// A request for one motion.
public struct Prompt: Sendable, Hashable, Codable {
  /// The action, `nil` for any.
  public var action: String?
  /// The number of frames.
  public var frames: Int
  /// What is done, in words, for a model with texts; it goes together with an action.
  public var text: Caption?

  /// Asks a ``Sampler`` for one motion.
  public init(action: String?, frames: Int, text: Caption? = nil) {
    self.action = action
    self.frames = frames
    self.text = text
  }
}
