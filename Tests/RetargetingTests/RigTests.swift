import Foundation
import Support
@testable import Kinematics
@testable import MotionFormats
@testable import Retargeting
import Testing

/// Hierarchies as the exporters write them (`Tests/Rigs`), on the canonical figure.
struct WrittenRig: Sendable, CustomTestStringConvertible {
  var name: String
  var skeleton: Skeleton
  /// What each joint stands for; joints that cut a bone in two stand for nothing.
  var joints: [CanonicalJoint: Int] = [:]
  /// Metres in a unit, and the up axis.
  var metresPerUnit: Double
  var isZUp: Bool

  var testDescription: String { name }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Rigs")

  static let all: [WrittenRig] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { try? WrittenRig(file: folder.appendingPathComponent($0)) }
  }()

  init(file: URL) throws {
    name = file.deletingPathExtension().lastPathComponent
    let text = try String(contentsOf: file, encoding: .utf8)
    let (head, tree) = (text.components(separatedBy: "\n\n")[0], text.components(separatedBy: "\n\n")[1])
    let units = ["m": 1, "cm": 0.01, "mm": 0.001, "inch": 0.0254]
    let unit = head.firstMatch(of: /units: (\w+)/).map { String($0.1) } ?? "m"
    metresPerUnit = units[unit] ?? 1
    isZUp = head.contains("up: z")
    let rests = WrittenRig.positions
    var places: [SIMD3<Double>] = []
    var above: [Int: Int] = [:]
    var made: [Joint] = []
    for line in tree.split(separator: "\n") {
      let depth = line.prefix { $0 == " " }.count / 2
      let parts = line.trimmingCharacters(in: .whitespaces).components(separatedBy: " = ")
      let source = (parts.count > 1 ? parts[1] : "").components(separatedBy: "@")
      let joint = CanonicalJoint.allCases.first { "\($0)" == source[0] }
      let parent = depth > 0 ? above[depth - 1] : nil
      var place = joint.map { rests[$0.rawValue] } ?? parent.map { places[$0] + SIMD3(0, -0.01, 0.03) }
      if let joint, source.count > 1, let share = Double(source[1]), let next = joint.next {
        place = rests[joint.rawValue] + share * (rests[next.rawValue] - rests[joint.rawValue])
      } else if let joint {
        joints[joint] = made.count
      }
      above[depth] = made.count
      // A root that is no part of the body stands on the floor.
      places.append(place ?? (head.contains("root: hips") ? rests[0] : SIMD3(0, 0, 0)))
      let offset = (places[made.count] - (parent.map { places[$0] } ?? places[made.count])) / metresPerUnit
      made.append(Joint(name: parts[0], parent: parent, offset: isZUp ? SIMD3(offset.x, -offset.z, offset.y) : offset))
    }
    skeleton = Skeleton(joints: made)
  }

  /// The canonical figure standing on the floor.
  private static let positions: [SIMD3<Double>] = {
    let rest = Skeleton.canonical.restPositions
    let low = rest.map(\.y).min() ?? 0
    return rest.map { $0 - SIMD3(0, low - 0.03, 0) }
  }()

  /// The skeleton in metres, Y up.
  var inWorld: Skeleton {
    Skeleton(
      joints: skeleton.joints.map { joint in
        var joint = joint
        let o = joint.offset * metresPerUnit
        joint.offset = isZUp ? SIMD3(o.x, o.z, -o.y) : o
        return joint
      })
  }
}

@Suite struct RigTests {
  @Test("There are many rigs") func thereAreManyRigs() {
    #expect(WrittenRig.all.count >= 16)
    let counts = WrittenRig.all.map(\.skeleton.count)
    #expect((counts.min() ?? 0) <= 21 && (counts.max() ?? 0) >= 75)
  }

  /// Every part of the body but the trunk's inner joints, of which rigs have more or fewer, is the one that the file means.
  @Test("Parts of the body are reported", arguments: WrittenRig.all) func partsOfTheBodyAreTold(rig: WrittenRig) throws
  {
    let map = try BipedMap.understanding(rig.inWorld)
    let trunk: Set<CanonicalJoint> = [.pelvis, .spine1, .spine2, .spine3, .neck, .head]
    for joint in CanonicalJoint.allCases where !trunk.contains(joint) {
      // Shape alone does not tell a wrist or a toe from the end of a bone.
      if rig.name == "numbered", map[joint] == nil { continue }
      #expect(map[joint] == rig.joints[joint], "\(joint): \(map[joint].map { rig.skeleton.joints[$0].name } ?? "none")")
    }
    // Trunk: in order, and above the joint that carries the legs.
    // Biped's collar bones hang from the neck, which is the chest then; the head goes on from there.
    let top = rig.name == "biped" ? CanonicalJoint.head : .neck
    let up = [CanonicalJoint.pelvis, .spine3, top].compactMap { map[$0] }
    #expect(up.count == 3 && rig.skeleton.isChain(up))
    #expect(rig.joints[top] == map[top])
    for hip in [CanonicalJoint.leftHip, .rightHip] {
      #expect(rig.skeleton.isChain([try #require(map[.pelvis]), try #require(map[hip])]))
    }
  }

  @Test("Units and axes are reported", arguments: WrittenRig.all) func unitsAndAxesAreTold(rig: WrittenRig) throws {
    #expect(BVH.likelyMetresPerUnit(of: rig.skeleton) == rig.metresPerUnit)
    let pose = Pose(resting: rig.skeleton)
    #expect(
      BVH.likelyUpAxis(of: Motion(skeleton: rig.skeleton, frameTime: 1, poses: [pose])) == (rig.isZUp ? .z : .y))
  }

  /// A dog under a person's joint names, as quadrupeds are captured.
  @Test("Four legs are refused") func fourLegsAreRefused() throws {
    let joints: [(String, Int?, SIMD3<Double>)] = [
      ("Hips", nil, .zero), ("Spine", 0, SIMD3(0, 0, 0.2)), ("Spine1", 1, SIMD3(0, 0, 0.2)),
      ("Neck", 2, SIMD3(0, 0.1, 0.1)), ("Head", 3, SIMD3(0, 0.1, 0.1)),
      ("LeftShoulder", 2, SIMD3(0.05, 0, 0)), ("LeftArm", 5, SIMD3(0.02, -0.1, 0)),
      ("LeftForeArm", 6, SIMD3(0, -0.2, 0)),
      ("LeftHand", 7, SIMD3(0, -0.2, 0)), ("RightShoulder", 2, SIMD3(-0.05, 0, 0)),
      ("RightArm", 9, SIMD3(-0.02, -0.1, 0)), ("RightForeArm", 10, SIMD3(0, -0.2, 0)),
      ("RightHand", 11, SIMD3(0, -0.2, 0)), ("LeftUpLeg", 0, SIMD3(0.08, -0.05, 0)),
      ("LeftLeg", 13, SIMD3(0, -0.25, 0)), ("LeftFoot", 14, SIMD3(0, -0.2, 0)),
      ("RightUpLeg", 0, SIMD3(-0.08, -0.05, 0)), ("RightLeg", 16, SIMD3(0, -0.25, 0)),
      ("RightFoot", 17, SIMD3(0, -0.2, 0)),
    ]
    let dog = Skeleton(joints: joints.map { Joint(name: $0.0, parent: $0.1, offset: $0.2) })
    let named = #expect(throws: SurefootError.self) { try BipedMap.infer(from: dog) }
    #expect(named?.message.contains("four legs") == true)
    // Shipped maps of people fit its names.
    let mapped = #expect(throws: SurefootError.self) { try BipedMap.understanding(dog) }
    #expect(mapped?.message.contains("four legs") == true)
  }
}

@Suite struct StandingRestTests {
  /// The canonical skeleton with every bone along X at rest, and a motion of it.
  private static func lying() throws -> (Motion, Motion) {
    let canonical = Skeleton.canonical
    var turns: [Quaternion] = []
    for joint in canonical.joints.indices {
      let child = canonical.children[joint].last ?? joint
      let bone = canonical.joints[child].offset
      turns.append(joint == 0 || bone.length < 1e-9 ? .identity : Quaternion(from: bone.normalized, to: .unitX))
    }
    // Turned by turns[j] in the world, the rest pose becomes another skeleton's.
    let joints = canonical.joints.enumerated().map { index, joint in
      var joint = joint
      joint.offset = joint.parent.map { turns[$0].act(joint.offset) } ?? joint.offset
      joint.endSite = joint.endSite.map(turns[index].act)
      return joint
    }
    let skeleton = Skeleton(joints: joints)
    var (own, other): ([Pose], [Pose]) = ([], [])
    for i in 0..<30 {
      var pose = Pose(resting: canonical, rootPosition: SIMD3(0, 0.9, 0.01 * Double(i)))
      for (joint, angle) in [(CanonicalJoint.leftHip, -0.4), (.leftKnee, 0.9), (.rightKnee, 0.3), (.leftElbow, 0)] {
        pose.rotations[joint.rawValue] = Quaternion(angle: angle * Double(i) / 30, axis: .unitX)
      }
      pose.rotations[CanonicalJoint.rightElbow.rawValue] = Quaternion(angle: 0.8 * Double(i) / 30, axis: .unitY)
      own.append(pose)
      var turned = pose
      for (index, joint) in canonical.joints.enumerated() {
        let above = joint.parent.map { turns[$0] } ?? .identity
        turned.rotations[index] = above * pose.rotations[index] * turns[index].inverse
      }
      other.append(turned)
    }
    return (
      Motion(skeleton: canonical, frameTime: 0.05, poses: own),
      Motion(skeleton: skeleton, frameTime: 0.05, poses: other)
    )
  }

  @Test("Any rest pose is made to stand and back again") func anyRestPoseIsMadeToStandAndBackAgain() throws {
    let (own, lying) = try Self.lying()
    for (a, b) in zip(own.jointPositions, lying.jointPositions) {
      #expect(zip(a, b).allSatisfy { ($0 - $1).length < 1e-9 })
    }
    let map = try BipedMap.understanding(lying.skeleton)
    let standing = StandingRest(of: lying, map: map)
    let same = standing.applied(to: lying)
    for (a, b) in zip(own.jointPositions, same.jointPositions) {
      #expect(zip(a, b).allSatisfy { ($0 - $1).length < 1e-9 })
    }
    let rest = standing.skeleton.restPositions
    let (hip, ankle) = (CanonicalJoint.leftHip.rawValue, CanonicalJoint.leftAnkle.rawValue)
    #expect((rest[ankle] - rest[hip]).normalized.y < -0.95)
    #expect((rest[CanonicalJoint.head.rawValue] - rest[0]).normalized.y > 0.95)
    #expect(
      abs((rest[CanonicalJoint.leftWrist.rawValue] - rest[CanonicalJoint.leftShoulder.rawValue]).normalized.x) > 0.9)
    let back = standing.undone(from: same)
    for (a, b) in zip(lying.poses, back.poses) {
      #expect(zip(a.rotations, b.rotations).allSatisfy { $0.angle(to: $1) < 1e-6 })
      #expect((a.rootPosition - b.rootPosition).length < 1e-12)
    }
  }
}
