import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing

@Suite struct BVHWriterTests {
  @Test("The whole text") func theWholeText() throws {
    let skeleton = Skeleton(joints: [
      Joint(name: "Hips", parent: nil, offset: SIMD3(0, 0.9, 0), channels: .root),
      Joint(name: "Spine", parent: 0, offset: SIMD3(0, 0.1, 0), endSite: SIMD3(0, 0.2, 0)),
    ])
    var pose = Pose(resting: skeleton, rootPosition: SIMD3(0.01, 0.95, -0.02))
    pose.rotations[1] = Quaternion(angle: .pi / 6, axis: .unitX)
    let clip = BVHRoundTripTests.clip(Motion(skeleton: skeleton, frameTime: 1.0 / 120, poses: [pose]))
    let expected = """
      HIERARCHY
      ROOT Hips
      {
      \tOFFSET 0.000000 0.000000 0.000000
      \tCHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation
      \tJOINT Spine
      \t{
      \t\tOFFSET 0.000000 10.000000 0.000000
      \t\tCHANNELS 3 Zrotation Yrotation Xrotation
      \t\tEnd Site
      \t\t{
      \t\t\tOFFSET 0.000000 20.000000 0.000000
      \t\t}
      \t}
      }
      MOTION
      Frames: 1
      Frame Time: 0.008333333333333333
      1.000000 95.000000 -2.000000 0.000000 0.000000 0.000000 0.000000 0.000000 30.000000

      """
    #expect(try BVH.text(of: clip) == expected)
  }

  @Test("Every leaf gets a tip") func everyLeafGetsATip() throws {
    let skeleton = Skeleton(joints: [
      Joint(name: "a", parent: nil, offset: .zero, channels: .root),
      Joint(name: "b", parent: 0, offset: SIMD3(0.3, 0, 0)), Joint(name: "c", parent: 0, offset: .zero),
    ])
    let motion = Motion(skeleton: skeleton, frameTime: 1, poses: [Pose(resting: skeleton)])
    let text = try BVH.text(of: BVHRoundTripTests.clip(motion))
    let again = try BVH.read(text: text, name: "again", convention: .centimetres).motion.skeleton
    #expect(again.joints[1].endSite == SIMD3(0.05, 0, 0))
    #expect(again.joints[2].endSite == SIMD3(0, 0.05, 0))
  }

  @Test("Names become portable and unique") func namesBecomePortableAndUnique() {
    let long = String(repeating: "x", count: 80)
    let names = ["Left Arm", "Left_Arm", "Left_Arm", "", "bras gauché", "mixamorig:Hips", long, long + "y", "a{b}"]
    let portable = JointNames.portable(names)
    #expect(
      Array(portable.prefix(6)) == ["Left_Arm_2", "Left_Arm", "Left_Arm_3", "joint", "bras_gauche", "mixamorig:Hips"])
    #expect(portable[6].utf8.count == 63 && portable[7].utf8.count == 63 && portable[8] == "a_b_")
    #expect(Set(portable).count == names.count)
    #expect(JointNames.portable(portable) == portable)
  }

  @Test("Renamings are reported") func renamingsAreReported() throws {
    var joints = Skeleton.canonical.joints
    joints[3].name = " {my} spine\n"
    let skeleton = Skeleton(joints: joints)
    let motion = Motion(skeleton: skeleton, frameTime: 1, poses: [Pose(resting: skeleton)])
    let report = try BVH.serialize(BVHRoundTripTests.clip(motion), file: "f", convention: nil).report
    #expect(report.renamings == [.init(joint: 3, from: " {my} spine\n", to: "_my_ spine_")])
    #expect(report.sentences == ["joint ' {my} spine\n' is written as '_my_ spine_'"])
  }

  @Test("Angles run on through many turns") func anglesRunOnThroughManyTurns() throws {
    let skeleton = Skeleton.canonical
    let poses = (0..<200).map { frame in
      var pose = Pose(resting: skeleton)
      pose.rotations[0] = Quaternion(angle: 0.15 * Double(frame), axis: .unitY)
      // Through gimbal lock of the order Z, Y, X.
      pose.rotations[16] =
        Quaternion(angle: 0.02 * Double(frame), axis: .unitY) * Quaternion(angle: 0.3, axis: .unitX)
      return pose
    }
    let clip = BVHRoundTripTests.clip(Motion(skeleton: skeleton, frameTime: 0.01, poses: poses))
    let text = try BVH.text(of: clip)
    let rows = text.split(separator: "\n").suffix(200).map { $0.split(separator: " ").compactMap { Double($0) } }
    for (one, next) in zip(rows, rows.dropFirst()) {
      for (a, b) in zip(one, next) { #expect(abs(a - b) < 10) }
    }
    let again = try #require(try BVH.read(text: text, name: "again").motion.ordered(like: skeleton))
    #expect(BVHRoundTripTests.largestDistance(clip.motion, again) < 1e-5)
  }

  @Test("Missing channels give the nearest motion and say so") func missingChannelsGiveTheNearestMotionAndSaySo() throws
  {
    var joints = Skeleton.canonical.joints
    joints[4].channels = [.rotation(.x)]
    joints[5].channels = []
    let skeleton = Skeleton(joints: joints)
    var pose = Pose(resting: skeleton)
    pose.rotations[4] = Quaternion(angle: 0.5, axis: .unitX) * Quaternion(angle: 0.1, axis: .unitY)
    pose.rotations[5] = Quaternion(angle: 0.25, axis: .unitZ)
    pose.translations[6] = Skeleton.canonical.joints[6].offset + SIMD3(0, 0.03, 0)
    let motion = Motion(skeleton: skeleton, frameTime: 1, poses: [pose])
    let (bytes, report) = try BVH.serialize(BVHRoundTripTests.clip(motion), file: "f", convention: nil)
    #expect(report.projections.map(\.joint) == [4, 5, 6])
    #expect(abs(report.projections[0].angle - 0.1) < 1e-6)
    #expect(abs(report.projections[1].angle - 0.25) < 1e-6)
    #expect(abs(report.projections[2].distance - 0.03) < 1e-9)
    #expect(report.sentences.count == 3)
    let again = try #require(
      try BVH.reading(bytes: bytes, file: "f", name: "f").clip.motion.ordered(like: skeleton))
    #expect(again.poses[0].rotations[4].angle(to: Quaternion(angle: 0.5, axis: .unitX)) < 1e-6)
  }

  @Test("Position channels on other joints come back") func positionChannelsOnOtherJointsComeBack() throws {
    var joints = Skeleton.canonical.joints
    for index in joints.indices { joints[index].channels = .root }
    let skeleton = Skeleton(joints: joints)
    var motion = BVHRoundTripTests.sample(5, skeleton: skeleton)
    for frame in motion.poses.indices {
      for joint in 1..<skeleton.count {
        motion.poses[frame].translations[joint] = joints[joint].offset * (1 + 0.01 * Double(frame))
      }
    }
    let text = try BVH.text(of: BVHRoundTripTests.clip(motion))
    let again = try #require(try BVH.read(text: text, name: "f").motion.ordered(like: skeleton))
    #expect(BVHRoundTripTests.largestDistance(motion, again) < 1e-5)
  }

  @Test("What is not finite is never written") func whatIsNotFiniteIsNeverWritten() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "clip.bvh")
    let good = BVHRoundTripTests.clip(BVHRoundTripTests.sample(6))
    try BVH.write(good, to: url)
    let before = try Data(contentsOf: url)
    let spoilers: [(inout Pose) -> Void] = [
      { $0.rootPosition.y = .nan }, { $0.rotations[3].w = .infinity }, { $0.translations[4] = SIMD3(0, -.infinity, 0) },
      { $0.rootPosition.x = 1e300 },
    ]
    for spoil in spoilers {
      var bad = good
      spoil(&bad.motion.poses[5])
      let error = #expect(throws: SurefootError.self) { try BVH.write(bad, to: url) }
      #expect(error?.message.contains("frame 6") == true)
    }
    var empty = good
    empty.motion.poses = []
    #expect(throws: SurefootError.self) { try BVH.write(empty, to: url) }
    #expect(throws: SurefootError.self) { try BVH.write(good, to: url, convention: .init(metresPerUnit: 0)) }
    #expect(throws: SurefootError.self) { try BVH.write(good, to: url, convention: .init(metresPerUnit: 1, up: .x)) }
    #expect(try Data(contentsOf: url) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["clip.bvh"])
  }

  /// Blender's importer moves a joint whose offset is its parent's plus the mean of its siblings'; the canonical chest's
  /// neck is such a one.
  @Test("No offset takes a joint to its parents tip") func noOffsetTakesAJointToItsParentsTip() throws {
    let clip = BVHRoundTripTests.clip(BVHRoundTripTests.sample(5))
    let written = try BVH.read(text: try BVH.text(of: clip), name: "sample").motion.skeleton
    for (index, joint) in written.joints.enumerated() where written.children[index].count > 1 && index > 0 {
      let below = written.children[index].map { written.joints[$0].offset }
      let tip = joint.offset + below.reduce(.zero, +) / Double(below.count)
      for offset in below { #expect((tip - offset).length > 2e-8, "\(joint.name)") }
    }
    // Nobody sees it: 40 nanometres.
    let neck = try #require(written.index(of: "Neck"))
    #expect((written.joints[neck].offset - SIMD3(0, 0.21, -0.01)).length < 1e-7)
    let resting = Motion(skeleton: written, frameTime: 1, poses: [Pose(resting: written)])
    let again = try BVH.text(of: BVHRoundTripTests.clip(resting))
    #expect(
      try BVH.read(text: again, name: "again").motion.skeleton.joints.map(\.offset) == written.joints.map(\.offset))
  }
}
