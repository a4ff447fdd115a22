import Diffusion
import Foundation
import Kinematics

/// Times training steps and sampling of one model: `model-benchmark (training|sampling) (float32|bfloat16) [STEPS]`.
///
/// Prints the median milliseconds of a training step, or the seconds of sampling 64 motions of 60 frames in 50 steps.
@main
struct ModelBenchmark {
  /// MDM's shape at half its size, so that a round is short; compare.py holds the same.
  static let configuration = ModelConfiguration(
    architecture: .encoder, space: .frames, content: .compact, width: 256, layers: 4, heads: 4, hidden: 1024,
    dropout: 0.1, frames: 60)

  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else { fatalError("model-benchmark (training|sampling) (float32|bfloat16) [STEPS]") }
    let coarse = arguments[2] == "bfloat16"
    let steps = arguments.count > 3 ? Int(arguments[3]) ?? 12 : 12
    let windows = (0..<64).map { index in
      TrainingWindow(motion: waving(Double(index)), action: index % 2 == 0 ? "wave" : "walk")
    }
    let model = try MotionModel(configuration: configuration, fitting: windows, seed: 1)
    if arguments[1] == "training" {
      print(try training(model, windows, coarse: coarse, steps: steps))
    } else {
      print(try await sampling(model, coarse: coarse))
    }
  }

  static func training(_ model: MotionModel, _ windows: [TrainingWindow], coarse: Bool, steps: Int) throws -> Double {
    var options = TrainingOptions()
    options.batch = 32
    if coarse { options.computeType = .bfloat16 }
    let trainer = try Trainer(model: model, data: windows, options: options, seed: 1)
    var times: [Double] = []
    for _ in 0..<steps {
      let start = Date()
      try trainer.run(steps: 1)
      times.append(Date().timeIntervalSince(start) * 1000)
    }
    let warm = times.dropFirst(3).sorted()
    return warm[warm.count / 2]
  }

  static func sampling(_ model: MotionModel, coarse: Bool) async throws -> Double {
    var options = SamplingOptions()
    options.guidance = 1
    if coarse { options.computeType = .bfloat16 }
    let sampler = try Sampler(model, options)
    let prompts = Array(repeating: Prompt(action: "wave", frames: 60), count: 64)
    _ = try await Sampler(model, options).sample(Array(prompts.prefix(2)), seed: 1)
    let start = Date()
    _ = try await sampler.sample(prompts, seed: 1)
    return Date().timeIntervalSince(start)
  }

  static func waving(_ phase: Double) -> Motion {
    let skeleton = Skeleton.canonical
    let poses = (0..<60).map { frame in
      Pose(
        rootPosition: SIMD3(0, 0.9, 0.05 * Double(frame)),
        rotations: (0..<skeleton.count).map { joint in
          Quaternion(angle: 0.3 * sin(phase + Double(frame) / 5 + Double(joint)), axis: .unitX)
        })
    }
    return Motion(skeleton: skeleton, frameTime: 0.05, poses: poses)
  }
}
