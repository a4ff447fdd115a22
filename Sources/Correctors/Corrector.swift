public import Kinematics

/// Turns a motion into one that a body could do.
///
///     struct Lift: Corrector {
///       let name = "lift"
///       func correct(_ motion: Motion, seed: UInt64) async throws -> Correction { ... }
///     }
///
/// A corrector keeps the input's skeleton, frame time and number of frames, and the motion of joints that it does not
/// understand (fingers, face) relative to their parents. It never teleports the body and never passes a motion on in
/// silence: its verdict says what was done. The same motion and seed give the same bytes, on any number of threads.
/// Run a conformance check from `CorrectionTesting` against your own.
public protocol Corrector: Sendable {
  /// The name that the command line, ledgers and reports know it by; with its settings if they change the result.
  var name: String { get }

  /// Corrects one motion.
  ///
  /// - Parameters:
  ///   - motion: Metres, Y up, floor expected near height 0; any biped skeleton.
  ///   - seed: The only source of randomness.
  /// - Throws: ``SurefootError`` for a motion that cannot be read as a biped's; a motion that is understood but
  ///   cannot be corrected is no error: its verdict is `rejected`.
  func correct(_ motion: Motion, seed: UInt64) async throws -> Correction
}
