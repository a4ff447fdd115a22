import Foundation
@testable import MotionFormats
import Testing
import Kinematics

/// CMU's originals beside the BVH files that others made of them.
///
/// The conversion put joint `Neck` and both shoulders where `Spine1` is: the thorax bone's length is lost, so that all
/// above it stands lower by that bone, turned as the thorax is. Each hand likewise stands where the wrist is: the wrist
/// bone is lost. Everything else must agree. BVH frame 0 is an artificial T-pose: BVH frame k + 1 is AMC frame k.
@Suite(.enabled(if: CMUFolder.isThere)) struct AcclaimAgainstBVHTests {
  /// BVH joints and the bones whose near end they are.
  static let below = [
    "Hips": "root", "LeftUpLeg": "lfemur", "LeftLeg": "ltibia", "LeftFoot": "lfoot", "LeftToeBase": "ltoes",
    "RightUpLeg": "rfemur", "RightLeg": "rtibia", "RightFoot": "rfoot", "RightToeBase": "rtoes",
    "LowerBack": "lowerback", "Spine": "upperback", "Spine1": "thorax",
  ]
  static let above = [
    "Neck": "lowerneck", "Neck1": "upperneck", "Head": "head", "LeftShoulder": "lclavicle", "LeftArm": "lhumerus",
    "LeftForeArm": "lradius", "LeftHand": "lwrist", "RightShoulder": "rclavicle", "RightArm": "rhumerus",
    "RightForeArm": "rradius", "RightHand": "rwrist",
  ]
  static let hands = [
    "LeftFingerBase": "lhand", "LeftHandIndex1": "lfingers", "LThumb": "lthumb", "RightFingerBase": "rhand",
    "RightHandIndex1": "rfingers", "RThumb": "rthumb",
  ]

  static func difference(_ subject: String, _ trial: String) throws -> (below: Double, above: Double, hands: Double) {
    let folder = try #require(CMUFolder.original(subject))
    let actor = try ASF.read(contentsOf: folder.appending(path: "\(subject).asf"))
    let original = try AMC.read(contentsOf: folder.appending(path: "\(trial).amc"), skeleton: actor).motion
    let converted = try BVH.read(contentsOf: try #require(CMUFolder.bvh(trial))).motion
    #expect(abs(original.count + 1 - converted.count) <= 1)
    #expect(abs(original.frameRate - converted.frameRate) < 0.01)
    let thorax = try #require(actor.bones.first { $0.name == "thorax" })
    let wrists = try ["lwrist", "rwrist"].map { name in try #require(actor.bones.first { $0.name == name }) }
    let thoraxJoint = try #require(actor.jointOfBone["thorax"])
    var worst = (below: 0.0, above: 0.0, hands: 0.0)
    for frame in stride(from: 0, to: min(original.count, converted.count - 1), by: 7) {
      let ours = original.skeleton.frames(of: original.poses[frame])
      let theirs = converted.skeleton.frames(of: converted.poses[frame + 1])
      let lostThorax = ours.rotations[thoraxJoint].act(thorax.direction * thorax.length)
      func distance(_ joint: String, _ bone: String, _ lost: SIMD3<Double>) throws -> Double {
        let here = ours.positions[try #require(actor.jointOfBone[bone])]
        let there = theirs.positions[try #require(converted.skeleton.index(of: joint))]
        return (here - lost - there).length
      }
      for (joint, bone) in Self.below { worst.below = max(worst.below, try distance(joint, bone, .zero)) }
      for (joint, bone) in Self.above { worst.above = max(worst.above, try distance(joint, bone, lostThorax)) }
      for (joint, bone) in Self.hands {
        let wrist = bone.hasPrefix("l") ? wrists[0] : wrists[1]
        let turn = ours.rotations[try #require(actor.jointOfBone[wrist.name])]
        let lost = lostThorax + turn.act(wrist.direction * wrist.length)
        worst.hands = max(worst.hands, try distance(joint, bone, lost))
      }
    }
    return worst
  }

  @Test(
    "Agrees within a millimetre",
    arguments: [
      ("16", "16_16"), ("16", "16_35"), ("16", "16_45"), ("49", "49_02"), ("49", "49_07"), ("135", "135_03"),
      ("135", "135_09"),
    ]) func agreesWithinAMillimetre(subject: String, trial: String) throws
  {
    let worst = try Self.difference(subject, trial)
    print("\(trial): legs and trunk \(worst.below) m, above the thorax \(worst.above) m, hands \(worst.hands) m")
    #expect(worst.below < 1e-3)
    #expect(worst.above < 1e-3)
    #expect(worst.hands < 1e-3)
  }

  @Test("Every trial agrees", .enabled(if: CMUFolder.runsLong)) func everyTrialAgrees() throws {
    var (count, worst) = (0, (below: 0.0, above: 0.0, hands: 0.0))
    for file in CMUFolder.bvhFiles {
      let trial = file.deletingPathExtension().lastPathComponent
      let subject = String(trial.prefix { $0 != "_" })
      guard let folder = CMUFolder.original(subject),
        FileManager.default.fileExists(atPath: folder.appending(path: "\(trial).amc").path)
      else { continue }
      let here = try Self.difference(subject, trial)
      count += 1
      worst = (max(worst.below, here.below), max(worst.above, here.above), max(worst.hands, here.hands))
    }
    print("\(count) trials: legs and trunk \(worst.below) m, above the thorax \(worst.above) m, hands \(worst.hands) m")
    #expect(count > 70)
    #expect(max(worst.below, worst.above, worst.hands) < 1e-3)
  }
}
