@testable import Correctors
import Dynamics
import Foundation
import Kinematics
import Testing

/// What is carried along is kept out of the floor.
@Suite struct CarriedClearanceTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  private func lowest(_ motion: Motion) -> [Double] {
    motion.poses.map { motion.skeleton.lowestPoint(in: motion.skeleton.frames(of: $0)) }
  }

  /// Toes that point into the floor for a tenth of a second, from one frame to the next.
  private func pointing(rate: Double, by angle: Double = 0.7) -> Motion {
    Motions.changed(Motions.standing(body, seconds: 2, rate: rate)) { pose, t in
      guard (0.95..<1.05).contains(t) else { return }
      Motions.turn(&pose, .leftFoot, angle, .unitX)
    }
  }

  @Test("Toes that point into the floor are turned out of it", arguments: [20.0, 60, 120])
  func toesThatPointIntoTheFloorAreTurnedOutOfIt(rate: Double) {
    let motion = pointing(rate: rate)
    #expect(lowest(motion).min() ?? 0 < -0.03)
    let (result, raised, turned) = CarriedClearance(body: body).apply(PosedMotion(motion))
    #expect(lowest(result.motion).min() ?? -1 > -CarriedClearance.depth - 1e-4)
    #expect(raised == 0)
    #expect(turned > 0.4 && turned < 0.8)
    // Nothing but the toes moved.
    for (a, b) in zip(motion.poses, result.poses) {
      #expect(a.rootPosition == b.rootPosition)
      for joint in a.rotations.indices where joint != CanonicalJoint.leftFoot.rawValue {
        #expect(a.rotations[joint] == b.rotations[joint])
      }
    }
  }

  @Test("What turns a part comes and goes smoothly") func whatTurnsAPartComesAndGoesSmoothly() {
    let motion = pointing(rate: 120)
    let result = CarriedClearance(body: body).apply(PosedMotion(motion)).0.motion
    let toe = CanonicalJoint.leftFoot.rawValue
    // The turn that was added, not the jump that the made motion has.
    let turns = zip(motion.poses, result.poses).map { $0.rotations[toe].angle(to: $1.rotations[toe]) }
    let speeds = zip(turns, turns.dropFirst()).map { abs($1 - $0) * 120 }
    let accelerations = zip(speeds, speeds.dropFirst()).map { abs($1 - $0) * 120 }
    #expect(speeds.max() ?? 99 < 8)
    #expect(accelerations.max() ?? 999 < 250)
  }

  @Test("A hand that reaches into the floor turns at the wrist") func aHandThatReachesIntoTheFloorTurnsAtTheWrist() {
    // On hands and knees in the air: the whole body is lowered until a hand that hangs down is in the floor.
    var motion = Motions.changed(Motions.standing(body, seconds: 1)) { pose, _ in
      Motions.turn(&pose, .leftHip, -1.4, .unitX)
      Motions.turn(&pose, .rightHip, -1.4, .unitX)
      Motions.turn(&pose, .pelvis, 1.4, .unitX)
      Motions.turn(&pose, .leftShoulder, -1.4, .unitX)
    }
    let wrist = CanonicalJoint.leftWrist.rawValue
    let frames = motion.skeleton.frames(of: motion.poses[0])
    for i in motion.poses.indices { motion.poses[i].rootPosition.y += 0.08 - frames.positions[wrist].y }
    guard (lowest(motion).min() ?? 0) < -0.01 else {
      Issue.record("the hand is not in the floor")
      return
    }
    let (result, _, turned) = CarriedClearance(body: body).apply(PosedMotion(motion))
    let hand = result.motion.poses.map { pose -> Double in
      let frames = motion.skeleton.frames(of: pose)
      let tip = motion.skeleton.joints[wrist].endSite ?? .zero
      return frames.positions[wrist].y + frames.rotations[wrist].act(tip).y
    }
    #expect(turned > 0.01)
    #expect(hand.min() ?? -1 > -CarriedClearance.depth - 1e-4)
  }

  @Test("A motion above the floor stays as it is") func aMotionAboveTheFloorStaysAsItIs() {
    let motion = Motions.standing(body)
    #expect(CarriedClearance(body: body).apply(PosedMotion(motion)).0.motion == motion)
  }

  @Test("A prop in the floor does not raise the body") func aPropInTheFloorDoesNotRaiseTheBody() throws {
    var joints = Skeleton.canonical.joints
    joints.append(Joint(name: "Prop", parent: 0, offset: SIMD3(0, -2, 0)))
    let skeleton = Skeleton(joints: joints)
    let body = try BodyModel(skeleton: skeleton, joints: Motions.joints)
    let motion = Motions.standing(body)
    let (result, raised, _) = CarriedClearance(body: body).apply(PosedMotion(motion))
    #expect(raised == 0)
    #expect(result.motion == motion)
  }

  @Test("An envelope is nowhere below its numbers and fades on either side") func anEnvelope() {
    var needed = [Double](repeating: 0, count: 60)
    needed[30] = 1
    needed[33] = 0.5
    let curve = needed.enveloped(6)
    #expect(zip(curve, needed).allSatisfy { $0 >= $1 - 1e-12 })
    #expect(curve[16] == 0 && curve[47] == 0)
    let steps = zip(curve, curve.dropFirst()).map { abs($1 - $0) }
    #expect(steps.max() ?? 1 < 0.2)
  }
}
