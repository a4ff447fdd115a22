@testable import Evaluation
import Foundation
import Kinematics
@testable import MotionEncoders
import Support
import Tensors
import Testing

@Suite struct EncoderTests {
  private static let motions = (0..<24).map { Made.motion(seed: UInt64($0), frames: 20 + $0 % 3) }
  private static let actions = (0..<24).map { $0.isMultiple(of: 2) ? "even" : "odd" }

  private func trained(steps: Int, seed: UInt64 = 1) throws -> (encoder: MotionEncoder, loss: Double) {
    try MotionEncoder.train(
      on: EncoderTests.motions, actions: EncoderTests.actions, .init(steps: steps, batch: 8, dimension: 8, seed: seed))
  }

  @Test("Threads change no bit") func threadsChangeNoBit() throws {
    let before = Torch.threads
    defer { Torch.threads = before }
    let features = try [1, 3].map { threads in
      Torch.threads = threads
      let training = MotionEncoder.Training(steps: 3, batch: 20, dimension: 8, seed: 1)
      let encoder = try MotionEncoder.train(on: Self.motions, actions: Self.actions, training).encoder
      return try encoder.features(of: Self.motions)
    }
    #expect(features[0] == features[1])
  }

  @Test("Training lowers the loss and is reproducible") func trainingLowersTheLossAndIsReproducible() throws {
    let short = try trained(steps: 2)
    let long = try trained(steps: 60)
    #expect(long.loss < 0.8 * short.loss, "\(long.loss) after 60 steps, \(short.loss) after 2")
    let again = try trained(steps: 2)
    let features = try short.encoder.features(of: EncoderTests.motions)
    #expect(try again.encoder.features(of: EncoderTests.motions) == features)
    #expect(try trained(steps: 2, seed: 2).encoder.features(of: EncoderTests.motions) != features)
  }

  @Test("Features do not depend on padding place or facing") func featuresDoNotDependOnPaddingPlaceOrFacing() throws {
    let encoder = try trained(steps: 2).encoder
    let motion = EncoderTests.motions[0]
    let alone = try encoder.features(of: [motion])
    let together = try encoder.features(of: [motion, Made.motion(seed: 99, frames: 60)])
    let turn = Quaternion(angle: 1, axis: .unitY)
    var moved = motion
    for frame in moved.poses.indices {
      moved.poses[frame].rootPosition = turn.act(moved.poses[frame].rootPosition) + SIMD3(3, 0, 2)
      moved.poses[frame].rotations[0] = turn * moved.poses[frame].rotations[0]
    }
    let elsewhere = try encoder.features(of: [moved])
    for column in 0..<8 {
      #expect(abs(alone.values[column] - together.values[column]) < 1e-4)
      #expect(abs(alone.values[column] - elsewhere.values[column]) < 1e-3)
    }
  }

  @Test("Survives its file") func survivesItsFile() throws {
    let encoder = try trained(steps: 2).encoder
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("surefoot-encoder-\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try encoder.save(to: url)
    let bytes = try Data(contentsOf: url)
    let read = try MotionEncoder.load(from: url)
    #expect(try read.features(of: EncoderTests.motions) == encoder.features(of: EncoderTests.motions))
    try read.save(to: url)
    #expect(try Data(contentsOf: url) == bytes)
    try bytes.prefix(bytes.count / 2).write(to: url)
    #expect(throws: SurefootError.self) { try MotionEncoder.load(from: url) }
  }

  @Test("Another frame rate is refused") func anotherFrameRateIsRefused() throws {
    let encoder = try trained(steps: 1).encoder
    #expect(throws: SurefootError.self) { try encoder.features(of: [Made.motion(seed: 1, frameTime: 1 / 60)]) }
  }
}
