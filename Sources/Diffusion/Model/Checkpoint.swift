public import Foundation
import Kinematics
public import Support
public import Tensors

/// A model in a checkpoint's metadata.
struct ModelDescription: Codable {
  var version: Int
  var configuration: ModelConfiguration
  var skeleton: Skeleton
  var frameRate: Double
  var actions: [String]
}

/// A training in a checkpoint's metadata. With the optimizer's moments it decides every later step: random choices are
/// derived from the seed and the step.
struct TrainingDescription: Codable {
  var options: TrainingOptions
  var seed: UInt64
  var step: Int
  var windows: Int
  var fingerprint: UInt64
}

/// A model's file in memory: safetensors with two entries of metadata, `surefoot.model` and `surefoot.training`, and a
/// third with the learnt captions, `surefoot.captions`.
///
/// Tensors: `model.NAME` (averaged weights), `space.NAME` (normaliser and transform), `captions.NAME` (their embeddings,
/// mean and scale), and for a training
/// `trainer.weights.NAME`, `trainer.first.NAME`, `trainer.second.NAME`.
struct Checkpoint {
  static let modelKey = "surefoot.model"
  static let trainingKey = "surefoot.training"
  static let captionsKey = "surefoot.captions"

  var tensors: [String: Tensor]
  var model: ModelDescription
  var training: TrainingDescription?
  /// The learnt captions' sentences.
  var captions: [String]?

  /// Reads a file.
  init(reading url: URL) throws(SurefootError) {
    let file: Safetensors
    do {
      file = try Safetensors(decoding: try Data(contentsOf: url, options: .mappedIfSafe))
    } catch let error as SurefootError {
      throw SurefootError(
        file: url.path, message: error.message, suggestion: "take an undamaged checkpoint of `surefoot train`")
    } catch {
      throw SurefootError(file: url.path, message: "cannot be read (\(SystemError.text(error)))")
    }
    tensors = file.tensors
    do {
      let text = file.metadata[Self.modelKey] ?? ""
      model = try JSONDecoder().decode(ModelDescription.self, from: Data(text.utf8))
      training = try file.metadata[Self.trainingKey].map {
        try JSONDecoder().decode(TrainingDescription.self, from: Data($0.utf8))
      }
      captions = try file.metadata[Self.captionsKey].map {
        try JSONDecoder().decode([String].self, from: Data($0.utf8))
      }
    } catch {
      throw SurefootError(
        file: url.path, message: "is safetensors, but not a model of Surefoot's",
        suggestion: "take a checkpoint of `surefoot train`")
    }
    guard model.version == 1, model.frameRate > 0, model.frameRate.isFinite, model.actions.count < 100_000 else {
      throw SurefootError(
        file: url.path, message: "is a model of another version of Surefoot", suggestion: "train it anew")
    }
  }

  /// Writes a model and, to resume it, its training. If that fails, the old file stays.
  ///
  /// - Parameter type: The element type of the weights.
  static func write(
    _ model: MotionModel, _ training: (TrainingDescription, [Parameter])?, as type: ElementType = .float32, to url: URL
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let description = ModelDescription(
      version: 1, configuration: model.configuration, skeleton: model.skeleton, frameRate: model.frameRate,
      actions: model.actions)
    var metadata = [modelKey: String(decoding: try encoder.encode(description), as: UTF8.self)]
    var tensors =
      model.denoiser.parameters(in: "model").map { parameter in
        Parameter(parameter.name, Torch.withoutGradients { parameter.tensor.converted(to: type) })
      }
      + model.space.fitted.map { Parameter("space.\($0.name)", $0.tensor) }
    if let captions = model.captions {
      metadata[captionsKey] = String(decoding: try encoder.encode(captions.sentences), as: UTF8.self)
      tensors += captions.fitted.map { Parameter("captions.\($0.name)", $0.tensor) }
    }
    if let (description, state) = training {
      metadata[trainingKey] = String(decoding: try encoder.encode(description), as: UTF8.self)
      tensors += state.map { Parameter("trainer.\($0.name)", $0.tensor) }
    }
    try AtomicFile.write(try Safetensors(tensors: tensors, metadata: metadata).encoded(), to: url)
  }

  /// The model that the file describes.
  func makeModel() throws -> MotionModel {
    try model.configuration.validate()
    let configuration = model.configuration
    // A damaged configuration must not fill the memory before that is noticed.
    let elements = tensors.values.reduce(0) { $0 + $1.count }
    guard configuration.layers * configuration.width * configuration.width <= elements else {
      throw SurefootError(.missing, message: "the configuration describes a larger network than the file holds")
    }
    let representation = MotionRepresentation(
      skeleton: model.skeleton, frameRate: model.frameRate, content: configuration.content)
    let space: any MotionSpace
    switch configuration.space {
    case .frames: space = try FrameSpace(tensors.within("space"), width: representation.width)
    case .spectrum:
      space = try SpectralSpace(
        tensors.within("space"), width: representation.width, channels: configuration.components,
        frequencies: configuration.frequencies, frames: configuration.frames, actions: model.actions.count,
        frameRate: model.frameRate)
    }
    let learnt = try configuration.textWidth.map {
      try LearntCaptions(captions ?? [], tensors.within("captions"), width: $0)
    }
    let loaded = MotionModel(
      configuration: configuration, representation: representation, actions: model.actions, space: space,
      captions: learnt, seed: 0)
    try loaded.denoiser.load(tensors.within("model"))
    return loaded
  }
}

extension MotionModel {
  /// Reads a checkpoint. If it holds a training too, the model has the averaged weights.
  ///
  /// - Throws: `SurefootError` if the file cannot be read, is damaged, or does not hold what its configuration says.
  public static func load(_ url: URL) throws(SurefootError) -> MotionModel {
    try load(Checkpoint(reading: url), url)
  }

  static func load(_ checkpoint: Checkpoint, _ url: URL) throws(SurefootError) -> MotionModel {
    do {
      return try checkpoint.makeModel()
    } catch {
      throw SurefootError(
        file: url.path, message: "\(error)", suggestion: "take an undamaged checkpoint of this version")
    }
  }

  /// Writes a checkpoint: whole, or not at all.
  ///
  /// - Parameter type: The element type of the weights; `bfloat16` halves the file and loses a little.
  public func save(to url: URL, as type: ElementType = .float32) throws {
    try Checkpoint.write(self, nil, as: type, to: url)
  }
}
