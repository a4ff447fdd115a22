public import Kinematics

/// One of the samples that are corrected together.
public struct SetSample: Sendable, Hashable {
  /// The sample.
  public var motion: Motion
  /// Its action label; `nil` where none is known.
  public var action: String?
  /// The id of the real window that its prompt was taken from; `nil` where there is none.
  public var window: String?
  /// The seed with which this sample is corrected.
  public var seed: UInt64

  /// A sample of a set.
  public init(motion: Motion, action: String? = nil, window: String? = nil, seed: UInt64 = 0) {
    self.motion = motion
    self.action = action
    self.window = window
    self.seed = seed
  }
}

/// A corrector that looks at a whole set of samples, and at their labels, before it corrects one of them.
///
///     let correctors = try await prior.correctors(for: samples, jobs: 2)
///     let correction = try await correctors[0].correct(samples[0].motion, seed: samples[0].seed)
///
/// A single motion is a set of one. Conform to it where the law of the samples matters, not each sample alone: to give a
/// set back the energy or the modes that it lost. In a loop the set is what a generation drew for one round.
public protocol SetCorrector: Corrector {
  /// The correctors of a set's samples, one each and in their order. Each is asked for its own sample.
  ///
  /// - Parameters:
  ///   - samples: Finite motions with at least one frame.
  ///   - jobs: How many may be computed at once; changes no result.
  func correctors(for samples: [SetSample], jobs: Int) async throws -> [any Corrector]
}
