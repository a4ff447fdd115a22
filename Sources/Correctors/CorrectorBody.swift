public import Dynamics
import Foundation
public import Kinematics
public import Retargeting
public import Support

/// Whose body a corrector corrects.
///
///     let corrector = PredictiveCorrector(body: CorrectorBody(shared: body))
///
/// Figures are comparable only on one body: give the same calibrated ``BodyModel`` to every corrector and measure of a
/// run. Without one, a body is built for each motion's skeleton, and its soles are found in that motion. Where the rest
/// pose does not stand on flat feet (bones along one axis, hanging feet), axes are found in the motion too
/// (``StandingPose``).
public struct CorrectorBody: Sendable {
  /// The body of motions on its skeleton.
  public var shared: BodyModel?
  /// What bodies stand on. It is given where the motions are, in metres with Y up.
  public var ground = Ground.flat
  /// Finds the canonical joints of other skeletons.
  public var infer: @Sendable (Skeleton) throws -> [CanonicalJoint: Int]

  /// A shared body, or none, and how to read other skeletons.
  public init(
    shared: BodyModel? = nil,
    infer: @escaping @Sendable (Skeleton) throws -> [CanonicalJoint: Int] = CorrectorBody.joints
  ) {
    self.shared = shared
    self.infer = infer
  }

  /// The canonical joints of a skeleton, by a shipped map, names or shape.
  ///
  /// - Throws: ``SurefootError`` for a skeleton that is not a biped's.
  @Sendable public static func joints(of skeleton: Skeleton) throws -> [CanonicalJoint: Int] {
    try joints(of: skeleton, map: nil)
  }

  /// The canonical joints of a skeleton by a given map, or else by a shipped map, names or shape.
  ///
  /// - Throws: ``SurefootError`` for a skeleton that is not a biped's, or that the map does not fit.
  public static func joints(of skeleton: Skeleton, map: JointMap?) throws -> [CanonicalJoint: Int] {
    do {
      return try BipedMap.understanding(skeleton, own: map).joints
    } catch {
      throw SurefootError(
        .correctionFailed, message: error.message,
        suggestion: map.map { "check the joint map '\($0.name)' against the file's joint names" }
          ?? "the skeleton must be a biped's: name its joints so, or in a joint map (--skeleton FILE.yaml)")
    }
  }

  /// The accepted seconds from one frame to the next. Beyond, a file's frame time is wrong, and a simulation of the
  /// motion would last for days.
  public static let frameTimes = 1e-5...2.0

  /// The body for a motion.
  ///
  /// - Throws: ``SurefootError`` for a motion that has no frames, a number that is not finite or an impossible frame
  ///   time, or whose skeleton is not a biped's.
  public func body(for motion: Motion) throws -> BodyModel {
    try CorrectorBody.check(motion)
    return try body(for: PosedMotion(motion), anatomy: anatomy(for: motion))
  }
}

// MARK: For our own correctors: one inference of the joints and one uncalibrated body a clip

extension CorrectorBody {
  /// A skeleton's canonical joints, how the figure stands, and its body before soles are calibrated.
  struct Anatomy {
    let joints: [CanonicalJoint: Int]
    /// `nil` where the motion does not tell: the rest pose counts then.
    let standing: Pose?
    let uncalibrated: BodyModel
  }

  /// Heights of a motion's floor over the resting soles [m] within which the file's floor is accepted: it stands at 0,
  /// and the soles are thicker than the rest pose shows, as those of most captured skeletons.
  private static let acceptedFloorOffset = -0.01...0.045

  /// How far an adult's foot falls from the ankle to the ball, where it lies flat [rad].
  private static let flatFall = 0.05...0.8

  /// Whether both feet lie in the rest pose as on a floor: ahead of the ankle and falling as an adult's.
  private static func restsOnFlatFeet(_ skeleton: Skeleton, _ joints: [CanonicalJoint: Int]) -> Bool {
    let rest = skeleton.frames(of: Pose(resting: skeleton))
    let feet: [(CanonicalJoint, CanonicalJoint)] = [(.leftAnkle, .leftFoot), (.rightAnkle, .rightFoot)]
    return feet.allSatisfy { ankle, toe in
      guard let ankle = joints[ankle] else { return false }
      let way =
        joints[toe].map { rest.positions[$0] - rest.positions[ankle] }
        ?? skeleton.joints[ankle].endSite.map { rest.rotations[ankle].act($0) }
      guard let way, way.length > 1e-4 else { return true }
      return flatFall.contains(atan2(-way.y, way.horizontal.length))
    }
  }

  /// Whether the shared body is the one for a motion.
  func isShared(by motion: Motion) -> Bool { shared?.skeleton == motion.skeleton }

  /// Refuses a motion that no corrector can take.
  static func check(_ motion: Motion) throws(SurefootError) {
    guard motion.count > 0 else {
      throw SurefootError(
        .correctionFailed, message: "the motion has no frames", suggestion: "check that the file holds motion")
    }
    guard motion.isFinite else {
      throw SurefootError(
        .correctionFailed,
        message: "the motion has numbers that are not finite", suggestion: "remove the frames that are not numbers")
    }
    try BodyModel.checkRange(of: motion)
    guard frameTimes.contains(motion.frameTime) else {
      throw SurefootError(
        .correctionFailed,
        message: "the motion has a frame every \(motion.frameTime) s, which shows no movement",
        suggestion: "check the file's frame time: \(frameTimes.lowerBound) to \(frameTimes.upperBound) s are taken")
    }
  }

  /// What a motion's skeleton is; `nil` where the shared body serves it.
  func anatomy(for motion: Motion) throws -> Anatomy? {
    if isShared(by: motion) { return nil }
    return try inCorrectionTerms {
      let joints = try infer(motion.skeleton)
      try FourLegs.check(motion, joints: joints)
      // A rest pose that stands on flat feet is exact; a motion without a flat stance, such as a run, only suggests one.
      if let resting = try? BodyModel(skeleton: motion.skeleton, joints: joints), resting.restStands,
        CorrectorBody.restsOnFlatFeet(motion.skeleton, joints)
      {
        return Anatomy(joints: joints, standing: nil, uncalibrated: resting)
      }
      let standing = StandingPose.found(in: motion, joints: joints)
      return Anatomy(
        joints: joints, standing: standing,
        uncalibrated: try BodyModel(skeleton: motion.skeleton, joints: joints, standing: standing))
    }
  }

  /// The body for a motion that was checked: the shared one, or one whose soles are calibrated on the motion.
  func body(for motion: PosedMotion, anatomy: Anatomy?) throws -> BodyModel {
    guard let anatomy else {
      guard var shared else { preconditionFailure("only a shared body needs no anatomy") }
      if !ground.isFlat { shared.ground = ground }
      return shared
    }
    return try inCorrectionTerms {
      var uncalibrated = anatomy.uncalibrated
      uncalibrated.ground = ground
      let floor = uncalibrated.floor(under: motion)
      var level = ground.isFlat ? motion.motion : uncalibrated.onFloor(motion)
      if !CorrectorBody.acceptedFloorOffset.contains(floor) {
        for i in level.poses.indices { level.poses[i].rootPosition.y -= floor }
      }
      // Soles that lie on a slope say nothing about the foot's pitch.
      let isLevel = ground.boxes.allSatisfy { box in
        box.rotation.act(.unitY).y > 0.999
      }
      var body = try BodyModel(
        skeleton: level.skeleton, joints: anatomy.joints, calibratedOn: isLevel ? [level] : [],
        standing: anatomy.standing)
      body.ground = ground
      return body
    }
  }

  /// Errors of reading a skeleton as errors of a correction.
  private func inCorrectionTerms<Result>(_ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch let error as SurefootError {
      throw SurefootError(.correctionFailed, message: error.message, suggestion: error.suggestion)
    }
  }
}

extension BodyModel {
  /// A motion with every frame lowered by the height of what its lower foot is over, so that standing feet show the height
  /// of their soles.
  fileprivate func onFloor(_ motion: PosedMotion) -> Motion {
    var result = motion.motion
    for i in motion.poses.indices {
      let soles = solePoints(in: state(of: motion.frames(at: i)))
      let lowest = soles.min { ground.clearance(of: $0) < ground.clearance(of: $1) }
      result.poses[i].rootPosition.y -= lowest.map(ground.height(at:)) ?? 0
    }
    return result
  }

  /// The height of the floor on which a motion seems to stand: the lower quartile of its lowest points [m].
  func floor(under motion: PosedMotion) -> Double {
    motion.poses.indices.map { lowestPoint(in: state(of: motion.frames(at: $0))) }.quantile(0.25)
  }
}
