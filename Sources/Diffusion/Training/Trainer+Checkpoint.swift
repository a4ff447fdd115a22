public import Foundation
public import Support
import Tensors

extension Trainer {
  /// Writes a checkpoint from which ``init(resuming:data:)`` goes on and `MotionModel.load` samples, at once or not at
  /// all.
  public func save(to url: URL) throws {
    let description = TrainingDescription(
      options: options, seed: seed, step: step, windows: data.count, fingerprint: data.fingerprint)
    let state =
      training.denoiser.parameters.map { Parameter("weights.\($0.name)", $0.tensor) } + optimizer.state
    try Checkpoint.write(model, (description, state), to: url)
  }

  /// Goes on with a saved training, on the same windows, with exactly the losses of one that was not interrupted.
  ///
  /// - Throws: `SurefootError` if the file is not a training that can go on; ``SurefootError`` if the windows are others.
  public convenience init(resuming url: URL, data: [TrainingWindow]) throws {
    let checkpoint = try Checkpoint(reading: url)
    guard let saved = checkpoint.training else {
      throw SurefootError(
        file: url.path, message: "holds a model without its training's state",
        suggestion: "start a new training from it")
    }
    let model = try MotionModel.load(checkpoint, url)
    try self.init(model: model, data: data, options: saved.options, seed: saved.seed)
    guard self.data.count == saved.windows, self.data.fingerprint == saved.fingerprint else {
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
}

extension WindowSet {
  /// A number that tells one set of windows from another: FNV-1a over labels, lengths and a sample of the features.
  var fingerprint: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func absorb(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01B3 }
    for (label, length) in zip(labels, lengths) { absorb(UInt64(label) << 32 | UInt64(length)) }
    let values = features.reshaped(-1)
    let stride = max(1, values.count / 65536)
    let places = Swift.stride(from: 0, to: values.count, by: stride).map { $0 }
    for value in values.gathered(0, Tensor(indices: places)).floats { absorb(UInt64(value.bitPattern)) }
    return hash
  }
}
