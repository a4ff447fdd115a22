public import Evaluation
public import Foundation
public import MotionEncoders
public import Generations
import Support

/// The motion encoder behind FID as the loop's encoder.
public struct RealEncoder: EncoderTrainer {
  /// The encoder of ``MotionEncoder``.
  public init() {}

  /// Trains and writes an encoder.
  public func train(
    on motions: [TrainingClip], steps: Int, to destination: URL, seed: UInt64, progress: StepProgress
  ) async throws -> Double {
    try await withoutActuallyEscaping(progress) { progress in
      try await DedicatedThread.run(name: "training") {
        let (encoder, loss) = try MotionEncoder.train(
          on: motions.map(\.motion), actions: motions.map(\.action), .init(steps: steps, seed: seed)
        ) { done, loss in
          progress(done, steps, "loss \(Decimals.short(loss))")
        }
        try encoder.save(to: destination)
        return loss
      }
    }
  }

  /// Reads an encoder.
  public func load(_ url: URL) throws -> any MotionFeatures { try MotionEncoder.load(from: url) }
}
