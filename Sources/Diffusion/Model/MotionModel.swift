import Foundation
public import Kinematics
import Randomness
public import Support
import Tensors

/// A motion-diffusion model: configuration, skeleton, rate, actions, the scales of its data, and weights.
///
///     let windows = [TrainingWindow(motion: walk, action: "walk"), TrainingWindow(motion: jump, action: "jump")]
///     let model = try MotionModel(configuration: .cpu, fitting: windows, seed: 1)
///     let trainer = try Trainer(model: model, data: windows, options: .preset(.cpu), seed: 1)
///     try trainer.run(steps: 2000)
///     try trainer.model.save(to: url)
///     let again = try MotionModel.load(url)
///
/// A value: training works on a copy of the weights and returns a new model.
public struct MotionModel: Sendable {
  /// The network's and the schedule's shape.
  public let configuration: ModelConfiguration
  /// How motions are written as features; it holds the skeleton and the rate.
  public let representation: MotionRepresentation
  /// The action labels, sorted.
  public let actions: [String]
  /// The share of signal at each timestep.
  public let schedule: NoiseSchedule

  /// The sentences that it learnt from; `nil` for a model without texts.
  public let captions: LearntCaptions?

  let space: any MotionSpace
  let denoiser: any Denoiser
  /// The number of classes; the number itself is the class of motions without an action.
  let classes: Int

  /// The skeleton of the motions.
  public var skeleton: Skeleton { representation.skeleton }
  /// Frames a second.
  public var frameRate: Double { representation.frameRate }
  /// The longest motion it makes [frames].
  public var longestMotion: Int { configuration.frames }
  /// The number of learned numbers.
  public var parameterCount: Int { denoiser.parameterCount }

  init(
    configuration: ModelConfiguration, representation: MotionRepresentation, actions: [String], space: any MotionSpace,
    captions: LearntCaptions?, seed: UInt64
  ) {
    self.configuration = configuration
    self.representation = representation
    self.actions = actions
    self.space = space
    self.captions = captions
    schedule = NoiseSchedule(configuration.schedule, steps: configuration.steps)
    let initial = Initializer(seed: Seed.derive(seed, "weights"))
    let (channels, classes) = (space.channels, space.modes?.classes ?? actions.count)
    self.classes = classes
    denoiser = configuration.denoiser(channels: channels, actions: classes, initial)
  }

  /// A new, untrained model whose skeleton, rate, actions and scales are those of some windows.
  ///
  /// - Parameter actions: The action labels, if the windows do not hold them all.
  /// - Throws: ``SurefootError`` if there is no window, or if they do not fit one another or the configuration.
  public init(
    configuration: ModelConfiguration, fitting windows: [TrainingWindow], actions: [String]? = nil, seed: UInt64
  ) throws(SurefootError) {
    try configuration.validate()
    guard let first = windows.first else { throw SurefootError.noWindows }
    let representation = MotionRepresentation(
      skeleton: first.motion.skeleton, frameRate: first.motion.frameRate, content: configuration.content)
    var configuration = configuration
    configuration.components = min(configuration.components, representation.width)
    configuration.frequencies = min(configuration.frequencies, configuration.frames)
    let actions = actions ?? Array(Set(windows.map(\.action))).sorted()
    let captions = try configuration.textWidth.map { width throws(SurefootError) in
      try LearntCaptions(of: windows, width: width)
    }
    let space: any MotionSpace
    switch configuration.space {
    case .frames:
      var rows: [[Float]] = []
      for window in windows { rows.append(try representation.encode(window.motion)) }
      space = FrameSpace(normalizer: Normalizer(fitting: rows, representation))
    case .spectrum:
      let set = try WindowSet(
        windows, representation, actions: actions, frames: configuration.frames, exact: true)
      let fitted = Torch.onOneThread {
        SpectralSpace(
          fitting: set.features, labels: set.labels, actions: actions.count, components: configuration.components,
          frequencies: configuration.frequencies, skeleton: representation.skeleton,
          frameRate: representation.frameRate)
      }
      guard let fitted else { throw SurefootError.notFinite("the windows' features") }
      space = fitted
    }
    self.init(
      configuration: configuration, representation: representation, actions: actions, space: space,
      captions: captions, seed: seed)
  }

  /// The class of an action; of an action with several classes, the one that `share` in 0..<1 falls in. Without an action,
  /// the class for none.
  func label(of action: String?, share: Double = 0) throws(SurefootError) -> Int {
    guard let action else { return classes }
    guard let index = actions.firstIndex(of: action) else {
      throw SurefootError(
        .action, message: "the model does not know the action \(action)",
        suggestion: "it knows \(actions.joined(separator: ", "))")
    }
    return space.modes?.classOf(action: index, share: share) ?? index
  }

  /// Motions through the model's space and back, without any network. What the space loses of them bounds how close any
  /// sample can come to real motion.
  ///
  /// - Parameter motions: Motions of the model's skeleton, rate and, if its space has one, length.
  /// - Throws: ``SurefootError`` if one does not fit the model.
  public func reconstructed(_ motions: [Motion]) throws(SurefootError) -> [Motion] {
    try motions.map { motion throws(SurefootError) in
      let windows = [TrainingWindow(motion: motion, action: "")]
      let set = try WindowSet(
        windows, representation, actions: nil, frames: configuration.frames, exact: space.fixedFrames != nil)
      return representation.decode(space.decode(space.encode(set.features)).floats)
    }
  }

  /// The network's parameters' values by name.
  var weights: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: denoiser.parameters.map { ($0.name, $0.tensor) })
  }

  /// The same model with copies of other weights.
  func replacing(weights: [String: Tensor]) throws(SurefootError) -> MotionModel {
    let copy = untrained()
    try copy.denoiser.load(weights)
    return copy
  }

  /// The same model that knows the captions of some windows too: for a training that goes on with other data.
  ///
  /// - Throws: ``SurefootError`` if a caption's embedding does not fit the model.
  public func remembering(_ windows: [TrainingWindow]) throws(SurefootError) -> MotionModel {
    guard let captions, windows.contains(where: { !$0.captions.isEmpty }) else { return self }
    let model = MotionModel(
      configuration: configuration, representation: representation, actions: actions, space: space,
      captions: try captions.joined(with: windows), seed: 0)
    return try model.replacing(weights: weights)
  }

  /// The same model with first weights.
  func untrained() -> MotionModel {
    MotionModel(
      configuration: configuration, representation: representation, actions: actions, space: space, captions: captions,
      seed: 0)
  }
}

extension MotionModel {
  /// The model with the weights (1 + omega) x base - omega x auxiliary, where this is the base and the auxiliary was
  /// fine-tuned from it on synthetic motions alone: away from the errors of self-consumption, at no cost in sampling.
  ///
  /// Neon: Alemohammad et al., "Neon: Negative Extrapolation From Self-Training Improves Image Generation".
  ///
  /// - Throws: ``SurefootError`` if the two are not of one shape.
  public func extrapolated(from auxiliary: MotionModel, omega: Double) throws(SurefootError) -> MotionModel {
    var weights: [String: Tensor] = [:]
    let others = auxiliary.weights
    guard auxiliary.configuration == configuration, auxiliary.actions == actions else {
      throw SurefootError(
        .configuration, message: "the auxiliary model is of another shape",
        suggestion: "fine-tune it from the base model")
    }
    for (name, base) in self.weights {
      guard let other = others[name] else { continue }
      weights[name] = Torch.withoutGradients { base * (1 + omega) - other * omega }
    }
    do {
      return try replacing(weights: weights)
    } catch {
      throw SurefootError(
        .configuration, message: error.message, suggestion: "fine-tune the auxiliary from the base model")
    }
  }
}
