public import Kinematics

/// A blend of every motion with its correction by another corrector.
///
///     let gentle = BlendedCorrector(TrackingCorrector(), share: 0.5)
///
/// In every frame the root's place is interpolated along a line and each rotation along the shorter arc; the figures
/// are those of the blend. The other corrector's guarantees do not hold: a blend of a simulated motion was not simulated
/// itself. It reports no applied residual and no contacts; its residual wrench by inverse dynamics shows what it would
/// need.
public struct BlendedCorrector: Corrector {
  /// The other corrector.
  public let base: any Corrector
  /// How far to go, in 0...1: 0 is the input, 1 the correction.
  public let share: Double
  /// Whose figures the blend has.
  public let body: CorrectorBody

  /// The other's name and the share.
  public var name: String { "\(base.name)-blend-\(share)" }

  /// A blend with a share in 0...1.
  ///
  /// - Precondition: `share` is in 0...1.
  public init(_ base: any Corrector, share: Double, body: CorrectorBody = CorrectorBody()) {
    precondition((0...1).contains(share), "a share is in 0...1, not \(share)")
    self.base = base
    self.share = share
    self.body = body
  }

  /// Corrects the motion as far as asked; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    let body = try body.body(for: motion)
    guard share > 0 else {
      return .measured(from: motion, to: motion, body: body, notes: ["Left as it was: the blend's share is 0."])
    }
    let full = try await base.correct(motion, seed: seed)
    guard share < 1, full.verdict == .corrected else { return full }
    var blend = motion
    for i in blend.poses.indices { blend.poses[i] = motion.poses[i].interpolated(to: full.motion.poses[i], share) }
    let percent = (1000 * share).rounded() / 10
    return .measured(
      from: motion, to: blend, body: body, seconds: full.report.seconds,
      notes: full.report.notes + [
        "A blend of \(percent) % of the correction with the input: no simulation moved it, and its figures are its own."
      ])
  }
}
