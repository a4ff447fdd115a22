public import Kinematics
public import Support

extension Motion {
  /// Refuses what no file should hold: no frames, numbers that are not finite or absurdly large.
  func checkWritable(file: String) throws(SurefootError) {
    guard count > 0 else {
      throw SurefootError(
        file: file, message: "a motion without frames cannot be written", suggestion: "keep at least one frame")
    }
    for joint in skeleton.joints where !isWritable(joint.offset) || !isWritable(joint.endSite ?? .zero) {
      throw SurefootError(
        file: file, message: "joint '\(joint.name)' has an offset that is not finite or too large; nothing was written",
        suggestion: "repair the skeleton")
    }
    for (frame, pose) in poses.enumerated() where !isWritable(pose) {
      let joint = pose.rotations.firstIndex { !$0.isFinite } ?? 0
      throw SurefootError(
        file: file,
        message: "frame \(frame + 1), joint '\(skeleton.joints[joint].name)': a number is not finite or too large; "
          + "nothing was written", suggestion: "repair or leave out the motion")
    }
  }

  private func isWritable(_ pose: Pose) -> Bool {
    pose.isFinite && isWritable(pose.rootPosition) && pose.translations.values.allSatisfy(isWritable)
  }

  private func isWritable(_ v: SIMD3<Double>) -> Bool {
    abs(v.x) < FixedPoint.largest && abs(v.y) < FixedPoint.largest && abs(v.z) < FixedPoint.largest
  }
}
