import Correctors
import Dynamics
import Evaluation
import Foundation
@testable import Generations
import Kinematics
import Randomness
import Support

/// A model that stores its training clips and gives them back with random rotations: enough of a model to loop.
struct RememberingGenerator: MotionGenerator {
  let name = "remembering"
  var frameTime = Fake.frameTime
  /// The deviation of the random rotations [rad].
  var shake = 0.1

  private struct Checkpoint: Codable {
    var clips: [String: [[Double]]]
    var steps: Int
    var parent: Int
  }

  func train(on clips: [TrainingClip], plan: TrainingPlan, progress: @escaping StepProgress) async throws -> Double {
    var roots: [String: [[Double]]] = [:]
    for clip in clips {
      roots["\(clip.action) \(clip.id)"] = clip.motion.poses.map {
        [$0.rootPosition.x, $0.rootPosition.y, $0.rootPosition.z]
      }
    }
    let parent = try plan.start.map { try Data(contentsOf: $0).count } ?? 0
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(Checkpoint(clips: roots, steps: plan.steps, parent: parent))
    try AtomicFile.write(data, to: plan.destination)
    progress(plan.steps, plan.steps, "")
    return Double(clips.count)
  }

  func sampler(_ plan: SamplingPlan) async throws -> any MotionSampler {
    let checkpoint = try JSONDecoder().decode(Checkpoint.self, from: try Data(contentsOf: plan.checkpoint))
    return Sampler(checkpoint: checkpoint, frameTime: frameTime, shake: shake)
  }

  private struct Sampler: MotionSampler {
    let checkpoint: Checkpoint
    let frameTime: Double
    let shake: Double

    func sample(
      _ prompts: [ClipPrompt], seed: UInt64, first: Int, progress: @escaping StepProgress
    ) async throws -> [Motion] {
      let names = checkpoint.clips.keys.sorted()
      return prompts.enumerated().map { index, prompt in
        var random = SeededGenerator(seed: Seed.derive(seed, "clip", first + index))
        let roots = checkpoint.clips[names[Int.random(in: 0..<names.count, using: &random)]] ?? []
        let poses = (0..<prompt.frames).map { frame in
          let root = roots[min(frame, roots.count - 1)]
          var pose = Pose(resting: .canonical, rootPosition: SIMD3(root[0], root[1], root[2]))
          for joint in 1..<22 {
            pose.rotations[joint] = Quaternion(angle: shake * random.normal(), axis: .unitX)
          }
          return pose
        }
        return Motion(skeleton: .canonical, frameTime: frameTime, poses: poses)
      }
    }
  }
}

/// Turns the head a little, rejects one clip in four by its seed, and takes a different time for each, so that clips are
/// finished out of order.
struct NoddingCorrector: Corrector {
  let name = "nodding"
  var rejects = true

  func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    try await Task.sleep(nanoseconds: seed % 3_000_000)
    var output = motion
    for frame in output.poses.indices { output.poses[frame].rotations[15] = Quaternion(angle: 0.2, axis: .unitX) }
    let verdict: Verdict = rejects && seed.isMultiple(of: 4) ? .rejected(reason: "the seed") : .corrected
    let (before, after) = try (Fake.measure(motion), Fake.measure(output))
    return Correction(
      motion: verdict.isUsable ? output : motion, verdict: verdict,
      report: CorrectionReport(
        before: before, after: after, mpjpe: 7, rootRelativeMPJPE: 7, accelerationError: 0,
        seconds: Double(UInt64.random(in: 0...100))))
  }
}

/// Mean height and pace as an encoder's features: two numbers that a file's content does not change.
struct FakeEncoder: EncoderTrainer, MotionFeatures {
  let name = "encoder"
  let dimension = 2

  func train(
    on motions: [TrainingClip], steps: Int, to destination: URL, seed: UInt64, progress: @escaping StepProgress
  ) async throws -> Double {
    try AtomicFile.write("\(motions.count) \(steps) \(seed)", to: destination)
    return 0.5
  }

  func load(_ url: URL) throws -> any MotionFeatures { self }

  func features(of motions: [Motion]) throws -> FeatureMatrix {
    FeatureMatrix(
      rows: motions.map { motion in
        let roots = motion.poses.map(\.rootPosition)
        return [roots.reduce(0) { $0 + $1.y } / Double(roots.count), (roots[roots.count - 1] - roots[0]).z]
      })
  }
}

enum Fake {
  static let frameTime = 0.05

  static let measure: EvaluationSet.Measure = { motion in
    PlausibilityMetrics(
      penetrate: 1, float: abs(motion.poses[0].rootPosition.y), skate: 0, skateSpeed: 0, skatingRatio: 0,
      residualWrench: 0, residualWrench95: 0, selfPenetration: 0, jointLimitExcess: 0, jerk: 0)
  }

  static func walk(_ index: Int, frames: Int = 8, frameTime: Double = frameTime) -> TrainingClip {
    let poses = (0..<frames).map {
      Pose(
        resting: .canonical,
        rootPosition: SIMD3(0, 0.9 + 0.001 * Double(index * index), Double($0) * 0.03 * Double(1 + index % 5)))
    }
    return TrainingClip(
      id: "w\(index)", motion: Motion(skeleton: .canonical, frameTime: frameTime, poses: poses),
      action: index.isMultiple(of: 2) ? "walk" : "run")
  }

  static func data() -> LoopData {
    LoopData(
      training: (0..<12).map { walk($0, frames: 8 + $0 % 3) }, evaluation: (20..<30).map { walk($0) }, sha256: "da7a")
  }

  static func specification() throws -> RunSpecification {
    var specification = try RunSpecification.preset("tiny")
    specification.corrector = "nodding"
    specification.evaluation.resamples = 2
    return specification
  }

  static func loop(
    _ specification: RunSpecification, in folder: URL, jobs: Int = 2, corrector: any Corrector = NoddingCorrector(),
    data: LoopData = Fake.data(), generator: any MotionGenerator = RememberingGenerator(),
    format: any ClipFormat = BVHClipFormat(skeleton: .canonical),
    observe: @escaping @Sendable (LoopEvent) -> Void = { _ in }
  ) -> Loop {
    Loop(
      specification: specification, data: data,
      parts: Loop.Parts(
        generator: generator, corrector: { _ in corrector }, encoder: FakeEncoder(), measure: measure,
        format: format, version: "test"),
      folder: folder, jobs: jobs, observe: observe)
  }

  static func folder() -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("surefoot-loop-\(UUID().uuidString)")
  }

  /// Every file of a run by its path, without the ledger's times.
  static func content(of folder: URL) throws -> [String: String] {
    var content: [String: String] = [:]
    let paths = FileManager.default.enumerator(atPath: folder.path)?.allObjects.compactMap { $0 as? String } ?? []
    for path in paths {
      let url = folder.appendingPathComponent(path)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      if path == "ledger.jsonl" {
        content[path] = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
          line.replacing(/"time":"[^"]*"/, with: "")
        }.joined(separator: "\n")
      } else if path == "results.json" {
        content[path] = try String(contentsOf: url, encoding: .utf8).replacing(folder.lastPathComponent, with: "RUN")
      } else {
        content[path] = SHA256.hexadecimal(of: try Data(contentsOf: url))
      }
    }
    return content
  }
}
