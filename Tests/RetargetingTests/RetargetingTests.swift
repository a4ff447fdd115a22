import Foundation
import Support
@testable import Kinematics
@testable import MotionFormats
import Randomness
@testable import Retargeting
import TestSupport
import Testing

@Suite struct RetargetingTests {
  static let smpl = [
    "Pelvis", "L_Hip", "R_Hip", "Spine1", "L_Knee", "R_Knee", "Spine2", "L_Ankle", "R_Ankle", "Spine3", "L_Foot",
    "R_Foot", "Neck", "L_Collar", "R_Collar", "Head", "L_Shoulder", "R_Shoulder", "L_Elbow", "R_Elbow", "L_Wrist",
    "R_Wrist",
  ]
  static let mixamo = Skeleton.canonical.names.map { "mixamorig:" + $0 }
  static let namco = [
    "Hips", "UpperLeg_L", "UpperLeg_R", "Spine", "LowerLeg_L", "LowerLeg_R", "Spine1", "Foot_L", "Foot_R", "Chest",
    "Toes_L", "Toes_R", "Neck", "Shoulder_L", "Shoulder_R", "Head", "UpperArm_L", "UpperArm_R", "LowerArm_L",
    "LowerArm_R", "Hand_L", "Hand_R",
  ]
  static let unreal = [
    "pelvis", "thigh_l", "thigh_r", "spine_01", "calf_l", "calf_r", "spine_02", "foot_l", "foot_r", "spine_03",
    "ball_l",
    "ball_r", "neck_01", "clavicle_l", "clavicle_r", "head", "upperarm_l", "upperarm_r", "lowerarm_l", "lowerarm_r",
    "hand_l", "hand_r",
  ]
  static let blender = [
    "hips", "thigh.L", "thigh.R", "spine", "shin.L", "shin.R", "spine.001", "foot.L", "foot.R", "chest", "toe.L",
    "toe.R", "neck", "shoulder.L", "shoulder.R", "head", "upper_arm.L", "upper_arm.R", "forearm.L", "forearm.R",
    "hand.L", "hand.R",
  ]
  static let biped = [
    "Bip01 Pelvis", "Bip01 L Thigh", "Bip01 R Thigh", "Bip01 Spine", "Bip01 L Calf", "Bip01 R Calf", "Bip01 Spine1",
    "Bip01 L Foot", "Bip01 R Foot", "Bip01 Spine2", "Bip01 L Toe0", "Bip01 R Toe0", "Bip01 Neck", "Bip01 L Clavicle",
    "Bip01 R Clavicle", "Bip01 Head", "Bip01 L UpperArm", "Bip01 R UpperArm", "Bip01 L Forearm", "Bip01 R Forearm",
    "Bip01 L Hand", "Bip01 R Hand",
  ]

  static func renamed(_ names: [String]) -> Skeleton {
    Skeleton(
      joints: zip(Skeleton.canonical.joints, names).map { joint, name in
        var joint = joint
        joint.name = name
        return joint
      })
  }

  @Test(
    "Names of every tool are reported",
    arguments: [Skeleton.canonical.names, smpl, mixamo, namco, unreal, blender, biped])
  func namesOfEveryToolAreTold(names: [String]) throws {
    let map = try BipedMap.infer(from: Self.renamed(names))
    #expect(map.method == .names)
    #expect(map.joints == .identity)
    #expect(map.bodyFrame.angle < 1e-9)
    #expect(map.notes.isEmpty)
  }

  @Test("Shape alone tells a person") func shapeAloneTellsAPerson() throws {
    let map = try BipedMap.infer(from: Self.renamed((0..<22).map { "joint_\($0)" }))
    #expect(map.method == .geometry)
    #expect(map.joints == .identity)
  }

  @Test("Animals and props are refused") func animalsAndPropsAreRefused() throws {
    let box = Skeleton(joints: [Joint(name: "box", parent: nil, offset: .zero)])
    #expect(throws: SurefootError.self) { try BipedMap.infer(from: box) }
    let chain = Skeleton(
      joints: (0..<40).map { Joint(name: "b\($0)", parent: $0 == 0 ? nil : $0 - 1, offset: .unitY * -0.1) })
    #expect(throws: SurefootError.self) { try BipedMap.infer(from: chain) }
    let oneLeg = Skeleton(
      joints: Self.renamed(Self.smpl).joints.map { joint in
        var joint = joint
        if joint.name.hasPrefix("R_") { joint.offset = .zero }
        joint.name = joint.name.replacingOccurrences(of: "R_", with: "Prop_")
        return joint
      })
    let refusal = #expect(throws: SurefootError.self) { try BipedMap.infer(from: oneLeg) }
    #expect(refusal?.message.contains("rightKnee") == true)
  }

  /// A canonical motion retargeted to itself, from a skeleton that rests with its arms down, its legs apart, turned.
  @Test("Another rest pose is the same motion", arguments: 0..<8) func anotherRestPoseIsTheSameMotion(seed: UInt64)
    throws
  {
    var random = SeededGenerator(seed: seed)
    let canonical = Skeleton.canonical
    var rest = Pose(resting: canonical)
    rest.rotations[CanonicalJoint.leftShoulder.rawValue] = Quaternion(angle: -1.2, axis: .unitZ)
    rest.rotations[CanonicalJoint.rightShoulder.rawValue] = Quaternion(angle: 1.2, axis: .unitZ)
    rest.rotations[CanonicalJoint.leftHip.rawValue] = Quaternion(angle: 0.3, axis: .unitZ)
    rest.rotations[0] = Quaternion(angle: Double(seed) * 0.7, axis: .unitY)
    let world = canonical.frames(of: rest)
    let source = Skeleton(
      joints: canonical.joints.enumerated().map { index, joint in
        var joint = joint
        joint.offset = joint.parent.map { world.positions[index] - world.positions[$0] } ?? .zero
        joint.endSite = joint.endSite.map { world.rotations[index].act($0) }
        return joint
      })
    var pose = Pose(resting: canonical, rootPosition: SIMD3(1, 0.9, 2))
    for joint in pose.rotations.indices {
      pose.rotations[joint] = Quaternion(rotationVector: SIMD3((0..<3).map { _ in random.normal() * 0.5 }))
    }
    // The same pose on the other rest: world turns are those of the canonical ones, less the rest's.
    let turned = canonical.frames(of: pose)
    let sourceWorld = zip(turned.rotations, world.rotations).map { $0 * $1.inverse }
    var same = Pose(resting: source, rootPosition: pose.rootPosition)
    for (index, joint) in source.joints.enumerated() {
      same.rotations[index] = joint.parent.map { sourceWorld[$0].inverse * sourceWorld[index] } ?? sourceWorld[index]
    }
    let retargeter = Retargeter(from: source, map: try BipedMap.infer(from: source))
    let result = retargeter.skeleton.frames(of: retargeter.retarget(same))
    for joint in CanonicalJoint.allCases {
      #expect((result.positions[joint.rawValue] - turned.positions[joint.rawValue]).length < 1e-9)
    }
    let shoulder = CanonicalJoint.leftElbow.rawValue
    #expect(result.rotations[shoulder].angle(to: turned.rotations[shoulder]) < 1e-7)
  }

  @Test("Lying bones of LAFAN stand") func lyingBonesOfLAFANStand() throws {
    // LAFAN1's rest pose: every bone along X. Its bones stand when the joints turn; knees bend about Z.
    let names = [
      "Hips", "LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToe", "RightUpLeg", "RightLeg", "RightFoot", "RightToe",
    ]
    let parents: [Int?] = [nil, 0, 1, 2, 3, 0, 5, 6, 7]
    let offsets: [SIMD3<Double>] = [
      .zero, SIMD3(0, 0, 0.1), SIMD3(0.43, 0, 0), SIMD3(0.45, 0, 0), SIMD3(0.17, 0, 0), SIMD3(0, 0, -0.1),
      SIMD3(0.43, 0, 0), SIMD3(0.45, 0, 0), SIMD3(0.17, 0, 0),
    ]
    var joints = zip(zip(names, parents), offsets).map { Joint(name: $0.0, parent: $0.1, offset: $1) }
    joints.append(Joint(name: "Spine", parent: 0, offset: SIMD3(0.2, 0, 0)))
    joints.append(Joint(name: "Neck", parent: 9, offset: SIMD3(0.3, 0, 0), endSite: SIMD3(0.2, 0, 0)))
    let skeleton = Skeleton(joints: joints)
    let map = try BipedMap.infer(from: skeleton)
    #expect((map.bodyFrame.act(.unitY) - .unitX).length < 1e-9)
    #expect((map.bodyFrame.act(.unitX) - .unitZ).length < 1e-9)
    // Stand up, turn the legs down, bend the knees back by half a radian.
    var pose = Pose(resting: skeleton, rootPosition: SIMD3(0, 1, 0))
    pose.rotations[0] = map.bodyFrame.inverse
    for side in [1, 5] {
      pose.rotations[side] = Quaternion(angle: .pi, axis: .unitZ)
      pose.rotations[side + 1] = Quaternion(angle: -0.5, axis: .unitZ)
    }
    let motion = Motion(skeleton: skeleton, frameTime: 1 / 30, poses: [pose])
    let retargeter = Retargeter(from: skeleton, map: map, calibratedOn: motion)
    let result = retargeter.retarget(motion)
    let source = motion.jointPositions[0]
    let target = result.jointPositions[0]
    for (joint, index) in map.joints { #expect((target[joint.rawValue] - source[index]).length < 1e-9) }
    let knee = result.poses[0].rotations[CanonicalJoint.leftKnee.rawValue].rotationVector
    #expect(abs(abs(knee.x) - 0.5) < 1e-6 && abs(knee.y) < 1e-6 && abs(knee.z) < 1e-6)
  }

  @Test(
    "CMU joints stay where they are", .enabled(if: MocapFolder.url != nil),
    arguments: ["16_21", "49_02", "06_03", "135_04"])
  func cmuJointsStayWhereTheyAre(name: String) throws {
    try check(try MocapFolder.cmu(name))
  }

  @Test("Originals joints stay where they are", .enabled(if: MocapFolder.url != nil), arguments: ["16_15", "49_02"])
  func originalsJointsStayWhereTheyAre(name: String) throws {
    try check(try MocapFolder.amc(name))
  }

  private func check(_ clip: Clip) throws {
    let motion = clip.motion.withoutArtificialFrames()
    let map = try BipedMap.infer(from: motion.skeleton)
    #expect(map.missing.isEmpty)
    #expect(map.notes.isEmpty)
    #expect(map.bodyFrame.angle < 1e-9)
    let retargeter = Retargeter(from: motion.skeleton, map: map)
    for frame in stride(from: 0, to: motion.count, by: 37) {
      let source = motion.skeleton.frames(of: motion.poses[frame]).positions
      let target = retargeter.skeleton.frames(of: retargeter.retarget(motion.poses[frame])).positions
      for (joint, index) in map.joints {
        // Between neck and head stands another joint, which bends.
        let tolerance = joint == .head ? 0.03 : 1e-6
        let distance = (target[joint.rawValue] - source[index]).length
        #expect(distance < tolerance, "\(joint) of frame \(frame): \(distance)")
      }
    }
  }

  @Test("A walk walks forward", .enabled(if: MocapFolder.url != nil)) func aWalkWalksForward() throws {
    let clip = try MocapFolder.cmu("16_21")
    let motion = clip.motion.withoutArtificialFrames()
    let retargeter = Retargeter(
      from: motion.skeleton, map: try BipedMap.infer(from: motion.skeleton), limbLengths: .canonical)
    let walk = retargeter.retarget(motion).resampled(to: 20)
    let way = walk.poses[walk.count - 1].rootPosition - walk.poses[0].rootPosition
    let facing = walk.poses.reduce(SIMD3<Double>.zero) { $0 + $1.rotations[0].act(.unitZ) }
    #expect(way.horizontal.normalized.dot(facing.horizontal.normalized) > 0.9)
    let positions = walk.jointPositions
    // The left hip is left of the way, and knees stay in front of the line from hip to ankle.
    for frame in positions {
      let forward = way.horizontal.normalized
      let left = SIMD3.unitY.cross(forward)
      #expect((frame[CanonicalJoint.leftHip.rawValue] - frame[CanonicalJoint.rightHip.rawValue]).dot(left) > 0)
    }
    #expect(walk.skeleton == .canonical)
  }
}
