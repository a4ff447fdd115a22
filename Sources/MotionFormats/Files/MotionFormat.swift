public import Foundation
public import Retargeting
public import Support

/// A kind of file that motions are written as.
///
///     let format = MotionFormat(of: url) ?? .bvh
///     let notes = try MotionFile.write(clip, to: url, as: format)
public enum MotionFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// Biovision's hierarchy; see ``BVH``.
  case bvh
  /// Acclaim's rows, the skeleton in an `.asf` file beside; see ``AMC``.
  case amc
  /// DeepMimic's JSON; see ``DeepMimic``.
  case deepMimic = "deepmimic"
  /// HumanML3D's 263 numbers a frame; see ``HumanML3D``.
  case humanML3D = "humanml3d"
  /// Positions and quaternions for numpy; see ``MotionArchive``.
  case npz
  /// Binary glTF; see ``GLB``.
  case glb
  /// A table; see ``CSV``.
  case csv

  /// The format that a file's name asks for; `nil` for an ending of no format.
  public init?(of url: URL) {
    let ending = url.pathExtension.lowercased()
    guard let format = MotionFormat.allCases.first(where: { $0.endings.contains(ending) }) else { return nil }
    self = format
  }

  /// The ending of its files' names.
  public var fileExtension: String { endings[0] }

  private var endings: [String] {
    switch self {
    case .bvh: ["bvh"]
    case .amc: ["amc"]
    case .deepMimic: ["txt", "json"]
    case .humanML3D: ["npy"]
    case .npz: ["npz"]
    case .glb: ["glb"]
    case .csv: ["csv"]
    }
  }

  /// Whether a file's length unit is for the writer to choose; otherwise metres.
  public var hasUnits: Bool { [.bvh, .amc, .npz, .csv].contains(self) }

  /// The only frame rate of a format that has one; frames a second.
  public var frameRate: Double? { self == .humanML3D ? HumanML3DFeatures.frameRate : nil }

  /// Whether a file's up axis is for the writer to choose; otherwise Y.
  public var hasUpAxis: Bool { [.bvh, .npz, .csv].contains(self) }
}

extension MotionFile {
  /// Writes a clip in the clip's units and axes, where the format leaves them open. The file appears whole or not.
  ///
  /// - Parameter joints: Which joints are a biped's, for formats of one skeleton; found if absent.
  /// - Returns: What was changed or could not be kept, one sentence each.
  /// - Throws: A `SurefootError` for a motion that the format cannot hold.
  @discardableResult
  public static func write(
    _ clip: Clip, to url: URL, as format: MotionFormat, joints: JointMap? = nil
  ) throws(SurefootError) -> [String] {
    switch format {
    case .bvh: return try BVH.write(clip, to: url).sentences
    case .amc: return try AMC.write(clip, to: url)
    case .deepMimic: return try DeepMimic.write(clip, to: url, joints: joints)
    case .humanML3D: return try HumanML3D.write(clip, to: url, joints: joints)
    case .npz: try MotionArchive.write(clip, to: url)
    case .glb: return try GLB.write(clip, to: url)
    case .csv: try CSV.write(clip, to: url)
    }
    return []
  }
}
