import Foundation
public import Dynamics
public import Kinematics
import Support

/// What a person says about a clip's feet, for a corrector to obey.
///
///     let corrector = KinematicCorrector(feet: FootConstraints(mode: .ground))      // skating: on the floor, but sliding
///
/// Without a table the mode holds for both feet in every frame; with one, its intervals say what stands when.
public struct FootConstraints: Sendable, Hashable, CustomStringConvertible {
  /// What feet do in the whole clip.
  public enum Mode: String, CaseIterable, Sendable, Hashable {
    /// Contacts are detected by the soles' height and speed.
    case auto
    /// Feet stand in every frame: for a person who does not step.
    case planted
    /// Feet never stand: swimming, flying.
    case free
    /// Feet stay on the floor and may slide: skating, dance slides.
    case ground
  }

  /// What feet do where no table says otherwise.
  public var mode: Mode
  /// The contacts, which replace detection; `nil` for none.
  public var table: ContactTable?

  /// Constraints; without arguments contacts are detected.
  public init(mode: Mode = .auto, table: ContactTable? = nil) {
    self.mode = mode
    self.table = table
  }

  /// The mode, and a digest of the table: a part of a corrector's name.
  public var description: String {
    let table = table.map { SHA256.hexadecimal(of: Data($0.text.utf8)).prefix(12) }
    return table.map { "\(mode.rawValue)+\($0)" } ?? mode.rawValue
  }

  /// The constraints of some frames alone.
  func within(_ range: Range<Int>) -> FootConstraints { FootConstraints(mode: mode, table: table?.within(range)) }

  /// What each foot is to do by frame, given what was detected.
  func schedule(detected: [[Bool]]) -> ContactSchedule {
    var schedule = ContactSchedule(standing: detected)
    let states: (Int) -> [FootState]
    switch (table, mode) {
    case (let table?, _):
      schedule.isGiven = true
      states = { table.states(ofFoot: $0, frames: detected[$0].count) }
    case (nil, .auto): return schedule
    case (nil, .planted): states = { detected[$0].map { _ in .planted } }
    case (nil, .free): states = { detected[$0].map { _ in .free } }
    case (nil, .ground): states = { detected[$0].map { _ in .ground } }
    }
    for side in 0..<2 {
      let states = states(side)
      schedule.standing[side] = states.map { $0 == .planted }
      schedule.grounded[side] = states.map { $0 == .ground }
      schedule.free[side] = states.map { $0 == .free }
    }
    return schedule
  }
}

/// What each foot is to do by frame: one row a foot, left then right.
struct ContactSchedule: Sendable {
  /// It stands.
  var standing: [[Bool]]
  /// It is on the floor and may slide.
  var grounded: [[Bool]]
  /// A person says that it is off the floor: it needs no clearance while it moves.
  var free: [[Bool]]
  /// Whether a person gave the contacts: each is one print, however far the foot slides in the input.
  var isGiven = false

  /// Orders that were detected.
  init(standing: [[Bool]]) {
    self.standing = standing
    grounded = standing.map { $0.map { _ in false } }
    free = grounded
  }
}

extension FootConstraints {
  /// Where the corrected motion could not do what the table says, one sentence each: feet that move although they are
  /// planted, and time in which the contacts that the table allows cannot hold up the body.
  ///
  /// - Parameters:
  ///   - motion: The corrected motion.
  ///   - body: Calibrated on its input.
  public func contradictions(in motion: Motion, body: BodyModel) -> [String] {
    guard let table else { return [] }
    return moving(table, motion, body) + unsupported(table, motion, body)
  }

  /// The contradictions of a correction of `input`, on the body that the correction was measured on.
  ///
  /// - Throws: ``SurefootError`` for a motion that no corrector takes.
  public func contradictions(
    of correction: Correction, from input: Motion, body: CorrectorBody = CorrectorBody()
  ) throws -> [String] {
    let trimmer = RestPoseTrimmer(input)
    let (before, after) = (input.frames(trimmer.range), correction.motion.frames(trimmer.range))
    let model = try body.body(for: before)
    return within(trimmer.range).contradictions(in: after, body: model)
  }

  /// A planted foot moves less than this over the floor, and is no higher [m].
  private static let standstill = 0.02
  /// The residual wrench from which on the floor does not explain a motion [body weights], and for how long [s].
  private static let unexplained = (residual: 0.35, time: 0.15)

  private func moving(_ table: ContactTable, _ motion: Motion, _ body: BodyModel) -> [String] {
    let feet = motion.poses.map { pose -> [FootPose] in
      let frames = motion.skeleton.frames(of: pose)
      return BodyModel.footSegments.map { segment in
        let carrier = body.bodies[body.legIndex(segment)].carrier
        return FootPose(ankle: frames.positions[carrier], rotation: frames.rotations[carrier])
      }
    }
    return (0..<2).flatMap { side -> [String] in
      let foot = body.feet[side]
      let planted = table.states(ofFoot: side, frames: motion.count).map { $0 == .planted }
      return planted.runs(of: true).compactMap { run in
        let prints = run.map { Footprint(of: feet[$0][side], foot: foot).place }
        let slide = prints.map { ($0 - prints[0]).length }.max() ?? 0
        let height = run.map { feet[$0][side].lowest(foot, on: body.ground) }.max() ?? 0
        guard max(slide, height) > Self.standstill else { return nil }
        let what = slide >= height ? "moves by \(Self.mm(slide)) mm" : "is \(Self.mm(height)) mm above the floor"
        return
          "The \(side == 0 ? "left" : "right") foot is planted by the table \(times(run, table)), but \(what): the "
          + "leg does not reach, or the body could not stay up."
      }
    }
  }

  private func unsupported(_ table: ContactTable, _ motion: Motion, _ body: BodyModel) -> [String] {
    let standing = (0..<2).map { side in
      table.states(ofFoot: side, frames: motion.count).map { $0 != .free }
    }
    let forces = MotionForces(motion, body: body, standing: standing)
    let bad = forces.residuals.map { $0.bodyWeights(of: body) > Self.unexplained.residual }
    return bad.runs(of: true).filter { Double($0.count) * table.frameTime >= Self.unexplained.time }.map { run in
      let worst = run.map { forces.residuals[$0].bodyWeights(of: body) }.max() ?? 0
      return "With the table's contacts the floor does not hold the body up \(times(run, table)): "
        + "\(Numbers.fixed(worst, digits: 1)) body weights are missing; a contact may be absent there."
    }
  }

  private func times(_ run: Range<Int>, _ table: ContactTable) -> String {
    let (start, end) = (Double(run.lowerBound) * table.frameTime, Double(run.upperBound - 1) * table.frameTime)
    return "from \(Numbers.fixed(start, digits: 2)) to \(Numbers.fixed(end, digits: 2)) s"
  }

  private static func mm(_ metres: Double) -> Int { Int((min(metres, 1e6) * 1000).rounded()) }
}
