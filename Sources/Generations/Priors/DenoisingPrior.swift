public import Correctors
import Dynamics
public import Kinematics
import Randomness
import Support

/// The denoising prior: adds noise to a sample up to a level, and takes it away with a frozen model of real motion.
///
/// After SDEdit (Meng et al. 2022, arXiv:2108.01073). Low levels repair details; high levels keep little of the sample. A
/// loop's fixed point is the frozen model's own law, so let that model be better than the loop's: trained longer on the
/// same windows. Feet are not kept in place: let a physical corrector follow. At strength gamma a sample goes
/// gamma / (1 + gamma) of the way, the root along a line and each joint along the shorter arc.
///
/// It knows motions of the lengths, skeleton and rate of its windows, and rejects others. The noise is drawn by the
/// sample's seed.
public struct DenoisingPrior: FittedCorrector {
  /// What the model was trained on.
  public let fit: CorrectorFit
  /// How much noise is added, as a share of the model's schedule, in 0...1.
  public let level: Double
  /// The strength, 0 or more.
  public let gamma: Double
  /// Whose figures are measured.
  public let body: CorrectorBody
  private let sampler: any MotionSampler
  private let model: String
  private let actions: [String]
  private let skeleton: Skeleton
  private let frameTime: Double
  private let lengths: Set<Int>

  /// The level, the model, the strength, and what the model was trained on.
  public var name: String { "denoise-\(level)-\(model.prefix(12))-gamma-\(gamma)\(fit.suffix)" }

  /// A prior of a trained model.
  ///
  /// - Parameters:
  ///   - sampler: The loaded model.
  ///   - model: The hash of its checkpoint.
  ///   - windows: What it was trained on, at least one.
  public init(
    _ sampler: any MotionSampler, model: String, trainedOn windows: [LabelledMotion], level: Double,
    gamma: Double = .infinity, isLeak: Bool = false, body: CorrectorBody = CorrectorBody()
  ) {
    precondition((0...1).contains(level) && gamma >= 0, "a level of \(level) and a gamma of \(gamma)")
    precondition(!windows.isEmpty, "a model is trained on windows")
    fit = CorrectorFit(windows, isLeak: isLeak)
    self.sampler = sampler
    self.model = model
    self.level = level
    self.gamma = gamma
    self.body = body
    actions = Set(windows.map(\.action)).sorted()
    (skeleton, frameTime) = (windows[0].motion.skeleton, windows[0].motion.frameTime)
    lengths = Set(windows.map(\.motion.count))
  }

  /// Corrects one motion, a set of one; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    try await correctors(for: [SetSample(motion: motion, seed: seed)], jobs: 1)[0].correct(motion, seed: seed)
  }

  /// The correctors of a set's samples, which are denoised together.
  public func correctors(for samples: [SetSample], jobs: Int) async throws -> [any Corrector] {
    for sample in samples { _ = try body.body(for: sample.motion) }
    let fitting = samples.indices.filter { mismatch(samples[$0].motion) == nil }
    let prompts = fitting.map { place in
      let action = samples[place].action.flatMap { actions.contains($0) ? $0 : nil } ?? actions[0]
      return ClipPrompt(window: samples[place].window ?? "", action: action, frames: samples[place].motion.count)
    }
    let denoised = try await sampler.denoised(
      fitting.map { samples[$0].motion }, prompts: prompts, level: level,
      seeds: fitting.map { Seed.derive(samples[$0].seed, "denoise") })
    let targets = Dictionary(uniqueKeysWithValues: zip(fitting, denoised))
    return samples.indices.map { place in
      Denoised(
        name: name, body: body, share: CorrectionStrength(gamma).share, target: targets[place],
        reason: mismatch(samples[place].motion) ?? "")
    }
  }

  private func mismatch(_ motion: Motion) -> String? {
    guard motion.skeleton.names == skeleton.names else { return "the model knows another skeleton" }
    guard abs(motion.frameTime - frameTime) < 1e-3 * frameTime else {
      return "the model knows motion of \(1 / frameTime) frames a second, not \(motion.frameRate)"
    }
    return lengths.contains(motion.count) ? nil : "no real window has \(motion.count) frames"
  }

  /// Moves one sample towards its denoised form.
  private struct Denoised: Corrector {
    let name: String
    let body: CorrectorBody
    let share: Double
    /// It begins at the origin and faces forward; `nil` if the model does not know such motions.
    let target: Motion?
    let reason: String

    func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
      let body = try body.body(for: motion)
      guard let target, let first = motion.poses.first else { return .rejected(motion, reason: reason, body: body) }
      let placed = target.placed(rotation: first.rotations[0].heading, displacement: first.rootPosition.horizontal)
      var output = motion
      for index in output.poses.indices {
        var goal = placed.poses[index]
        goal.translations = motion.poses[index].translations
        output.poses[index] = share == 1 ? goal : motion.poses[index].interpolated(to: goal, share)
      }
      return .measured(from: motion, to: output, body: body)
    }
  }
}
