import Correctors
import Dynamics
import Foundation
import Kinematics
import Support
import TestSupport
import Testing

/// One motion that is written on several rest poses.
@Suite struct RestPoseTests {
  private static let turns: [[Quaternion]] = [
    Skeleton.canonical.turns(layingBonesAlong: .unitX), Skeleton.canonical.randomTurns(seed: 1),
  ]

  private static let correctors: [any Corrector] = [KinematicCorrector(), TrackingCorrector(), PredictiveCorrector()]

  @Test("A rest pose that does not stand changes neither the figures nor the correction", arguments: correctors.indices)
  func theRestPoseDoesNotMatter(corrector: Int) async throws {
    let seconds = corrector == 2 ? 0.15 : 0.5
    let made = Motions.walk(try Motions.body(), seconds: seconds)
    let (walk, other) = (made.onRestPose(turnedBy: Self.turns[0]), made.onRestPose(turnedBy: Self.turns[1]))
    let own = try await Self.correctors[corrector].correct(walk, seed: 0)
    let turned = try await Self.correctors[corrector].correct(other, seed: 0)
    #expect(own.verdict == turned.verdict)
    let figures = [own, turned].map(\.report.before)
    #expect(abs(figures[0].physErr - figures[1].physErr) < 1e-4)
    #expect(abs(figures[0].residualWrench - figures[1].residualWrench) < 1e-6)
    let places = [own, turned].map(\.motion.jointPositions)
    for (a, b) in zip(places[0], places[1]) {
      #expect(zip(a, b).allSatisfy { ($0 - $1).length < 0.001 })
    }
  }

  @Test("A figure without head and arms is corrected, with a note") func aFigureWithoutArmsIsCorrected() async throws {
    let legs: [CanonicalJoint] = [
      .pelvis, .leftHip, .rightHip, .leftKnee, .rightKnee, .leftAnkle, .rightAnkle, .leftFoot, .rightFoot, .spine3,
    ]
    let joints = Motions.joints.filter { legs.contains($0.key) }
    let walk = Motions.walk(try Motions.body(), seconds: 0.15)
    let body = CorrectorBody(infer: { _ in joints })
    for corrector in [KinematicCorrector(body: body), TrackingCorrector(body: body), PredictiveCorrector(body: body)]
      as [any Corrector]
    {
      let correction = try await corrector.correct(walk, seed: 0)
      #expect(correction.verdict.isUsable, "\(corrector.name): \(correction.verdict)")
      #expect(correction.report.notes.contains { $0.contains("no joints for head and arms") })
    }
  }

  @Test("A dog is refused on any rest pose, a crawling person is not", arguments: turns.indices)
  func aDogIsRefused(turn: Int) async throws {
    // The canonical joints in a dog's proportions, walking on four legs.
    func onFour(legs: Double) -> Motion {
      let joints = Skeleton.canonical.joints.enumerated().map { index, joint in
        let part = CanonicalJoint(rawValue: index) ?? .pelvis
        let isLeg = [.leftKnee, .rightKnee, .leftAnkle, .rightAnkle].contains(part)
        return Joint(
          name: joint.name, parent: joint.parent, offset: joint.offset * (isLeg ? legs : 1), channels: joint.channels,
          endSite: joint.endSite)
      }
      let skeleton = Skeleton(joints: joints)
      let poses = (0..<20).map { frame in
        var pose = Pose(resting: skeleton, rootPosition: SIMD3(0, 0.5, 0.02 * Double(frame)))
        pose.rotations[0] = Quaternion(angle: .pi / 2, axis: .unitX)
        for part in [CanonicalJoint.leftHip, .rightHip] {
          pose.rotations[part.rawValue] = Quaternion(angle: -.pi / 2 + 0.1 * sin(Double(frame)), axis: .unitX)
        }
        pose.rotations[CanonicalJoint.leftShoulder.rawValue] = Quaternion(angle: -.pi / 2, axis: .unitY)
        pose.rotations[CanonicalJoint.rightShoulder.rawValue] = Quaternion(angle: .pi / 2, axis: .unitY)
        return pose
      }
      return Motion(skeleton: skeleton, frameTime: 0.05, poses: poses)
    }
    let dog = onFour(legs: 0.6)
    for motion in [dog, dog.onRestPose(turnedBy: Self.turns[turn])] {
      let error = await #expect(throws: SurefootError.self) { try await KinematicCorrector().correct(motion, seed: 0) }
      #expect(error?.message.contains("four legs") == true)
    }
    let person = onFour(legs: 1).onRestPose(turnedBy: Self.turns[turn])
    _ = try await KinematicCorrector().correct(person, seed: 0)
  }
}
