import Foundation
@testable import Kinematics
@testable import MotionFormats
import Testing
import Retargeting

/// Canonical motions on skeletons of one's own.
@Suite struct CharacterTests {
  /// A character of other names and proportions: hanging arms, a helper joint above the hips, a twist bone, no fingers.
  static let character: Skeleton = {
    func joint(_ name: String, _ parent: Int?, _ x: Double, _ y: Double, _ z: Double) -> Joint {
      Joint(name: name, parent: parent, offset: SIMD3(x, y, z), channels: parent == nil ? .root : .rotation)
    }
    return Skeleton(joints: [
      joint("Reference", nil, 0, 0, 0), joint("Hips", 0, 0, 0.7, 0),
      joint("LeftUpLeg", 1, 0.07, -0.03, 0), joint("LeftLeg", 2, 0.02, -0.3, 0), joint("LeftFoot", 3, 0, -0.31, 0),
      joint("LeftToeBase", 4, 0, -0.04, 0.1),
      joint("RightUpLeg", 1, -0.07, -0.03, 0), joint("RightLeg", 6, -0.02, -0.3, 0), joint("RightFoot", 7, 0, -0.31, 0),
      joint("RightToeBase", 8, 0, -0.04, 0.1),
      joint("Spine", 1, 0, 0.1, 0), joint("Spine1", 10, 0, 0.12, 0), joint("Neck", 11, 0, 0.2, 0),
      joint("Head", 12, 0, 0.1, 0),
      joint("LeftShoulder", 11, 0.05, 0.15, 0), joint("LeftArm", 14, 0.09, 0, 0),
      joint("LeftForeArm", 15, 0.05, -0.22, 0), joint("LeftHand", 16, 0.04, -0.2, 0),
      joint("RightShoulder", 11, -0.05, 0.15, 0), joint("RightArm", 18, -0.09, 0, 0),
      joint("RightForeArm", 19, -0.05, -0.22, 0), joint("RightHand", 20, -0.04, -0.2, 0),
      joint("LeftEye", 13, 0.03, 0.05, 0.08),
    ])
  }()

  @Test("Limbs point as the persons do") func limbsPointAsThePersonsDo() throws {
    let motion = FormatTests.walk()
    let worn = try motion.retargeted(to: Self.character, file: "walk")
    #expect(worn.skeleton == Self.character && worn.count == motion.count && worn.frameTime == motion.frameTime)
    let bones: [(CanonicalJoint, CanonicalJoint)] = [
      (.leftHip, .leftKnee), (.leftKnee, .leftAnkle), (.rightHip, .rightKnee), (.rightKnee, .rightAnkle),
      (.leftShoulder, .leftElbow), (.rightElbow, .rightWrist), (.leftElbow, .leftWrist),
    ]
    for (ours, theirs) in zip(motion.jointPositions, worn.jointPositions) {
      for (from, to) in bones {
        let (a, b) = (Self.character.index(of: from.fileName) ?? 0, Self.character.index(of: to.fileName) ?? 0)
        let wanted = (ours[to.rawValue] - ours[from.rawValue]).normalized
        #expect(((theirs[b] - theirs[a]).normalized - wanted).length < 1e-6, "\(from)")
      }
    }
    // What is not mapped keeps its rest pose.
    #expect(worn.poses.allSatisfy { $0.rotations[0].angle == 0 && $0.rotations[22].angle == 0 })
  }

  @Test("Standing feet stay on the floor") func standingFeetStayOnTheFloor() throws {
    var standing = Pose(resting: .canonical)
    let lowest = Skeleton.canonical.frames(of: standing)
    let soles = Skeleton.canonical.joints.enumerated().compactMap { index, joint in
      joint.endSite.map { (lowest.positions[index] + $0).y }
    }
    standing.rootPosition.y = -(soles.min() ?? 0)
    let motion = Motion(skeleton: .canonical, frameTime: 0.05, poses: [standing, standing])
    let worn = try motion.retargeted(to: Self.character, file: "stand")
    let heights = worn.jointPositions[0].map(\.y)
    #expect(abs(heights.min() ?? 1) < 1e-9)
    // And the way walked is scaled with the figure: a metre for 1.70 m is less for a child.
    var moved = motion
    moved.poses[1].rootPosition.z += 1
    let walked = try moved.retargeted(to: Self.character, file: "walk").jointPositions
    let way = (walked[1][1] - walked[0][1]).z
    #expect(way > 0.6 && way < 0.9)
  }

  @Test("There and back is the same motion") func thereAndBackIsTheSameMotion() throws {
    let motion = FormatTests.walk()
    let worn = try motion.retargeted(to: Self.character, file: "walk")
    let back = try worn.retargetedToCanonical(file: "walk")
    // Every canonical joint that the character has turns in the world as before.
    for (one, other) in zip(motion.jointFrames, back.jointFrames) {
      for joint in [CanonicalJoint.pelvis, .leftHip, .leftKnee, .rightAnkle, .head, .leftShoulder, .rightElbow] {
        #expect(one.rotations[joint.rawValue].angle(to: other.rotations[joint.rawValue]) < 1e-6, "\(joint)")
      }
    }
    #expect(try motion.retargeted(to: .canonical, file: "walk") == motion)
  }

  @Test("What is no biped is refused by name") func whatIsNoBipedIsRefusedByName() {
    let snake = Skeleton(joints: [
      Joint(name: "a", parent: nil, offset: .zero), Joint(name: "b", parent: 0, offset: .unitX),
    ])
    #expect {
      try FormatTests.walk(frames: 2).retargeted(to: snake, file: "snake.bvh")
    } throws: {
      "\($0)".contains("snake.bvh") && "\($0)".contains("--skeleton")
    }
  }

  @Test("Captured motion goes to another actor", .enabled(if: CMUFolder.isThere))
  func capturedMotionGoesToAnotherActor() throws {
    guard let source = CMUFolder.bvh("16_16") else { return }
    let clip = try BVH.read(contentsOf: source)
    let motion = clip.motion.frames(1..<60)
    let worn = try motion.retargeted(to: Self.character, file: "16_16")
    #expect(worn.isFinite && worn.count == 59)
    let heights = worn.jointPositions.flatMap { $0.dropFirst() }.map(\.y)
    #expect((heights.min() ?? -1) > -0.06 && (heights.max() ?? 9) < 1.5)
  }
}
