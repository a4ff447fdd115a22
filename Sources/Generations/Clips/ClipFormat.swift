public import Foundation
public import Kinematics
import MotionFormats

/// The file format of a run's clips.
///
/// A clip is what its file says: the loop measures, corrects and trains on the decoded motion, never on the one that was
/// encoded. The same motion must give the same bytes each time.
public protocol ClipFormat: Sendable {
  /// The file extension without the dot, `bvh`.
  var fileExtension: String { get }
  /// The file's bytes for a motion.
  func encode(_ motion: Motion) throws -> Data
  /// The motion of a file's bytes; `name` is used in messages.
  func decode(_ data: Data, name: String) throws -> Motion
}

/// Clips as BVH files in centimetres: the format of `surefoot loop`.
///
/// A BVH file nests joints depth first and rounds their offsets, and one offset that Blender would misread is moved by a
/// quarter of a micrometre. A decoded clip is put back on the dataset's skeleton if its own differs by less than a
/// micrometre.
public struct BVHClipFormat: ClipFormat {
  /// `bvh`.
  public let fileExtension = "bvh"
  private let skeleton: Skeleton

  /// A format for motion on one skeleton, the dataset's.
  public init(skeleton: Skeleton) { self.skeleton = skeleton }

  /// The bytes of a BVH file.
  public func encode(_ motion: Motion) throws -> Data {
    let clip = Clip(
      name: "clip", motion: motion, convention: .centimetres, provenance: Provenance(source: "surefoot loop"))
    return Data(try BVH.text(of: clip).utf8)
  }

  /// The motion of a BVH file's bytes.
  public func decode(_ data: Data, name: String) throws -> Motion {
    let motion = try BVH.read(text: String(decoding: data, as: UTF8.self), name: name, convention: .centimetres).motion
    guard let ordered = motion.ordered(like: skeleton), differsByRoundingOnly(ordered.skeleton) else { return motion }
    return Motion(skeleton: skeleton, frameTime: ordered.frameTime, poses: ordered.poses)
  }

  private func differsByRoundingOnly(_ other: Skeleton) -> Bool {
    zip(other.joints.dropFirst(), skeleton.joints.dropFirst()).allSatisfy {
      ($0.offset - $1.offset).length < 1e-6
    }
  }
}
