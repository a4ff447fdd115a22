package import Foundation
import Kinematics
package import MotionFormats
import Randomness
import Support

/// A person who walks a few seconds, made up: enough for a dataset, with another stride for every seed.
package enum MadeUpWalk {
  package static func clip(seed: UInt64, seconds: Double = 4, frameRate: Double = 60) -> Clip {
    var random = SeededGenerator(seed: seed)
    let (stride, beat) = (0.3 + 0.1 * random.uniform(), 5 + random.uniform())
    let poses = (0..<Int(seconds * frameRate)).map { frame -> Pose in
      let phase = Double(frame) / frameRate * beat
      var pose = Pose(resting: .canonical, rootPosition: SIMD3(0, 0.95, Double(frame) / frameRate))
      for (hip, knee, shift) in [
        (CanonicalJoint.leftHip, CanonicalJoint.leftKnee, 0), (.rightHip, .rightKnee, Double.pi),
      ] {
        pose.rotations[hip.rawValue] = Quaternion(angle: -stride * sin(phase + shift), axis: .unitX)
        pose.rotations[knee.rawValue] = Quaternion(angle: 0.5 * max(0, cos(phase + shift)), axis: .unitX)
      }
      pose.rotations[CanonicalJoint.leftShoulder.rawValue] = Quaternion(angle: -1.2, axis: .unitZ)
      pose.rotations[CanonicalJoint.rightShoulder.rawValue] = Quaternion(angle: 1.3, axis: .unitZ)
      return pose
    }
    let motion = Motion(skeleton: .canonical, frameTime: 1 / frameRate, poses: poses)
    return Clip(name: "walk\(seed)", motion: motion, provenance: Provenance(source: "made up"))
  }

  package static func folder(clips: Int, subjects: Int) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("walks-\(UUID().uuidString)")
    var table = "path\tsubject\taction\tdescription\tlicence\n"
    for seed in 0..<clips {
      let clip = clip(seed: UInt64(seed))
      try BVH.write(clip, to: folder.appendingPathComponent("in/\(clip.name).bvh"))
      table += "in/\(clip.name).bvh\tactor\(seed % subjects)\twalk\ta walk\tfree\n"
    }
    try AtomicFile.write(table, to: folder.appendingPathComponent("manifest.tsv"))
    return folder
  }
}
