public import Kinematics
import Support

/// A corrector that is fitted on real motions: one with a data prior.
///
/// A physical corrector knows how bodies move, but not which motions are usual; it leaves a set of samples calmer and
/// more alike than it found them. A fitted one knows the real motions' law. The two can follow one another in either
/// order; see ``ChainedCorrector``.
public protocol FittedCorrector: SetCorrector {
  /// What it was fitted on.
  var fit: CorrectorFit { get }
}

/// What a corrector was fitted on, for ledgers and names.
public struct CorrectorFit: Sendable, Hashable, Codable {
  /// The number of real windows.
  public var windows: Int
  /// A hash of the windows' labels and motions.
  public var sha256: String
  /// Whether windows are among them that the model of the loop never learned from: then the correction brings knowledge
  /// into the loop that its real windows do not have.
  public var isLeak: Bool

  /// The fit on some windows.
  public init(_ windows: [LabelledMotion], isLeak: Bool = false) {
    var bytes: [UInt8] = []
    func absorb(_ value: Double) { withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes += $0 } }
    var digests = ""
    for window in windows {
      bytes = Array(window.action.utf8) + [0]
      absorb(window.motion.frameTime)
      for pose in window.motion.poses {
        for value in [pose.rootPosition.x, pose.rootPosition.y, pose.rootPosition.z] { absorb(value) }
        for rotation in pose.rotations {
          for value in [rotation.w, rotation.imaginary.x, rotation.imaginary.y, rotation.imaginary.z] { absorb(value) }
        }
      }
      digests += SHA256.hexadecimal(of: bytes)
    }
    self.windows = windows.count
    sha256 = SHA256.hexadecimal(of: digests.utf8)
    self.isLeak = isLeak
  }

  /// The end of a fitted corrector's name: `-leak` where it is one, the number of windows and the hash's beginning.
  public var suffix: String { "\(isLeak ? "-leak" : "")-\(windows)-windows-\(sha256.prefix(12))" }
}

/// A real motion with its action label, for a corrector to be fitted on.
public struct LabelledMotion: Sendable, Hashable {
  /// The motion.
  public var motion: Motion
  /// The action label.
  public var action: String

  /// Labels a motion.
  public init(motion: Motion, action: String) {
    self.motion = motion
    self.action = action
  }
}
