import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing

/// Which way is up in files that do not say it, whatever axes their joints have at rest.
@Suite struct UpAxisTests {
  /// From Y up to Z up.
  private static let rise = Quaternion(angle: .pi / 2, axis: .unitX)

  /// The same positions in the world on a skeleton whose joints' own axes are turned, each by its own rotation.
  private static func reframed(_ motion: Motion, _ axes: [Quaternion]) -> Motion {
    let above = motion.skeleton.joints.map { joint in joint.parent.map { axes[$0] } ?? .identity }
    let joints = motion.skeleton.joints.indices.map { index in
      var joint = motion.skeleton.joints[index]
      joint.offset = above[index].inverse.act(joint.offset)
      joint.endSite = joint.endSite.map(axes[index].inverse.act)
      return joint
    }
    let poses = motion.poses.map { pose in
      Pose(
        rootPosition: pose.rootPosition,
        rotations: pose.rotations.indices.map { above[$0].inverse * pose.rotations[$0] * axes[$0] })
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: motion.frameTime, poses: poses)
  }

  /// One rotation for all joints.
  private static func reframed(_ motion: Motion, _ axes: Quaternion) -> Motion {
    reframed(motion, [Quaternion](repeating: axes, count: motion.skeleton.count))
  }

  /// Every bone along X at rest, as in LAFAN1's files.
  private static func alongX(_ motion: Motion) -> Motion {
    let children = motion.skeleton.children
    return reframed(
      motion,
      motion.skeleton.joints.indices.map { joint in
        let bone = children[joint].last.map { motion.skeleton.joints[$0].offset } ?? .unitX
        return Quaternion(from: .unitX, to: bone.normalized)
      })
  }

  private static func grounded(_ motion: Motion) -> Motion {
    let low = motion.jointPositions.flatMap { $0.map(\.y) }.min() ?? 0
    return motion.placed(displacement: SIMD3(0, 0.05 - low, 0))
  }

  private static func reading(_ motion: Motion) throws -> ClipReading {
    let text = try BVH.text(of: FormatTests.clip(motion), convention: .centimetres)
    return try BVH.reading(bytes: Array(text.utf8), file: "f.bvh", name: "f")
  }

  private static func isSaid(_ reading: ClipReading) -> Bool { reading.warnings.contains { $0.contains("is up") } }

  @Test("Y at rest and Z in the motion: the motion is right, and the conflict is said")
  func restAgainstMotion() throws {
    let walk = Self.grounded(FormatTests.walk())
    let reading = try Self.reading(walk.placed(rotation: Self.rise))
    #expect(reading.clip.convention.up == .z && Self.isSaid(reading))
    // A file's joints stand in another order.
    let plain = try BVH.reading(bytes: Array(try BVH.text(of: FormatTests.clip(walk)).utf8), file: "f.bvh", name: "f")
    #expect(BVHRoundTripTests.largestDistance(plain.clip.motion, reading.clip.motion) < 1e-5)
  }

  @Test("Z at rest and Y in the motion: the motion is right, and the conflict is said")
  func restAlongZ() throws {
    let reading = try Self.reading(Self.reframed(Self.grounded(FormatTests.walk()), Self.rise.inverse))
    #expect(reading.clip.convention.up == .y && Self.isSaid(reading))
  }

  @Test("Rest pose and motion agree: nothing is said")
  func agreement() throws {
    let walk = Self.grounded(FormatTests.walk())
    #expect(try Self.reading(walk).clip.convention.up == .y)
    let turned = try Self.reading(Self.reframed(walk.placed(rotation: Self.rise), Self.rise.inverse))
    #expect(turned.clip.convention.up == .z)
    #expect(try !Self.isSaid(Self.reading(walk)) && !Self.isSaid(turned))
  }

  @Test("Bones that lie along X at rest say nothing: the motion does, of files that are read for their skeleton too")
  func bonesAlongX() throws {
    let walk = Self.alongX(Self.grounded(FormatTests.walk()))
    for (motion, up) in [(walk, Axis.y), (walk.placed(rotation: Self.rise), .z)] {
      let reading = try Self.reading(motion)
      #expect(reading.clip.convention.up == up && !Self.isSaid(reading))
      try FormatTests.withFolder { folder in
        let url = folder.appending(path: "character.bvh")
        try BVH.write(FormatTests.clip(motion), to: url, convention: .centimetres)
        #expect(try BVH.readingSkeleton(contentsOf: url).convention.up == up)
      }
    }
  }

  @Test("A person who lies on the floor is no reason to turn the world")
  func lying() throws {
    // On the back, head towards +Z, somewhere on the floor.
    let back = Self.grounded(FormatTests.walk(frames: 10).placed(rotation: Self.rise))
    let motion = back.placed(displacement: SIMD3(0.4, 0, 2.5))
    let reading = try Self.reading(motion)
    #expect(reading.clip.convention.up == .y && reading.warnings.contains { $0.contains("lies along Z") })
  }

  @Test("A walk in place whose origin is the pelvis is upright along Z")
  func pelvisAtOrigin() throws {
    var walk = FormatTests.walk()
    for frame in walk.poses.indices { walk.poses[frame].rootPosition = .zero }
    #expect(try Self.reading(walk.placed(rotation: Self.rise)).clip.convention.up == .z)
  }

  @Test(
    "One frame at rest along Z, a root on the floor and names that say nothing: Z is up", arguments: [1.0, 0.1, 10])
  func restAlone(scale: Double) throws {
    var joints = Skeleton.canonical.joints.map { joint in
      Joint(
        name: "b\(joint.name.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 0xFFFF)", parent: joint.parent.map { $0 + 1 },
        offset: Self.rise.act(joint.offset), channels: joint.channels,
        endSite: joint.endSite.map(Self.rise.act))
    }
    joints[0].parent = 0
    joints[0].offset = SIMD3(0, 0, 0.95)
    joints.insert(Joint(name: "Reference", parent: nil, offset: .zero, channels: .root), at: 0)
    for index in joints.indices { joints[index].offset *= scale }
    let skeleton = Skeleton(joints: joints)
    let motion = Motion(skeleton: skeleton, frameTime: 0.1, poses: [Pose(resting: skeleton)])
    #expect(BVH.likelyUpAxis(of: motion) == .z)
  }
}
