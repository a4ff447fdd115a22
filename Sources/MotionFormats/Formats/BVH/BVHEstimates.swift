import Foundation
public import Kinematics
import Retargeting

extension BVH {
  /// The length unit that makes the figure's legs a person's: metre, foot, decimetre, inch, centimetre, millimetre or CMU's.
  ///
  /// The way from the hips to the foot is 1 m in an adult of 1.7 m; neighbouring units differ by a factor of 1.8 or
  /// more, so the unit is right for figures from 0.75 to 1.3 of that. Without a joint named as a foot, the way to the
  /// farthest tip, mostly a hand, counts as 1.35 m.
  ///
  /// - Parameter skeleton: In the file's units.
  /// - Returns: Metres a unit; `nil` if the skeleton has no length.
  public static func likelyMetresPerUnit(of skeleton: Skeleton) -> Double? {
    // A root on the floor below the hips, as game engines have it, is no part of a leg.
    let hips = BipedNames(skeleton).joints()[.pelvis] ?? 0
    let reach = reaches(of: skeleton, from: hips)
    let feet = skeleton.joints.indices.filter { index in
      let name = skeleton.joints[index].name.lowercased()
      return name.contains("foot") || name.contains("ankle") || name.contains("toe")
    }
    let legs = feet.map { reach[$0] }.max() ?? 0
    let tips = skeleton.joints.indices.map { reach[$0] + (skeleton.joints[$0].endSite?.length ?? 0) }.max() ?? 0
    let ratio = legs > 0 ? legs / 1.0 : tips / 1.35
    guard ratio > 0, ratio.isFinite else { return nil }
    if isCMU(skeleton), (0.7...1.4).contains(ratio * FileConvention.cmu) { return FileConvention.cmu }
    return FileConvention.units.map(\.metres).min { abs(log($0 * ratio)) < abs(log($1 * ratio)) }
  }

  /// Whether the joints are those of the cgspeed conversion of CMU's motion capture.
  static func isCMU(_ skeleton: Skeleton) -> Bool {
    skeleton.count == 31
      && ["LHipJoint", "RHipJoint", "LowerBack", "Spine1"].allSatisfy { skeleton.index(of: $0) != nil }
  }

  /// The up axis of a motion in a file's axes: that along which the person stands while it moves, else at rest; Y where
  /// neither tells.
  public static func likelyUpAxis(of motion: Motion) -> Axis { UpAxisEstimate(of: motion).axis }

  /// What is odd about a frame time that no capture has, with the rate that was probably meant; `nil` for a likely one.
  static func warning(ofFrameTime seconds: Double) -> String? {
    guard !(0.0005...1).contains(seconds) else { return nil }
    let text = "a frame time of \(seconds) s is unlikely"
    // The rate written for the time, or milliseconds for seconds.
    let meant = [seconds, 1000 / seconds].lazy.compactMap { rate in
      MotionLimits.usualRates.first { abs($0 / rate - 1) < 2e-3 }
    }.first
    guard let meant else { return text + "; give the right rate by --capture-fps" }
    return text + "; if \(Int(meant)) frames per second are meant, give --capture-fps \(Int(meant))"
  }

  /// Whether the root's positions are relative to its OFFSET, as iClone and three.js have it: the feet stand on the
  /// floor with the OFFSET, and as far below it without.
  static func rootIsLikelyRelative(_ motion: Motion, up: Axis) -> Bool {
    let (skeleton, axis) = (motion.skeleton, up.rawValue)
    let height = skeleton.joints[0].offset[axis]
    guard height > 0, Set(skeleton.joints[0].channels.filter(\.isPosition)).count == 3 else { return false }
    var lowest = Double.infinity
    for frame in stride(from: 0, to: motion.count, by: max(1, motion.count / 64)) {
      let frames = skeleton.frames(of: motion.poses[frame])
      for (index, joint) in skeleton.joints.enumerated() {
        let place = frames.positions[index]
        let tip = joint.endSite.map { place + frames.rotations[index].act($0) } ?? place
        lowest = min(lowest, place[axis], tip[axis])
      }
    }
    return abs(lowest + height) < 0.2 * height
  }

  /// The length of the bones from the hips, or from joints above them, to every joint.
  private static func reaches(of skeleton: Skeleton, from hips: Int) -> [Double] {
    let above = Set(skeleton.path(toRootFrom: hips))
    var reach = [Double](repeating: 0, count: skeleton.count)
    for (index, joint) in skeleton.joints.enumerated() where !above.contains(index) {
      if let parent = joint.parent { reach[index] = reach[parent] + joint.offset.length }
    }
    return reach
  }
}
