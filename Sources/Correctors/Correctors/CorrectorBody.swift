public import Dynamics
public import Kinematics
public import Retargeting
public import Support

/// Whose body a corrector corrects.
///
/// Figures are comparable only on one body: give the same calibrated ``BodyModel`` to every corrector and measure of a
/// run. Without one, a body is built for each motion's skeleton and its soles are calibrated on that motion.
public struct CorrectorBody: Sendable {
  /// The body of motions on its skeleton.
  public var shared: BodyModel?
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
  /// - Throws: ``SurefootError`` for a skeleton that is no biped's.
  @Sendable public static func joints(of skeleton: Skeleton) throws -> [CanonicalJoint: Int] {
    try joints(of: skeleton, map: nil)
  }

  /// The canonical joints of a skeleton by a map of one's own, or else by a shipped map, names or shape.
  ///
  /// - Throws: ``SurefootError`` for a skeleton that is no biped's, or that the map does not fit.
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

  /// The seconds from one frame to the next that are taken. Beyond, a file's frame time is wrong, and a simulation of
  /// what it says would last for days.
  public static let frameTimes = 1e-5...2.0

  /// Heights of a motion's floor over the resting soles [m] within which the file is believed: it stands at 0, and the
  /// soles are thicker than the rest pose tells, as those of most captured skeletons.
  static let believedFloor = -0.01...0.03

  /// Whether the shared body is the one for a motion.
  private func serves(_ motion: Motion) -> Bool { shared?.skeleton == motion.skeleton }

  /// How far off a motion's floor may be and stay [m].
  func floorTolerance(for motion: Motion) -> ClosedRange<Double> {
    serves(motion) ? FloorLevelling.sharedTolerance : FloorLevelling.tolerance
  }

  /// The body for a motion.
  ///
  /// - Throws: ``SurefootError`` for a motion that has no frames, a number that is not finite or an impossible frame
  ///   time, or whose skeleton is no biped's.
  public func body(for motion: Motion) throws -> BodyModel {
    guard motion.count > 0 else {
      throw SurefootError(
        .correctionFailed, message: "the motion has no frames", suggestion: "check that the file holds motion")
    }
    guard motion.isFinite else {
      throw SurefootError(
        .correctionFailed,
        message: "the motion has numbers that are not finite", suggestion: "remove the frames that are not numbers")
    }
    guard CorrectorBody.frameTimes.contains(motion.frameTime) else {
      throw SurefootError(
        .correctionFailed,
        message: "the motion has a frame every \(motion.frameTime) s, which shows no movement",
        suggestion: "check the file's frame time: \(CorrectorBody.frameTimes.lowerBound) to "
          + "\(CorrectorBody.frameTimes.upperBound) s are taken")
    }
    do {
      try BodyModel.checkRange(of: motion)
      if let shared, serves(motion) { return shared }
      let joints = try infer(motion.skeleton)
      let plain = try BodyModel(skeleton: motion.skeleton, joints: joints)
      var level = motion
      let floor = FloorLevelling.floor(of: motion, body: plain)
      if !CorrectorBody.believedFloor.contains(floor) {
        for i in level.poses.indices { level.poses[i].rootPosition.y -= floor }
      }
      return try BodyModel(skeleton: motion.skeleton, joints: joints, calibratedOn: [level])
    } catch let error as SurefootError {
      throw SurefootError(.correctionFailed, message: error.message, suggestion: error.suggestion)
    }
  }

  /// The way to a standing rest pose, for a skeleton that rests in nobody's pose (LAFAN1's): limits, soles and the knees'
  /// axes cannot be told from such a one. `nil` where the rest pose stands, or none can be made to.
  func standing(for motion: Motion) -> StandingRest? {
    guard motion.count > 0, motion.isFinite, shared?.skeleton != motion.skeleton,
      let joints = try? infer(motion.skeleton),
      let plain = try? BodyModel(skeleton: motion.skeleton, joints: joints), !plain.restStands,
      let map = try? BipedMap(joints: joints, of: motion.skeleton, method: .names)
    else { return nil }
    let standing = StandingRest(of: motion, map: map)
    let body = try? BodyModel(skeleton: standing.skeleton, joints: joints)
    return body?.restStands == true ? standing : nil
  }
}

extension Correction {
  /// The same correction of the motion that `standing` was applied to.
  func undone(by standing: StandingRest, of input: Motion) -> Correction {
    var result = self
    result.motion = verdict == .corrected ? standing.undone(from: motion) : input
    return result
  }
}
