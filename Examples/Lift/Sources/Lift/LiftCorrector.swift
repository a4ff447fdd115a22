import Correctors
import Dynamics
import Kinematics

/// Raises the body in every frame in which a part of it is below the floor, just as far as needed.
///
/// Write your own method here; the protocol's rules are in the documentation of `Corrector`.
public struct LiftCorrector: Corrector {
  /// The name in reports and ledgers; with its settings, if they change the result.
  public let name = "lift"
  private let body: CorrectorBody

  /// A corrector for one body, or for any.
  public init(body: CorrectorBody = CorrectorBody()) { self.body = body }

  /// Corrects one motion: metres, Y up, the floor at height 0.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    // Refuses what no corrector can take: no frames, a number that is not finite, a skeleton that is not a biped's.
    let body = try body.body(for: motion)
    var raised = motion
    var deepest = 0.0
    for i in raised.poses.indices {
      let depth = -body.lowestPoint(in: body.state(of: raised.poses[i]))
      guard depth > 0 else { continue }
      raised.poses[i].rootPosition.y += depth
      deepest = max(deepest, depth)
    }
    let note = "The body was raised by at most \((1000 * deepest).rounded()) mm."
    return .measured(from: motion, to: raised, body: body, notes: deepest > 0 ? [note] : [])
  }
}
