public import Foundation
import Support
import Tensors

extension Trainer {
  /// Writes a checkpoint for ``init(resuming:data:)`` and ``MotionModel/load(_:)``: whole, or not at all.
  public func save(to url: URL) throws {
    let description = TrainingDescription(
      options: options, seed: seed, step: step, windows: data.count, fingerprint: fingerprint)
    let state =
      training.denoiser.parameters.map { Parameter("weights.\($0.name)", $0.tensor) } + optimizer.state
    try Checkpoint.write(model, (description, state), to: url)
  }

  /// Resumes a saved training on the same windows, with exactly the losses of one that was not interrupted.
  ///
  /// - Throws: ``SurefootError`` if the file holds no training, or if the windows are others.
  public convenience init(resuming url: URL, data: [TrainingWindow]) throws {
    let checkpoint = try Checkpoint(reading: url)
    guard let saved = checkpoint.training else {
      throw SurefootError(
        file: url.path, message: "holds a model without its training's state",
        suggestion: "start a new training from it")
    }
    let model = try MotionModel.load(checkpoint, url)
    try self.init(model: model, data: data, options: saved.options, seed: saved.seed)
    guard self.data.count == saved.windows, self.fingerprint == saved.fingerprint else {
      throw SurefootError(
        .checkpoint, message: "the checkpoint was trained on other windows (\(saved.windows), here \(self.data.count))",
        suggestion: "give the same dataset, or start a new training from the model")
    }
    do {
      try restore(step: saved.step, values: checkpoint.tensors)
    } catch {
      throw SurefootError(file: url.path, message: "\(error)", suggestion: "take an undamaged checkpoint")
    }
  }

  /// A hash that identifies the windows and their captions.
  private var fingerprint: UInt64 { captions.map { data.fingerprint ^ $0.fingerprint } ?? data.fingerprint }
}
