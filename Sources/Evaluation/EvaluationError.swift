/// Why a set of motions cannot be evaluated.
public enum EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Fewer motions than the figure needs.
  case tooFew(what: String, have: Int, need: Int)
  /// A NaN or an infinity where a number belongs.
  case notFinite(String)
  /// The motion is not on the canonical 22-joint skeleton.
  case notCanonical(String)
  /// An encoder or evaluation set that does not fit what it is used on.
  case mismatch(String)

  /// What is wrong and what mends it.
  public var description: String {
    switch self {
    case .tooFew(let what, let have, let need):
      "\(what): \(have) motions, at least \(need) are needed; prepare more motion or ask for more samples"
    case .notFinite(let what): "\(what) is not finite; a motion of the set holds NaN or infinity"
    case .notCanonical(let name):
      "\(name) is not on the canonical 22-joint skeleton; prepare it with `surefoot data prepare`"
    case .mismatch(let problem): problem
    }
  }
}
