@testable import Diffusion
import Foundation
import Kinematics
import Randomness
import Support
import Tensors
import Testing

@Suite struct RepresentationTests {
  @Test("Decoding gives the motion back", arguments: 0..<8, MotionRepresentation.Content.allCases)
  func decodingGivesTheMotionBack(seed: UInt64, content: MotionRepresentation.Content) throws {
    let motion = Synthetic.motion(seed: seed, frames: 120)
    let representation = MotionRepresentation(skeleton: motion.skeleton, frameRate: 20, content: content)
    let rows = try representation.encode(motion)
    #expect(rows.count == 120 * representation.width)
    let again = representation.decode(rows, at: Placement(of: motion))
    #expect(Synthetic.distance(motion, again) < 1e-4)
    for (a, b) in zip(motion.poses, again.poses) {
      for (p, q) in zip(a.rotations, b.rotations) { #expect(p.angle(to: q) < 1e-4) }
    }
  }

  /// Rotations of any kind, the root upside down included.
  @Test("Decoding gives wild motions back", arguments: 0..<8) func decodingGivesWildMotionsBack(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let skeleton = Skeleton.canonical
    let poses = (0..<30).map { _ in
      Pose(
        rootPosition: SIMD3((0..<3).map { _ in random.normal() }),
        rotations: (0..<skeleton.count).map { _ in
          Quaternion(rotationVector: SIMD3((0..<3).map { _ in 2 * random.normal() }))
        })
    }
    let motion = Motion(skeleton: skeleton, frameTime: 0.05, poses: poses)
    let representation = MotionRepresentation(skeleton: skeleton, frameRate: 20)
    let again = representation.decode(try representation.encode(motion), at: Placement(of: motion))
    #expect(Synthetic.distance(motion, again) < 1e-4)
  }

  @Test("Placement is left out") func placementIsLeftOut() throws {
    let motion = Synthetic.motion(seed: 1)
    let representation = MotionRepresentation(skeleton: motion.skeleton, frameRate: 20, content: .full)
    let turn = Quaternion(angle: 1, axis: .unitY)
    var moved = motion
    for index in moved.poses.indices {
      moved.poses[index].rootPosition = turn.act(motion.poses[index].rootPosition) + SIMD3(3, 0, -2)
      moved.poses[index].rotations[0] = turn * motion.poses[index].rotations[0]
    }
    for (a, b) in zip(try representation.encode(motion), try representation.encode(moved)) {
      #expect(abs(a - b) < 1e-4)
    }
  }

  @Test("Any numbers decode to a finite motion") func anyNumbersDecodeToAFiniteMotion() {
    let representation = MotionRepresentation(skeleton: .canonical, frameRate: 20)
    let zeros = representation.decode([Float](repeating: 0, count: 3 * representation.width))
    #expect(zeros.count == 3 && zeros.isFinite)
    let ones = representation.decode([Float](repeating: 1, count: 3 * representation.width))
    #expect(ones.isFinite)
  }

  @Test("Full rows hold positions velocities and contacts") func fullRowsHoldPositionsVelocitiesAndContacts() throws {
    let skeleton = Skeleton.canonical
    let still = Pose(resting: skeleton, rootPosition: SIMD3(0, 1, 0))
    let floor = skeleton.frames(of: still).positions.map(\.y).min() ?? 0
    var pose = still
    pose.rootPosition.y -= floor - 0.005
    let motion = Motion(skeleton: skeleton, frameTime: 0.05, poses: [pose, pose, pose])
    let representation = MotionRepresentation(skeleton: skeleton, frameRate: 20, content: .full)
    let row = Array(try representation.encode(motion)[0..<representation.width])
    let groups = Dictionary(uniqueKeysWithValues: representation.groups.map { ($0.name, $0.range) })
    #expect(representation.width == 269)
    #expect(Array(row[try #require(groups["contacts"])]) == [1, 1, 1, 1])
    #expect(row[try #require(groups["velocities"])].allSatisfy { $0 == 0 })
    let head = try #require(groups["positions"]).lowerBound + 3 * (CanonicalJoint.head.rawValue - 1)
    let position = skeleton.frames(of: pose).positions[CanonicalJoint.head.rawValue]
    #expect(abs(Double(row[head + 1]) - position.y) < 1e-6)
  }

  @Test("Refuses motions that do not fit") func refusesMotionsThatDoNotFit() {
    let representation = MotionRepresentation(skeleton: .canonical, frameRate: 20)
    func code(_ motion: Motion) -> SurefootError.Code? {
      do throws(SurefootError) { try representation.check(motion) } catch { return error.code }
      return nil
    }
    let motion = Synthetic.motion(seed: 0)
    #expect(code(motion) == nil)
    #expect(code(Synthetic.motion(seed: 0, frameRate: 30)) == .frameRate)
    #expect(code(motion.frames(0..<1)) == .motion)
    let other = Skeleton(joints: [Joint(name: "root", parent: nil, offset: .zero)])
    #expect(code(Motion(skeleton: other, frameTime: 0.05, poses: [Pose(resting: other)])) == .skeleton)
    var broken = motion
    broken.poses[3].rootPosition.x = .nan
    #expect(code(broken) == .motion)
  }

  @Test("Normalizer gives groups unit scale") func normalizerGivesGroupsUnitScale() throws {
    let motions = (0..<20).map { Synthetic.motion(seed: UInt64($0)) }
    let representation = MotionRepresentation(skeleton: .canonical, frameRate: 20, content: .full)
    let rows = try motions.map { motion throws(SurefootError) in try representation.encode(motion) }
    let normalizer = Normalizer(fitting: rows, representation)
    let all = Tensor(rows.flatMap { $0 }, shape: [20 * 24, representation.width])
    let normal = normalizer.normalize(all)
    #expect(normal.mean(0).magnitude().max().scalar < 1e-3)
    #expect((normalizer.restore(normal) - all).magnitude().max().scalar < 1e-4)
    for group in representation.groups {
      #expect(Set(normalizer.deviation[group.range]).count == 1)
    }
  }

  @Test("Differentiable kinematics agree with the motion") func differentiableKinematicsAgreeWithTheMotion() throws {
    let motion = Synthetic.motion(seed: 4)
    let representation = MotionRepresentation(skeleton: motion.skeleton, frameRate: 20)
    let features = Tensor(try representation.encode(motion), shape: [1, 24, representation.width])
    let kinematics = DifferentiableKinematics(representation)
    let positions = kinematics.positions(features)
    let velocities = kinematics.velocities(features, positions: positions)
    let (p, v) = (positions.doubles, velocities.doubles)
    let world = motion.jointPositions
    for frame in 0..<23 {
      let (root, yaw) = (motion.poses[frame].rootPosition.horizontal, motion.poses[frame].yaw)
      for joint in 0..<22 {
        let at = (frame * 22 + joint) * 3
        let local = (world[frame][joint] - root).turned(by: -yaw)
        #expect((SIMD3(p[at], p[at + 1], p[at + 2]) - local).length < 1e-5)
        let velocity = ((world[frame + 1][joint] - world[frame][joint]) * 20).turned(by: -yaw)
        #expect((SIMD3(v[at], v[at + 1], v[at + 2]) - velocity).length < 1e-3)
      }
    }
  }

  @Test("Spectrum gives features back") func spectrumGivesFeaturesBack() throws {
    let windows = Synthetic.windows(40)
    let representation = MotionRepresentation(skeleton: .canonical, frameRate: 20)
    let set = try WindowSet(windows, representation, actions: nil, frames: 24, exact: true)
    let space = try #require(
      SpectralSpace(
        fitting: set.features, labels: Array(repeating: 0, count: 40), actions: 1, components: representation.width,
        frequencies: 24, skeleton: .canonical, frameRate: 20))
    let latent = space.encode(set.features)
    #expect((space.decode(latent) - set.features).magnitude().max().scalar < 1e-3)
    #expect((space.fromFrames(space.toFrames(latent)) - latent).magnitude().max().scalar < 1e-3)
  }
}
