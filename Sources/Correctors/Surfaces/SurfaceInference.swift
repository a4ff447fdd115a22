public import Dynamics
import Foundation
public import Kinematics

/// A surface that a motion rests on and that is not in its clip.
public struct InferredSurface: Sendable, Hashable {
  /// What rests on it.
  public enum Kind: String, Sendable, Hashable {
    /// Pelvis and thighs.
    case seat
    /// A foot.
    case step
  }

  /// What it is.
  public var kind: Kind
  /// The middle of the upper side [m], Y up.
  public var top: SIMD3<Double>
  /// Width, thickness and depth [m].
  public var size: SIMD3<Double>
  /// The turn about the vertical [rad].
  public var yaw: Double
  /// When the body rests on it [s].
  public var times: ClosedRange<Double>

  /// The surface as a solid.
  public var box: Ground.Box {
    Ground.Box(
      centre: top - .unitY * (size.y / 2), rotation: Quaternion(angle: yaw, axis: .unitY), halfExtents: size / 2)
  }
}

/// Proposes the seats and steps that a motion needs: where pelvis or feet rest well above the floor, hardly move, and
/// bear weight.
///
///     let surfaces = try SurfaceInference.surfaces(in: motion)
///     var body = CorrectorBody()
///     body.ground.boxes += surfaces.map(\.box)
///
/// A part bears weight where inverse dynamics leaves a residual wrench on the floor alone, and much less of it once the
/// part may be pushed from below. So a foot that lies on the other knee is no step, and a squat needs no seat. Surfaces are
/// plates as large as what rests on them: what is beside or under them in the clip stays free.
public enum SurfaceInference {
  /// Parts lower than this rest on the floor [m].
  static let leastHeight = (seat: 0.15, step: 0.07)
  /// Parts that move slower than this rest [m/s].
  static let restingSpeed = (seat: 0.2, step: 0.25)
  /// They rest at least so long [s].
  static let shortest = (seat: 0.4, step: 0.12)
  /// The residual on the floor alone that asks for a surface [body weights], and the share of it that may remain.
  static let residual = (seat: 0.05, step: 0.25, remaining: 0.6)
  /// The thickness of a plate [m].
  static let thickness = 0.06
  /// How far a plate reaches beyond the sole [m].
  static let margin = 0.02
  /// Resting places as near in height as this are one surface, if they overlap [m].
  static let sameHeight = 0.04
  /// The half width of a seat, and how far it reaches behind and ahead of the hips [m] for legs of 0.835 m.
  static let seat = (side: 0.19, back: 0.17, front: 0.1)

  /// The surfaces, seats first; none for a motion that stands on the floor.
  ///
  /// - Parameters:
  ///   - motion: In metres, Y up, the floor at height 0.
  ///   - body: Whose body; its ground is there already.
  /// - Throws: ``SurefootError`` for a motion that no corrector takes.
  public static func surfaces(in motion: Motion, body: CorrectorBody = CorrectorBody()) throws -> [InferredSurface] {
    let captured = motion.frames(motion.measuredFrames)
    try CorrectorBody.check(captured)
    guard captured.count >= 8 else { return [] }
    let model = try body.body(for: captured)
    let rests = RestingParts(captured, body: model)
    let start = Double(motion.measuredFrames.lowerBound) * motion.frameTime
    return (rests.seats + rests.steps).map { surface in
      var surface = surface
      surface.times = surface.times.lowerBound + start...surface.times.upperBound + start
      return surface
    }
  }
}

/// Where parts of a body rest above the floor and bear weight, frame by frame.
private struct RestingParts {
  private let body: BodyModel
  private let states: [BodyState]
  private let frameTime: Double
  /// By frame: seat, left foot, right foot.
  private var bears: [[Bool]]

  init(_ motion: Motion, body: BodyModel) {
    self.body = body
    states = motion.poses.map(body.state(of:))
    frameTime = motion.frameTime
    bears = [[Bool]](repeating: [Bool](repeating: false, count: motion.count), count: 3)
    let required = RequiredContacts(states: states, frameTime: frameTime, body: body)
    let rests = (0..<3).map { part in states.indices.map { isResting(part, $0) } }
    // Seats first: what a seat bears, a foot on the other knee does not.
    for part in 0..<3 {
      let limit = part == 0 ? SurfaceInference.residual.seat : SurfaceInference.residual.step
      for i in states.indices where rests[part][i] {
        let seat = part > 0 && bears[0][i] ? points(0, states[i]) : []
        let alone = required.residual(at: i, with: seat)
        guard alone > limit else { continue }
        // The other foot, which may bear the same weight, does not count against this one: both are asked alone.
        let left = required.residual(at: i, with: seat + points(part, states[i]))
        bears[part][i] = left < SurfaceInference.residual.remaining * alone
      }
      keepWhole(part, rests[part])
    }
  }

  /// What bears weight for most of a long enough rest bears it throughout, and else not at all.
  private mutating func keepWhole(_ part: Int, _ rests: [Bool]) {
    let shortest = part == 0 ? SurfaceInference.shortest.seat : SurfaceInference.shortest.step
    for run in rests.runs(of: true) {
      let share = Double(run.count { bears[part][$0] }) / Double(run.count)
      let isLong = Double(run.count) * frameTime >= shortest
      for i in run { bears[part][i] = isLong && share > 0.5 }
    }
  }

  private static let seatSegments: [Segment] = [.pelvis, .leftThigh, .rightThigh]

  /// The places at which a part may be pushed from below.
  private func points(_ part: Int, _ state: BodyState) -> [SIMD3<Double>] {
    guard part > 0 else {
      let index = body.legIndex(.pelvis)
      let low = body.lowestHeight(of: index, in: state)
      let hips = [Segment.leftThigh, .rightThigh].map { segment in
        state.world(body.legIndex(segment), body.bodies[body.legIndex(segment)].pivot)
      }
      let middle = (hips[0] + hips[1]) / 2
      let back = facing(state) * -0.08
      return (hips + [middle + back]).map { SIMD3($0.x, low, $0.z) }
    }
    return Array(body.solePoints(in: state)[4 * (part - 1)..<4 * part])
  }

  private func place(_ part: Int, _ state: BodyState) -> SIMD3<Double> {
    let points = points(part, state)
    return points.reduce(.zero, +) / Double(points.count)
  }

  /// Whether a part is high above the floor and slow.
  private func isResting(_ part: Int, _ i: Int) -> Bool {
    let state = states[i]
    let low = points(part, state).reduce(Double.infinity) { min($0, body.ground.clearance(of: $1)) }
    let least = part == 0 ? SurfaceInference.leastHeight.seat : SurfaceInference.leastHeight.step
    guard low > least else { return false }
    if part == 0 {
      // Thighs of one who sits are nearer to level than to upright.
      let knees = [(Segment.leftThigh, Segment.leftShank), (.rightThigh, .rightShank)].map { thigh, shank in
        let hip = state.world(body.legIndex(thigh), body.bodies[body.legIndex(thigh)].pivot)
        let knee = state.world(body.legIndex(shank), body.bodies[body.legIndex(shank)].pivot)
        return (hip.y - knee.y) / max(1e-6, (hip - knee).length)
      }
      guard knees.reduce(0, +) / 2 < 0.75 else { return false }
    }
    let reach = max(1, Int((0.06 / frameTime).rounded()))
    let (a, b) = (max(0, i - reach), min(states.count - 1, i + reach))
    guard b > a else { return false }
    let speed = (place(part, states[b]) - place(part, states[a])).length / (Double(b - a) * frameTime)
    return speed < (part == 0 ? SurfaceInference.restingSpeed.seat : SurfaceInference.restingSpeed.step)
  }

  /// The way that the pelvis faces, along the floor.
  private func facing(_ state: BodyState) -> SIMD3<Double> {
    let (left, right) = (body.legIndex(.leftThigh), body.legIndex(.rightThigh))
    let across = state.world(left, body.bodies[left].pivot) - state.world(right, body.bodies[right].pivot)
    return across.cross(.unitY).horizontal.normalized
  }

  // MARK: Seats

  var seats: [InferredSurface] {
    bears[0].runs(of: true).reduce(into: []) { found, run in
      let scale = body.legLength / 0.835
      let middles = run.map { place(0, states[$0]) }
      let forward = run.reduce(SIMD3<Double>.zero) { $0 + facing(states[$1]) }.normalized
      let seat = SurfaceInference.seat
      var top = middles.reduce(.zero, +) / Double(middles.count)
      top += forward * ((seat.front - seat.back) / 2 * scale)
      let heights = run.map { i in
        Self.seatSegments.reduce(Double.infinity) { min($0, seatHeight($1, states[i])) }
      }
      top.y = heights.quantile(0.3)
      let surface = InferredSurface(
        kind: .seat, top: top,
        size: SIMD3(2 * seat.side * scale, SurfaceInference.thickness, (seat.back + seat.front) * scale),
        yaw: atan2(forward.x, forward.z), times: times(run))
      merge(surface, into: &found)
    }
  }

  /// How low a segment reaches where a seat would be: thighs count near the hips.
  private func seatHeight(_ segment: Segment, _ state: BodyState) -> Double {
    let index = body.legIndex(segment)
    guard segment != .pelvis else { return body.lowestHeight(of: index, in: state) }
    guard case .capsule(let from, let to, let radius) = body.bodies[index].shape else { return .infinity }
    let hip = from.length < to.length ? from : to
    return state.world(index, hip).y - radius
  }

  // MARK: Steps

  var steps: [InferredSurface] {
    var found: [InferredSurface] = []
    for side in 0..<2 {
      for run in bears[side + 1].runs(of: true) {
        let corners = run.flatMap { Array(body.solePoints(in: states[$0])[4 * side..<4 * side + 4]) }
        let heights = run.map { i in
          body.solePoints(in: states[i])[4 * side..<4 * side + 4].map(\.y).min() ?? 0
        }
        let middle = states[run[run.startIndex + run.count / 2]]
        let soles = Array(body.solePoints(in: middle)[4 * side..<4 * side + 4])
        let forward = (soles[2] + soles[3] - soles[0] - soles[1]).horizontal.normalized
        let yaw = atan2(forward.x, forward.z)
        merge(plate(around: corners, height: heights.quantile(0.5), yaw: yaw, times(run)), into: &found)
      }
    }
    return found
  }

  private func plate(
    around corners: [SIMD3<Double>], height: Double, yaw: Double, _ times: ClosedRange<Double>
  ) -> InferredSurface {
    let turn = Quaternion(angle: yaw, axis: .unitY)
    let local = corners.map { turn.inverse.act($0) }
    // Nine tenths of the corners: a foot may slide as it lands.
    let (x, z) = (local.map(\.x), local.map(\.z))
    let low = SIMD3(x.quantile(0.05), 0, z.quantile(0.05)), high = SIMD3(x.quantile(0.95), 0, z.quantile(0.95))
    var top = turn.act((low + high) / 2)
    top.y = height
    var size = high - low + SIMD3(repeating: 2 * SurfaceInference.margin)
    size.y = SurfaceInference.thickness
    return InferredSurface(kind: .step, top: top, size: size, yaw: yaw, times: times)
  }

  // MARK: Both

  private func times(_ run: Range<Int>) -> ClosedRange<Double> {
    Double(run.lowerBound) * frameTime...Double(run.upperBound - 1) * frameTime
  }

  /// Adds a surface, or makes an earlier one of the same height and place serve for both.
  private func merge(_ surface: InferredSurface, into found: inout [InferredSurface]) {
    for (index, other) in found.enumerated() where abs(other.top.y - surface.top.y) < SurfaceInference.sameHeight {
      let reach = (other.size.horizontal.length + surface.size.horizontal.length) / 4
      guard (other.top - surface.top).horizontal.length < reach else { continue }
      let corners = [other, surface].flatMap { surface in
        surface.box.corners.map { SIMD3($0.x, surface.top.y, $0.z) }
      }
      let turn = Quaternion(angle: other.yaw, axis: .unitY)
      let local = corners.map { turn.inverse.act($0) }
      let low = local.reduce(local[0]) { pointwiseMin($0, $1) }
      let high = local.reduce(local[0]) { pointwiseMax($0, $1) }
      var merged = other
      merged.top = turn.act((low + high) / 2)
      merged.top.y = min(other.top.y, surface.top.y)
      merged.size = SIMD3(high.x - low.x, SurfaceInference.thickness, high.z - low.z)
      merged.times =
        min(other.times.lowerBound, surface.times.lowerBound)...max(other.times.upperBound, surface.times.upperBound)
      found[index] = merged
      return
    }
    found.append(surface)
  }
}
