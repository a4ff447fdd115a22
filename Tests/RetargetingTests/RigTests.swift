import Foundation
import Support
@testable import Kinematics
@testable import MotionFormats
@testable import Retargeting
import TestSupport
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

@Suite struct StandingPoseTests {
  /// A person who walks with bent knees and hanging arms.
  private static let walk = MadeUpWalk.clip(seed: 3, seconds: 1.5, frameRate: 30).motion

  private static let rests: [(String, [Quaternion])] = [
    ("bones along X", Skeleton.canonical.turns(layingBonesAlong: .unitX)),
    ("bones along Y", Skeleton.canonical.turns(layingBonesAlong: .unitY)),
    ("any axes", Skeleton.canonical.randomTurns(seed: 1)), ("other axes", Skeleton.canonical.randomTurns(seed: 2)),
  ]

  @Test("A motion stands in the same way on any rest pose", arguments: rests.indices)
  func aMotionStandsInTheSameWayOnAnyRestPose(index: Int) throws {
    let turns = Self.rests[index].1
    let other = Self.walk.onRestPose(turnedBy: turns)
    for (a, b) in zip(Self.walk.jointPositions, other.jointPositions) {
      #expect(zip(a, b).allSatisfy { ($0 - $1).length < 1e-9 })
    }
    let own = try #require(StandingPose.found(in: Self.walk, joints: .identity))
    let found = try #require(StandingPose.found(in: other, joints: .identity))
    let (frames, turned) = (Self.walk.skeleton.frames(of: own), other.skeleton.frames(of: found))
    #expect(zip(frames.positions, turned.positions).allSatisfy { ($0 - $1).length < 1e-9 })
    for (joint, turn) in turns.enumerated() {
      #expect(frames.rotations[joint].angle(to: turned.rotations[joint] * turn) < 1e-6)
    }
  }

  @Test("Legs and trunk stand upright and face forward") func legsAndTrunkStandUpright() throws {
    let pose = try #require(StandingPose.found(in: Self.walk, joints: .identity))
    let frames = Self.walk.skeleton.frames(of: pose)
    func bone(_ from: CanonicalJoint, _ to: CanonicalJoint) -> SIMD3<Double> {
      (frames.positions[to.rawValue] - frames.positions[from.rawValue]).normalized
    }
    #expect(bone(.leftHip, .leftAnkle).y < -0.999)
    #expect(bone(.pelvis, .neck).y > 0.99)
    #expect(bone(.rightHip, .leftHip).x > 0.999)
    #expect(bone(.leftAnkle, .leftFoot).z > 0.8)
    // Knees bend about the lateral axis.
    #expect(frames.rotations[CanonicalJoint.leftHip.rawValue].act(.unitX).x > 0.99)
  }

  @Test("A motion without frames has no standing pose") func aMotionWithoutFramesHasNone() {
    let empty = Motion(skeleton: .canonical, frameTime: 0.1, poses: [])
    #expect(StandingPose.found(in: empty, joints: .identity) == nil)
    #expect(StandingPose.found(in: Self.walk, joints: [:]) == nil)
  }
}
