public import Foundation
public import Kinematics
import MotionFormats
public import Retargeting

/// How a dataset is prepared.
public struct DatasetOptions: Sendable, Hashable {
  /// Who is kept from training.
  public enum Evaluation: Sendable, Hashable {
    /// These subjects.
    case subjects([String])
    /// Whole subjects that together come near this share of the frames.
    case share(Double)
  }

  /// Frames a second of every prepared clip.
  public var frameRate = 20.0
  /// Frames of a window.
  public var window = 60
  /// Frames from one window's start to the next.
  public var stride = 20
  /// A clip shorter than a window gives one shorter window if it has at least this many frames.
  public var shortestWindow = 24
  /// Whether each training window stands in a mirrored copy too.
  public var mirror = false
  /// Who is kept from training.
  public var evaluation = Evaluation.share(0.2)
  /// Whose limbs the clips have.
  public var limbLengths = LimbLengths.canonical
  /// What is still a flat floor.
  public var floor = Floor.Tolerance()
  /// A joint map of the user's own, tried before any other.
  public var jointMap: JointMap?
  /// Metres in one of the sources' length units; what each file says, or what its figure's size tells, if absent.
  public var metresPerUnit: Double?
  /// The up axis of BVH sources, Y or Z; found in each file if absent.
  public var up: Axis?

  /// A folder of texts about the clips in HumanML3D's layout, with its `index.csv` in it or above it.
  public var texts: URL?

  /// Where the windows of a clip of some frames begin: full ones, the last flush with its end, or one short one.
  func starts(of frames: Int) -> [Int] {
    let last = frames - min(window, frames)
    var starts = Array(Swift.stride(from: 0, through: last, by: stride))
    if let end = starts.last, last - end >= max(1, stride / 2) { starts.append(last) }
    return starts
  }

  /// How sources are read.
  var reading: MotionReadingOptions { MotionReadingOptions(metresPerUnit: metresPerUnit, up: up) }

  /// The default options.
  public init() {}
}
