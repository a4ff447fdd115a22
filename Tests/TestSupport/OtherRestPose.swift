package import Kinematics
import Randomness

extension Motion {
  /// The same motion on another rest pose: every joint and tip of every frame is where it was, whatever the turns.
  ///
  /// - Parameter turns: How each joint's frame is turned in the world against the rest pose that the motion has.
  package func onRestPose(turnedBy turns: [Quaternion]) -> Motion {
    precondition(turns.count == skeleton.count, "a turn for every joint")
    let joints = skeleton.joints.enumerated().map { index, joint in
      var joint = joint
      joint.offset = joint.parent.map { turns[$0].act(joint.offset) } ?? joint.offset
      joint.endSite = joint.endSite.map(turns[index].act)
      return joint
    }
    let poses = poses.map { pose in
      var turned = pose
      for (index, joint) in skeleton.joints.enumerated() {
        let above = joint.parent.map { turns[$0] } ?? .identity
        turned.rotations[index] = (above * pose.rotations[index] * turns[index].inverse).normalized
      }
      for (index, place) in pose.translations {
        if let parent = skeleton.joints[index].parent { turned.translations[index] = turns[parent].act(place) }
      }
      return turned
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: frameTime, poses: poses)
  }
}

extension Skeleton {
  /// Turns that lay every bone along one direction, as LAFAN1's files have them along X.
  package func turns(layingBonesAlong axis: SIMD3<Double>) -> [Quaternion] {
    joints.indices.map { index in
      let bone = children[index].last.map { joints[$0].offset } ?? joints[index].endSite ?? .zero
      return bone.length < 1e-9 ? .identity : Quaternion(from: bone.normalized, to: axis)
    }
  }

  /// A turn of any size for every joint.
  package func randomTurns(seed: UInt64) -> [Quaternion] {
    var random = SeededGenerator(seed: seed)
    return joints.indices.map { _ in
      Quaternion(w: random.normal(), x: random.normal(), y: random.normal(), z: random.normal()).normalized
    }
  }
}
