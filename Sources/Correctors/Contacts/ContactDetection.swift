import Dynamics
public import Kinematics

/// Finds when heels, toes and hands touch the floor.
public enum ContactDetection {
  /// The contacts of a motion, as the correctors detect them: a point that is low and slow.
  ///
  /// The clip is levelled first, where its floor is not at height 0. Confidence is the mean over an interval of how far the
  /// point is below both thresholds: 1 for a point at rest on the floor, 0 at the edge of either.
  ///
  /// - Throws: ``SurefootError`` for a motion that no corrector takes.
  public static func table(of motion: Motion, body: CorrectorBody = CorrectorBody()) throws -> ContactTable {
    let trimmer = RestPoseTrimmer(motion)
    let captured = trimmer.motion.frames(trimmer.range)
    try CorrectorBody.check(captured)
    let input = PosedMotion(captured)
    let model = try body.body(for: input, anatomy: body.anatomy(for: captured))
    let (level, _) = FloorLevelling.apply(input, body: model, tolerance: body.floorTolerance(for: captured))
    let soles = FootContacts(soles: level, body: model)
    let arms: [(ContactTable.Part, Int)] = [
      (ContactTable.Part.leftHand, Segment.leftForearm), (.rightHand, .rightForearm),
    ]
    .compactMap { part, segment in model.index(of: segment).map { (part, $0) } }
    let hands = FootContacts(
      positions: level.poses.indices.map { i in
        let state = model.state(of: level.frames(at: i))
        return arms.map { tip(of: $0.1, state, model) }
      }, frameTime: motion.frameTime, on: model.ground)
    let start = trimmer.range.lowerBound
    let points: [(ContactTable.Part, FootContacts, Range<Int>)] =
      [
        (.leftHeel, soles, 0..<2), (.leftToe, soles, 2..<4), (.rightHeel, soles, 4..<6), (.rightToe, soles, 6..<8),
      ] + arms.enumerated().map { ($1.0, hands, $0..<$0 + 1) }
    let intervals = points.flatMap { part, contacts, corners in
      contacts.contacts(anyOf: corners, .soleCorners).runs(of: true).map { run in
        ContactTable.Interval(
          part: part, frames: run.lowerBound + start..<run.upperBound + start,
          confidence: run.reduce(0) { $0 + confidence(contacts, corners, $1) } / Double(run.count))
      }
    }
    return ContactTable(intervals: intervals, frameTime: motion.frameTime)
  }

  /// The lowest point at the far end of a forearm, where the hand is.
  private static func tip(of forearm: Int, _ state: BodyState, _ body: BodyModel) -> SIMD3<Double> {
    guard case .capsule(let from, let to, let radius) = body.bodies[forearm].shape else {
      return state.positions[forearm]
    }
    let end = from.length > to.length ? from : to
    return state.world(forearm, end) - SIMD3(0, radius, 0)
  }

  private static func confidence(_ contacts: FootContacts, _ corners: Range<Int>, _ frame: Int) -> Double {
    let limits = ContactThresholds.soleCorners
    return corners.map { corner in
      let height = max(0, contacts.heights[frame][corner]) / limits.height
      let speed = contacts.speed(of: corner, at: frame) / limits.speed
      return max(0, 1 - height) * max(0, 1 - speed)
    }.max() ?? 0
  }
}
