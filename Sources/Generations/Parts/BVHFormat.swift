public import Foundation
public import Kinematics
public import MotionFormats

/// Clips as BVH files in centimetres.
///
/// A file nests joints depth first, rounds offsets to its last decimal, and moves one that Blender would misread by a
/// quarter of a micrometre; a clip read back stands on the dataset's own skeleton again where it differs from it by no
/// more than a micrometre.
public struct BVHFormat: ClipFormat {
  /// `bvh`.
  public let fileExtension = "bvh"
  private let skeleton: Skeleton

  /// A format for motion on a skeleton.
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
    guard let ordered = motion.ordered(like: skeleton), isRounded(ordered.skeleton) else { return motion }
    return Motion(skeleton: skeleton, frameTime: ordered.frameTime, poses: ordered.poses)
  }

  private func isRounded(_ other: Skeleton) -> Bool {
    zip(other.joints.dropFirst(), skeleton.joints.dropFirst()).allSatisfy {
      ($0.offset - $1.offset).length < 1e-6
    }
  }
}
