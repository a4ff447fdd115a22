import Randomness
import Tensors

/// The random choices of one training step: windows, timesteps, noise, and which actions are hidden.
///
/// All are drawn from (seed, step) before the batch is divided, so that neither a resumed training nor the number of
/// threads changes them.
struct TrainingDraw: Sendable {
  /// The windows of the batch; every other list has one entry for each of them.
  var windows: [Int]
  var lengths: [Int]
  /// The timesteps, from 0.
  var steps: [Int]
  /// The classes that the network receives; the number of classes where the action is hidden.
  var labels: [Int]
  /// The classes for the space's prior.
  var priors: [Int]
  /// `[batch, rows, channels]`.
  var noise: Tensor
  /// The texts as the network receives them, zeros where the text is hidden: `[batch, textWidth]`; `nil` without texts.
  var texts: Tensor?
  /// The seed that dropout is derived from.
  var seed: UInt64

  /// Draws the choices of a step, which counts from 0, for the given windows of `data`.
  ///
  /// - Parameters:
  ///   - classes: The class of every window of `data`.
  ///   - captions: The captions of every window of `data`, for a model with texts.
  ///   - conditionDropout: The share of windows whose label is hidden. For a third of them the prior is hidden too, so
  ///     that the model learns prompts without an action.
  init(
    step: Int, seed: UInt64, windows: [Int], of data: WindowSet, classes: [Int], model: MotionModel,
    captions: CaptionSet? = nil, conditionDropout: Double
  ) {
    var random = SeededGenerator(seed: Seed.derive(seed, "step", step))
    steps = windows.map { _ in Int.random(in: 0..<model.schedule.steps, using: &random) }
    (labels, priors) = (windows.map { classes[$0] }, windows.map { classes[$0] })
    for index in windows.indices {
      let number = random.uniform()
      if number < conditionDropout { labels[index] = model.classes }
      if number < conditionDropout / 3 { priors[index] = model.classes }
    }
    self.seed = random.next()
    let shape = [windows.count, model.space.rows(frames: data.features.shape[1]), model.space.channels]
    noise = RandomStream(seed: self.seed).normal(shape)
    lengths = windows.map { data.lengths[$0] }
    self.windows = windows
    if let captions { hide(captions, step: step, from: seed, model) }
  }

  /// Draws each window's text, and what is hidden of text, action and prior, so that the model learns every prompt there
  /// is: action and text, either of them, and none, with and without the prior.
  ///
  /// A text alone comes without the prior, as in sampling, where no class is known.
  private mutating func hide(_ captions: CaptionSet, step: Int, from seed: UInt64, _ model: MotionModel) {
    var random = SeededGenerator(seed: Seed.derive(seed, "texts", step))
    var chosen: [Int?] = []
    for index in windows.indices {
      let number = random.uniform()
      let choice = captions.byWindow[windows[index]].randomElement(using: &random)
      chosen.append((0.4..<0.65).contains(number) ? nil : choice)
      switch number {
      case ..<0.4: (labels[index], priors[index]) = (model.classes, model.classes)
      case ..<0.5: (labels[index], priors[index]) = (model.classes, model.classes)
      case ..<0.55: labels[index] = model.classes
      default: break
      }
    }
    texts = captions.rows(chosen)
  }

  /// A part of the batch with its noise. Every part has its own stream for dropout.
  func noised(_ clean: Tensor, _ range: Range<Int>, _ model: MotionModel) -> NoisyBatch {
    let steps = Array(steps[range])
    let alphaBar = model.alphaBar(steps)
    let dropout = model.configuration.dropout
    let stream = RandomStream(seed: Seed.derive(seed, "dropout", range.lowerBound))
    return NoisyBatch(
      noisy: clean * alphaBar.squareRoot() + noise.narrowed(0, range) * (1 - alphaBar).squareRoot(), steps: steps,
      labels: Array(labels[range]), priors: Array(priors[range]), lengths: Array(lengths[range]),
      texts: texts?.narrowed(0, range),
      dropout: dropout > 0 ? Dropout(dropout, stream) : nil)
  }
}

/// The windows of each step: one shuffled pass after another, derived from the seed and the step, so that a resumed
/// training needs no more than the step's number.
struct BatchOrder {
  private let count: Int
  private let batch: Int
  private let seed: UInt64
  private var pass = -1
  private var order: [Int] = []

  init(count: Int, batch: Int, seed: UInt64) {
    self.count = count
    self.batch = batch
    self.seed = seed
  }

  /// The windows of a step, which counts from 0.
  mutating func windows(at step: Int) -> [Int] {
    (0..<batch).map { position in
      let (current, index) = (step * batch + position).quotientAndRemainder(dividingBy: count)
      if current != pass {
        var random = SeededGenerator(seed: Seed.derive(seed, "pass", current))
        order = Array(0..<count).shuffled(using: &random)
        pass = current
      }
      return order[index]
    }
  }
}
