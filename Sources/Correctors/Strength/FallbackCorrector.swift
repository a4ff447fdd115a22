public import Kinematics

/// A corrector, and others that are tried in turn where it rejects a motion.
///
///     let patient = FallbackCorrector(PredictiveCorrector(), else: [TrackingCorrector(), KinematicCorrector()])
///     let correction = try await patient.correct(clip.motion, seed: 0)
///     print(correction.report.corrector ?? "")          // who made it
///
/// Use it where every clip has to come back. The result is the first usable one, with that corrector's guarantees and no
/// others; ``CorrectionReport/corrector`` says whose it is. Where all reject, the reason has each one's.
public struct FallbackCorrector: Corrector {
  /// The correctors, in the order in which they are tried.
  public let correctors: [any Corrector]

  /// All names: `predictive, else kinematic`.
  public var name: String { correctors.map(\.name).joined(separator: ", else ") }

  /// A corrector that is tried first, and others.
  public init(_ first: any Corrector, else others: [any Corrector]) { correctors = [first] + others }

  /// Corrects one motion by the first corrector that can; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    var refusals: [String] = []
    var last: Correction?
    var seconds = 0.0
    for corrector in correctors {
      var correction = try await corrector.correct(motion, seed: seed)
      seconds += correction.report.seconds
      correction.report.seconds = seconds
      if case .rejected(let reason) = correction.verdict {
        refusals.append("\(corrector.name): \(reason)")
        last = last ?? correction
        continue
      }
      correction.report.corrector = corrector.name
      correction.report.notes.insert(contentsOf: refusals.map { "Not corrected by \($0)." }, at: 0)
      return correction
    }
    guard var rejected = last else { preconditionFailure("at least one corrector") }
    rejected.report.seconds = seconds
    if refusals.count > 1 { rejected.verdict = .rejected(reason: refusals.joined(separator: "; ")) }
    return rejected
  }
}
