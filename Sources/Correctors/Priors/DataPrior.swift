import Dynamics
public import Kinematics
import Randomness
import Support

/// A corrector that moves samples towards the law of the real motions that it was fitted on.
///
///     let prior = try DataPrior.spectrum(fittedOn: windows, body: body)
///     let correctors = try await prior.correctors(for: samples, jobs: 2)
///
/// It works on latents: the principal components of a frame by cosine frequency over time. Each kind gives a sample a
/// target; at strength gamma the sample goes gamma / (1 + gamma) of the straight way there, so that a set of samples moves
/// along the displacement interpolation of optimal transport. Feet are not kept in place: let a physical corrector
/// follow.
///
/// It knows the windows' skeleton, frame rate and lengths, and rejects any other motion. Nothing is random.
public struct DataPrior: FittedCorrector {
  /// What it was fitted on.
  public let fit: CorrectorFit
  /// The strength, 0 or more; infinity moves all the way.
  public let gamma: Double
  /// Whose figures are measured.
  public let body: CorrectorBody
  private let groups: WindowGroups
  private let map: any LatentMap

  /// The kind, the strength, and what it was fitted on.
  public var name: String { "\(map.word)-gamma-\(gamma)\(fit.suffix)" }

  init(
    fittedOn windows: [LabelledMotion], gamma: Double, isLeak: Bool, body: CorrectorBody,
    map: (WindowGroups) throws -> any LatentMap
  ) throws {
    precondition(gamma >= 0, "gamma is at least 0, not \(gamma)")
    groups = try WindowGroups(windows, body: body)
    fit = CorrectorFit(windows, isLeak: isLeak)
    self.gamma = gamma
    self.body = body
    self.map = try map(groups)
  }

  /// Corrects one motion, a set of one; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    try await correctors(for: [SetSample(motion: motion, seed: seed)], jobs: 1)[0].correct(motion, seed: seed)
  }

  /// The correctors of a set's samples, by the set's law and the windows'.
  public func correctors(for samples: [SetSample], jobs: Int) async throws -> [any Corrector] {
    for sample in samples { try CorrectorBody.check(sample.motion) }
    var results = [TargetCorrector?](repeating: nil, count: samples.count)
    for (place, sample) in samples.enumerated() {
      if let reason = groups.mismatch(sample.motion) {
        results[place] = TargetCorrector(name: name, body: body, output: .failure(.init(message: reason)))
      }
    }
    let open = samples.indices.filter { results[$0] == nil }
    for (length, places) in Dictionary(grouping: open, by: { samples[$0].motion.count }).sorted(by: { $0.key < $1.key })
    {
      guard let group = groups.groups[length] else { continue }
      let latents = try await concurrentMap(places, limit: jobs) { group.space.encode(samples[$0].motion) }
      let targets = map.targets(of: latents, actions: places.map { samples[$0].action }, in: group)
      let share = CorrectionStrength(gamma).share
      let moved = zip(latents, targets).map { from, to in zip(from, to).map { $0 + share * ($1 - $0) } }
      let motions = try await concurrentMap(Array(zip(places, moved)), limit: jobs) { place, latent in
        group.space.decode(latent, like: samples[place].motion)
      }
      for (place, motion) in zip(places, motions) {
        results[place] = TargetCorrector(name: name, body: body, output: .success(motion))
      }
    }
    return results.compactMap { $0 }
  }
}

/// Where a data prior sends samples.
protocol LatentMap: Sendable {
  /// The kind's name.
  var word: String { get }

  /// The targets of a set's samples of one length.
  ///
  /// - Parameters:
  ///   - samples: Their latents.
  ///   - actions: Their labels.
  ///   - group: The real windows of that length.
  func targets(of samples: [[Double]], actions: [String?], in group: WindowGroups.Group) -> [[Double]]
}

/// Gives one sample the motion that was computed for it, measured on a body.
struct TargetCorrector: Corrector {
  let name: String
  let body: CorrectorBody
  /// The motion, or the reason why there is none.
  let output: Result<Motion, SurefootError>

  func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    let body = try body.body(for: motion)
    switch output {
    case .success(let output): return .measured(from: motion, to: output, body: body)
    case .failure(let error): return .rejected(motion, reason: error.message, body: body)
    }
  }
}
