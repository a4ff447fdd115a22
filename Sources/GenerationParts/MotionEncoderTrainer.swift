public import Evaluation
public import Foundation
public import Generations
import MotionEncoders
import Support

/// The motion encoder behind FID as the loop's encoder: pass it as `encoder` of `Loop.Parts`.
public struct MotionEncoderTrainer: EncoderTrainer {
  /// A trainer with the encoder's default architecture.
  public init() {}

  /// Trains and writes an encoder; gives the mean loss of the last steps.
  public func train(
    on clips: [TrainingClip], steps: Int, to destination: URL, seed: UInt64, progress: @escaping StepProgress
  ) async throws -> Double {
    try await DedicatedThread.run(name: "training") {
      let (encoder, loss) = try MotionEncoder.train(
        on: clips.map(\.motion), actions: clips.map(\.action), .init(steps: steps, seed: seed)
      ) { done, loss in
        progress(done, steps, "loss \(Numbers.loss(loss))")
      }
      try encoder.save(to: destination)
      return loss
    }
  }

  /// Reads an encoder.
  public func load(_ url: URL) throws -> any MotionFeatures { try MotionEncoder.load(from: url) }
}
