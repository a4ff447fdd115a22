public import Kinematics

/// Turns a motion into one that a body could perform.
///
///     struct Lift: Corrector {
///       let name = "lift"
///       func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
///         let body = try CorrectorBody().body(for: motion)
///         var raised = motion
///         for i in raised.poses.indices {
///           raised.poses[i].rootPosition.y -= min(0, body.lowestPoint(in: body.state(of: motion.poses[i])))
///         }
///         return .measured(from: motion, to: raised, body: body)
///       }
///     }
///
/// Conform to it to use a method of yours on the command line, in a loop and in the tests; the guide
/// <doc:WritingACorrector> has a whole package. To use one of ours, see ``CorrectorRegistry``.
///
/// A corrector keeps the input's skeleton, frame time and number of frames, and the motion of joints that it does not
/// understand (fingers, face) relative to their parents, but for what would lie in the floor. It never teleports the body, and its verdict says what was done.
/// The same motion and seed give the same bytes, on any number of threads. Where the task is cancelled it throws a
/// `CancellationError` soon. `CorrectorConformance` of `CorrectionTesting` checks all this.
public protocol Corrector: Sendable {
  /// The name on the command line, in ledgers and in reports. It contains every setting that changes the result: results
  /// are kept and looked up by it.
  var name: String { get }

  /// Corrects one motion.
  ///
  /// - Parameters:
  ///   - motion: Metres, Y up, floor expected near height 0; any biped skeleton.
  ///   - seed: The only source of randomness.
  /// - Throws: ``SurefootError`` for a motion that cannot be read as a biped's. A motion that is understood but cannot
  ///   be corrected is not an error: its verdict is `rejected`.
  func correct(_ motion: Motion, seed: UInt64) async throws -> Correction
}
