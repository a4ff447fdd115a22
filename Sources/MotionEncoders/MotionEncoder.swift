public import Foundation
public import Kinematics
public import Support
import Tensors
public import Evaluation

/// A small network that turns a motion of any length into features: the encoder behind FID.
///
///     let (encoder, loss) = try MotionEncoder.train(on: windows, actions: labels, .init(steps: 1500, seed: 1))
///     try encoder.save(to: url)
///     let features = try encoder.features(of: samples)
///
/// It learns once, on real windows, features from which the frames and the action can be predicted; then it is frozen,
/// and its file's hash identifies it in ledgers. It is not the published evaluator: FIDs on it are comparable among
/// themselves only.
public struct MotionEncoder: MotionFeatures {
  /// How an encoder is trained.
  public struct Training: Sendable, Hashable {
    /// Steps of AdamW.
    public var steps: Int
    /// Windows a step.
    public var batch: Int
    /// The step length; falls to a tenth along a cosine.
    public var rate: Double
    /// The length of the features.
    public var dimension: Int
    /// The seed of weights and batches.
    public var seed: UInt64

    /// The defaults suit a few thousand windows.
    public init(steps: Int = 1500, batch: Int = 32, rate: Double = 2e-3, dimension: Int = 32, seed: UInt64) {
      self.steps = steps
      self.batch = batch
      self.rate = rate
      self.dimension = dimension
      self.seed = seed
    }
  }

  /// `encoder`.
  public let name = "encoder"
  /// The length of the features.
  public let dimension: Int
  /// Frames a second of the motions that it takes.
  public let frameRate: Double
  /// The action labels of its training.
  public let actions: [String]
  let network: EncoderNetwork
  let mean: [Float]
  let deviation: [Float]

  init(
    dimension: Int, frameRate: Double, actions: [String], network: EncoderNetwork, mean: [Float], deviation: [Float]
  ) {
    self.dimension = dimension
    self.frameRate = frameRate
    self.actions = actions
    self.network = network
    self.mean = mean
    self.deviation = deviation
  }

  /// The features of motions at the encoder's frame rate.
  ///
  /// - Throws: ``SurefootError`` for another rate, skeleton, or too few frames.
  public func features(of motions: [Motion]) throws -> FeatureMatrix {
    for motion in motions where abs(motion.frameRate - frameRate) > 1e-3 * frameRate {
      throw SurefootError.mismatch(
        "a motion of \(motion.frameRate) frames a second; the encoder knows \(frameRate); resample it first")
    }
    let rows = try motions.map(MotionInput.rows)
    return FeatureMatrix(rows: encode(rows))
  }

  private func encode(_ rows: [[[Float]]]) -> [[Double]] {
    Torch.withoutGradients {
      stride(from: 0, to: rows.count, by: 64).flatMap { (start: Int) -> [[Double]] in
        let part = Array(rows[start..<min(rows.count, start + 64)])
        let batch = EncoderBatch(part, mean: mean, deviation: deviation)
        let values = network.encode(batch.frames, mask: batch.mask).doubles
        return part.indices.map { Array(values[$0 * dimension..<($0 + 1) * dimension]) }
      }
    }
  }

  /// Writes weights and settings as safetensors; the same encoder gives the same bytes.
  public func save(to url: URL) throws {
    let scale = [
      Parameter("input.mean", Tensor(mean, shape: [mean.count])),
      Parameter("input.deviation", Tensor(deviation, shape: [deviation.count])),
    ]
    let labels = String(decoding: try JSONEncoder().encode(actions), as: UTF8.self)
    let file = Safetensors(
      tensors: network.parameters + scale,
      metadata: [
        "kind": "surefoot motion encoder 1", "dimension": String(dimension), "frame-rate": String(frameRate),
        "actions": labels,
      ])
    try AtomicFile.write(try file.encoded(), to: url)
  }

  /// Reads an encoder's file.
  ///
  /// - Throws: ``SurefootError`` if the file is not an encoder.
  public static func load(from url: URL) throws(SurefootError) -> MotionEncoder {
    func fault(_ message: String) -> SurefootError {
      SurefootError(file: url.path, message: message, suggestion: "name an encoder.safetensors of a run")
    }
    do {
      let file = try Safetensors(decoding: try Data(contentsOf: url))
      guard file.metadata["kind"] == "surefoot motion encoder 1",
        let dimension = file.metadata["dimension"].flatMap({ Int($0) }), (1...4096).contains(dimension),
        let rate = file.metadata["frame-rate"].flatMap({ Double($0) }), rate.isFinite, rate > 0,
        let labels = file.metadata["actions"],
        let mean = file.tensors["input.mean"], let deviation = file.tensors["input.deviation"],
        mean.shape == [MotionInput.width], deviation.shape == [MotionInput.width]
      else { throw fault("is no motion encoder") }
      let actions = try JSONDecoder().decode([String].self, from: Data(labels.utf8))
      let network = EncoderNetwork(dimension: dimension, actions: max(1, actions.count), seed: 0)
      try network.load(file.tensors)
      return MotionEncoder(
        dimension: dimension, frameRate: rate, actions: actions, network: network, mean: mean.floats,
        deviation: deviation.floats)
    } catch let error as SurefootError {
      throw error
    } catch {
      throw fault("is no motion encoder (\(error))")
    }
  }
}
