import Dynamics
import Kinematics
import MotionFormats
import Retargeting
import Support
import TestSupport
import Testing

@Suite struct BodyModelTests {
  @Test("The thirteen segments have the whole mass") func hasTheWholeMassInThirteenParts() throws {
    let body = try Figures.canonical()
    #expect(body.bodies.count == 13)
    #expect(abs(body.bodies.reduce(0) { $0 + $1.mass } - 70) < 1e-9)
    #expect(body.bodies.allSatisfy { $0.longitudinalInertia > 0 && $0.transverseInertia > 0 })
  }

  @Test("A standing body has flat soles") func standsOnFlatSoles() throws {
    let body = try Figures.canonical()
    let soles = body.solePoints(in: body.state(of: Figures.standing(body)))
    #expect(soles.count == 8)
    #expect(soles.allSatisfy { abs($0.y) < 1e-9 })
    // The left foot's points stand on the left, balls in front of heels.
    #expect(soles[0].x > 0 && soles[4].x < 0 && soles[2].z > soles[0].z)
  }

  @Test("The centre of mass of a standing body is in the pelvis") func centreOfMassIsInThePelvis() throws {
    let body = try Figures.canonical()
    let centre = body.centreOfMass(in: body.state(of: Figures.standing(body)))
    // 55 to 57 % of the height in standing adults; arms out raise it a little.
    #expect(centre.y > 0.85 && centre.y < 1.05)
    #expect(abs(centre.x) < 1e-9)
  }

  @Test("The state of a pose returns that pose", arguments: 0..<5) func givesBackAnUntouchedPose(seed: UInt64) throws {
    let body = try Figures.canonical()
    let pose = Figures.random(body.skeleton, seed: seed)
    let state = body.state(of: pose)
    let back = body.pose(pose, pelvis: state.positions[0], rotations: state.rotations)
    #expect((back.rootPosition - pose.rootPosition).length < 1e-12)
    for (a, b) in zip(back.rotations, pose.rotations) { #expect(a.angle(to: b) < 1e-7) }
  }

  @Test("A pose takes on the rotation of every segment") func takesOnEverySegmentsTurn() throws {
    let body = try Figures.canonical()
    let pose = Figures.random(body.skeleton, seed: 1)
    let wanted = body.state(of: Figures.random(body.skeleton, seed: 2))
    let state = body.state(of: body.pose(pose, pelvis: wanted.positions[0], rotations: wanted.rotations))
    #expect((state.positions[0] - wanted.positions[0]).length < 1e-12)
    for (a, b) in zip(state.rotations, wanted.rotations) { #expect(a.angle(to: b) < 1e-6) }
  }

  @Test("The joints of the trunk share its bend") func sharesATrunksBend() throws {
    let body = try Figures.canonical()
    let pose = Figures.standing(body)
    var state = body.state(of: pose)
    state.rotations[Segment.chest.rawValue] = Quaternion(angle: 0.6, axis: .unitX)
    let bent = body.pose(pose, pelvis: state.positions[0], rotations: state.rotations)
    for joint in [CanonicalJoint.spine1, .spine2, .spine3] {
      #expect(abs(bent.rotations[joint.rawValue].angle - 0.2) < 1e-9)
    }
    // Collars follow the chest.
    #expect(bent.rotations[CanonicalJoint.leftCollar.rawValue].angle < 1e-9)
  }

  @Test("Rigid segments assemble to the rest pose") func assemblesTheRestPose() throws {
    let body = try Figures.canonical()
    let state = body.state(of: Figures.standing(body))
    let rigid = body.assembled(pelvis: state.positions[0], rotations: state.rotations)
    for (a, b) in zip(state.positions, rigid.positions) { #expect((a - b).length < 1e-12) }
  }

  @Test("Soles are calibrated on a standing figure") func calibratesSolesOnAStandingFigure() throws {
    let plain = try Figures.canonical()
    // The same stance, measured 1.2 cm higher: markers sit elsewhere than the rest pose says.
    let body = try Figures.canonical(calibratedOn: [Figures.motion(plain, height: 0.012)])
    let soles = body.solePoints(in: body.state(of: Figures.standing(plain, height: 0.012)))
    #expect(soles.allSatisfy { abs($0.y) < 1e-6 })
  }

  @Test("The calibration of soles is bounded") func calibrationHasABound() throws {
    let plain = try Figures.canonical()
    let body = try Figures.canonical(calibratedOn: [Figures.motion(plain, height: 0.1)])
    #expect(body.feet[0].ankleHeight - plain.feet[0].ankleHeight < 0.0301)
  }

  @Test(
    "Without head and arms their mass is on the trunk",
    arguments: [
      ([CanonicalJoint.neck, .head], "head", 12), ([.leftElbow, .leftWrist, .rightElbow, .rightWrist], "forearms", 11),
      (
        [
          .neck, .head, .leftCollar, .leftShoulder, .leftElbow, .leftWrist, .rightCollar, .rightShoulder, .rightElbow,
          .rightWrist,
        ], "head and arms", 8
      ),
    ])
  func withoutPartsTheirMassIsOnTheTrunk(missing: [CanonicalJoint], words: String, count: Int) throws {
    let whole = try Figures.canonical()
    #expect(whole.missingParts == nil)
    let body = try BodyModel(
      skeleton: .canonical, joints: Figures.joints.filter { !missing.contains($0.key) })
    #expect(body.bodies.count == count)
    #expect(body.missingParts?.contains(words) == true)
    #expect(abs(body.bodies.reduce(0) { $0 + $1.mass } - 70) < 1e-9)
    // The T-pose's arms are raised; a lumped arm hangs.
    var pose = Figures.standing(whole)
    pose.rotations[CanonicalJoint.leftShoulder.rawValue] = Quaternion(angle: -.pi / 2, axis: .unitZ)
    pose.rotations[CanonicalJoint.rightShoulder.rawValue] = Quaternion(angle: .pi / 2, axis: .unitZ)
    let apart = body.centreOfMass(in: body.state(of: pose)) - whole.centreOfMass(in: whole.state(of: pose))
    #expect(apart.length < 0.025)
    for part in body.bodies.indices.dropFirst() { #expect((body.bodies[part].parent ?? part) < part) }
  }

  @Test("Pelvis and legs alone are a body") func pelvisAndLegsAloneAreABody() throws {
    let joints = Figures.joints.filter { BipedMap.required.contains($0.key) }
    let body = try BodyModel(skeleton: .canonical, joints: joints)
    let segments: [Segment] = [.pelvis, .leftThigh, .leftShank, .leftFoot, .rightThigh, .rightShank, .rightFoot]
    #expect(body.bodies.map(\.segment) == segments)
    #expect(abs(body.bodies.reduce(0) { $0 + $1.mass } - 70) < 1e-9)
    let centre = body.centreOfMass(in: body.state(of: Figures.standing(body)))
    #expect(centre.y > 0.85 && centre.y < 1.05)
    #expect(body.index(of: .chest) == nil && body.index(of: .rightFoot) == 6)
  }

  @Test("A body is the same on any rest pose", arguments: 1...3) func aBodyIsTheSameOnAnyRestPose(seed: UInt64) throws {
    let walk = MadeUpWalk.clip(seed: 5, seconds: 1, frameRate: 30).motion
    let other = walk.onRestPose(turnedBy: Skeleton.canonical.randomTurns(seed: seed))
    func figures(_ motion: Motion) throws -> PlausibilityMetrics {
      let standing = try #require(StandingPose.found(in: motion, joints: Figures.joints))
      let body = try BodyModel(
        skeleton: motion.skeleton, joints: Figures.joints, calibratedOn: [motion], standing: standing)
      return .measure(motion, body: body)
    }
    let (a, b) = (try figures(walk), try figures(other))
    for path in [
      \PlausibilityMetrics.penetrate, \.float, \.skate, \.residualWrench, \.selfPenetration, \.jointLimitExcess,
    ] {
      #expect(abs(a[keyPath: path] - b[keyPath: path]) < 1e-5)
    }
  }

  @Test("The error names a missing joint") func namesAMissingJoint() {
    var joints = Figures.joints
    joints[.leftKnee] = nil
    let error = #expect(throws: SurefootError.self) { try BodyModel(skeleton: .canonical, joints: joints) }
    #expect(error?.description.contains("leftKnee") == true)
  }

  @Test("A skeleton of an impossible size is refused", arguments: [100.0, 0.01]) func refusesAnImpossibleSize(
    scale: Double
  ) {
    let giant = Skeleton(
      joints: Skeleton.canonical.joints.map { joint in
        Joint(name: joint.name, parent: joint.parent, offset: joint.offset * scale, channels: joint.channels)
      })
    #expect(throws: SurefootError.self) { try BodyModel(skeleton: giant, joints: Figures.joints) }
  }

  @Test("A joint map that is not a tree is refused") func refusesAMapThatIsNoTree() {
    var joints = Figures.joints
    joints[.leftKnee] = CanonicalJoint.head.rawValue
    #expect(throws: SurefootError.self) { try BodyModel(skeleton: .canonical, joints: joints) }
  }

  /// ODE would end the process over a segment without inertia.
  @Test(
    "A bone of zero length is refused", arguments: [[CanonicalJoint.leftShoulder, .leftElbow], [.leftHip, .leftKnee]])
  func refusesABoneOfZeroLength(joints: [CanonicalJoint]) {
    let skeleton = Skeleton(
      joints: Skeleton.canonical.joints.enumerated().map { index, joint in
        let isZero = joints.contains { $0.rawValue == index }
        return Joint(
          name: joint.name, parent: joint.parent, offset: isZero ? .zero : joint.offset, channels: joint.channels)
      })
    let error = #expect(throws: SurefootError.self) { try BodyModel(skeleton: skeleton, joints: Figures.joints) }
    #expect(error?.code == .unsupportedSkeleton)
    #expect(error?.message.contains("length") == true)
  }

  @Test("A mass that is not positive is refused", arguments: [0, -70, Double.nan, .infinity])
  func refusesAnImpossibleMass(mass: Double) {
    let error = #expect(throws: SurefootError.self) {
      try BodyModel(skeleton: .canonical, joints: Figures.joints, mass: mass)
    }
    #expect(error?.code == .invalidSettings)
  }

  @Test("A motion beyond the range of a simulation is refused", arguments: [1e300, 1e18, 2e5, Double.nan])
  func refusesAMotionBeyondRange(number: Double) throws {
    let body = try Figures.canonical()
    var motion = Figures.motion(body)
    // A clip may lie anywhere, as long as it stays near to where it starts.
    for i in motion.poses.indices { motion.poses[i].rootPosition.x += 1e6 }
    #expect(throws: Never.self) { try BodyModel.checkRange(of: motion) }
    motion.poses[21].rootPosition.x += number
    let error = #expect(throws: SurefootError.self) { try BodyModel.checkRange(of: motion) }
    #expect(error?.code == .invalidMotion)
    #expect(error?.message.contains("frame 21") == true)
  }
}
