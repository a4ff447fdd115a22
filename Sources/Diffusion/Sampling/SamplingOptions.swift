public import Support
public import Tensors

/// How motions are sampled from a model.
public struct SamplingOptions: Sendable, Hashable, Codable {
  /// How much of the noise is new at each step: 1 is DDPM (Ho et al., arXiv 2006.11239, with the posterior's variance),
  /// 0 is DDIM (Song et al., arXiv 2010.02502), which adds none.
  public var eta = 1.0
  /// How many steps are taken; `nil` takes all of the schedule's.
  public var steps: Int?
  /// Classifier-free guidance (Ho and Salimans, arXiv 2207.12598): 1 follows the action as learned, more exaggerates it.
  public var guidance = 1.5
  /// The scale of the first and of all injected noise; below 1 gives the likelier motions.
  public var temperature = 1.0
  /// The element type of products: `float32` or `bfloat16`.
  public var products = ElementType.float32
  /// How many motions are sampled together: a matter of speed, not of result.
  public var batch = 64

  /// The defaults; see the members.
  public init() {}

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
      (products == .float32 || products == .bfloat16, "products in \(products) are not offered"),
      (batch > 0, "a batch of \(batch) motions"),
    ]
    for (fine, problem) in faults where !fine {
      throw SurefootError(.configuration, message: problem, suggestion: "change the sampling options")
    }
  }
}
