import Dynamics
import Foundation
import Kinematics

/// Makes standing feet stand: each contact becomes one fixed footprint on which the foot only rolls, heel to ball, and
/// swinging feet clear the floor.
///
/// What captured motion does by itself is left alone: a standing foot keeps its own height above or below the floor up to
/// ``heightTolerance``, since near-straight legs bend by many degrees for a centimetre, and its own pitch but for small ones.
///
/// A contact in which the foot slides further than ``longestSlide`` or turns further than ``largestTurn`` becomes several
/// prints with a small step between. Corrections fade out over ``fade`` seconds of swing on either side. Where a leg is too
/// short for its print, the pelvis sinks by what is missing, smoothly and by at most ``deepestDrop``.
///
/// A leg that is moved takes the centre of mass with it, and a millimetre that comes and goes in a few frames is an
/// acceleration of tenths of a body weight. With ``keepsAcceleration`` the root moves against it, and the legs reach for
/// their prints again, until the centre of mass accelerates as before.
struct FootLock {
  let body: BodyModel
  /// Whether lifts are spread over neighbouring frames, as a simulation's reference wants it: swinging feet then come
  /// nearer to the floor than ``clearance`` as they land.
  var smoothsLifts = false
  /// Whether the centre of mass keeps its acceleration, and so the ground force that the motion implies.
  var keepsAcceleration = false

  /// Surfaces as far apart as this are two, on which a foot makes two prints [m].
  static let anotherSurface = 0.02
  static let longestSlide = 0.12
  static let largestTurn = 25.0 * .pi / 180
  static let fade = 0.2
  static let deepestDrop = 0.06
  /// Pitches smaller than this are flat; those of twice as much and more stay as they are [rad].
  static let flatPitch = 5.0 * .pi / 180
  /// How far above or below the floor a standing foot may stay [m]: within the 5 mm that count as contact.
  static let heightTolerance = 0.0045
  /// The width of the Gaussian that spreads lifts over frames [s].
  static let liftWidth = 0.04
  /// How high a moving foot is carried at least [m]: above the 5 mm that count as contact.
  static let clearance = 0.008

  /// Displacements of the centre of mass that are slower than this stay [s]; faster ones are taken back.
  static let slowest = 0.25
  /// How often the root is moved and the legs reach again. Each time leaves about a fifth of the displacement.
  static let rounds = 3

  /// What a frame's foot is to be; `nil` where it may stay as it is.
  private struct Plan {
    var goals: [FootPose]
    var standing: [Bool]
  }

  /// The motion with its feet locked, and which frames each foot is on the floor in.
  func apply(_ posed: PosedMotion, _ schedule: ContactSchedule) -> (PosedMotion, standing: [[Bool]]) {
    let motion = posed.motion
    let feet = feet(of: posed)
    let plans = (0..<2).map { plan($0, schedule, feet[$0], motion.frameTime) }
    var shifts = drops(plans, posed).map { SIMD3(0, -$0, 0) }
    var result = reach(plans, from: posed, shifts)
    if keepsAcceleration, result.motion.poses != motion.poses {
      for _ in 0..<FootLock.rounds {
        for (i, fast) in fastDisplacements(from: posed, to: result).enumerated() { shifts[i] -= fast }
        result = reach(plans, from: posed, shifts)
      }
    }
    return (result, plans.map(\.standing))
  }

  /// The motion with its root shifted [m] and its feet where the plans want them.
  private func reach(_ plans: [Plan], from posed: PosedMotion, _ shifts: [SIMD3<Double>]) -> PosedMotion {
    var result = posed
    for i in posed.poses.indices {
      var pose = posed.poses[i]
      pose.rootPosition += shifts[i]
      var here = posed.frames(at: i)
      for j in here.positions.indices { here.positions[j] += shifts[i] }
      let state = body.state(of: here)
      var rotations = state.rotations
      var moved = shifts[i] != .zero
      for side in 0..<2 {
        let segment = body.legIndex(BodyModel.footSegments[side])
        let goal = plans[side].goals[i]
        guard
          (goal.ankle - state.positions[segment]).length > 1e-5
            || goal.rotation.angle(to: state.rotations[segment]) > 1e-4
        else { continue }
        LegReach(body: body, side: side).reach(ankle: goal.ankle, foot: goal.rotation, from: here, &rotations)
        moved = true
      }
      if moved { result.setPose(body.pose(pose, pelvis: state.positions[0], rotations: rotations), at: i) }
    }
    return result
  }

  /// How far the centre of mass is displaced in each frame [m], without what changes slowly.
  private func fastDisplacements(from before: PosedMotion, to after: PosedMotion) -> [SIMD3<Double>] {
    func centre(_ motion: PosedMotion, _ i: Int) -> SIMD3<Double> {
      body.centreOfMass(in: body.state(of: motion.frames(at: i)))
    }
    let all = before.poses.indices.map { centre(after, $0) - centre(before, $0) }
    let fits = LocalQuadratic(count: all.count, step: before.motion.frameTime, width: FootLock.slowest).fits
    return all.indices.map { i in all[i] - LocalQuadratic.sum(fits[i].value, fits[i].range) { all[$0] } }
  }

  /// Where each foot is, by foot and frame.
  private func feet(of motion: PosedMotion) -> [[FootPose]] {
    let carriers = BodyModel.footSegments.map { body.bodies[body.legIndex($0)].carrier }
    var feet: [[FootPose]] = [[], []]
    for i in motion.poses.indices {
      let frame = motion.frames(at: i)
      for (side, carrier) in carriers.enumerated() {
        feet[side].append(FootPose(ankle: frame.positions[carrier], rotation: frame.rotations[carrier]))
      }
    }
    return feet
  }

  private func plan(_ side: Int, _ schedule: ContactSchedule, _ free: [FootPose], _ frameTime: Double) -> Plan {
    let foot = body.feet[side]
    let ground = body.ground
    // What each foot stands on, and the feet as seen from there; a flat floor changes nothing.
    let surfaces = free.map { ground.isFlat ? Ground.Surface(floorUnder: $0.ankle) : $0.surface(foot, on: ground) }
    let level = ground.isFlat ? free : zip(free, surfaces).map { $0.flattened($1) }
    func canStand(_ pose: FootPose) -> Bool {
      let angles = pose.angles(foot)
      return abs(angles.pitch) < 1.1 && abs(angles.roll) < 0.6 && pose.axes(foot).act(.unitY).y > 0
    }
    let lockable = zip(schedule.standing[side], level).map { $0 && canStand($1) }
    var plan = Plan(goals: free, standing: [Bool](repeating: false, count: free.count))
    let pitches = level.map { pitch($0, foot) }.blurred(0.5 / 30 / frameTime)
    func put(_ i: Int, on print: Footprint, _ surface: Ground.Surface) {
      plan.goals[i] = print.pose(pitch: pitches[i], foot: foot)
      if !ground.isFlat { plan.goals[i] = plan.goals[i].raised(on: surface) }
      plan.goals[i].ankle.y += (free[i].ankle.y - plan.goals[i].ankle.y).clamped(to: FootLock.heightTolerance)
      plan.standing[i] = true
    }
    for contact in contacts(lockable, surfaces) {
      let surface = surfaces[(contact.lowerBound + contact.upperBound) / 2]
      let seen = ground.isFlat ? free : free.map { $0.flattened(surface) }
      let isHere = free.indices.map { contact.contains($0) }
      for (run, print) in prints(isHere, seen, foot, frameTime, isOne: schedule.isGiven) {
        for i in run { put(i, on: print, surface) }
      }
    }
    // A foot that may slide makes a print of its own in every frame.
    for i in free.indices where schedule.grounded[side][i] && canStand(level[i]) {
      put(i, on: Footprint(of: level[i], foot: foot), surfaces[i])
    }
    fadeSwings(&plan, free, frameTime)
    clearFloor(&plan, foot, isFree: schedule.free[side])
    if smoothsLifts { smoothLifts(&plan, free, foot, frameTime) }
    return plan
  }

  /// The contacts of a foot, parted where it stands on another surface.
  private func contacts(_ lockable: [Bool], _ surfaces: [Ground.Surface]) -> [Range<Int>] {
    lockable.runs(of: true).flatMap { run -> [Range<Int>] in
      var parts: [Range<Int>] = []
      var start = run.lowerBound
      for i in run.dropFirst() {
        let (before, here) = (surfaces[i - 1], surfaces[i])
        // On one plane the points of two surfaces differ along it alone.
        guard abs((here.point - before.point).dot(before.normal)) > FootLock.anotherSurface else { continue }
        parts.append(start..<i)
        start = i
      }
      return parts + [start..<run.upperBound]
    }
  }

  /// The pitch of a standing foot with the flat zone taken out.
  private func pitch(_ pose: FootPose, _ foot: Foot) -> Double {
    let pitch = pose.angles(foot).pitch
    return pitch.clamped(to: 2 * max(0, abs(pitch) - FootLock.flatPitch))
  }

  /// The prints of a foot and the frames that each lasts. Where one contact makes two prints, the frames between are
  /// swing.
  ///
  /// - Parameter isOne: Whether each contact is one print, however far the foot slides.
  private func prints(
    _ contacts: [Bool], _ free: [FootPose], _ foot: Foot, _ frameTime: Double, isOne: Bool
  ) -> [(Range<Int>, Footprint)] {
    let gap = max(1, Int((0.05 / frameTime).rounded()))
    var result: [(Range<Int>, Footprint)] = []
    for run in contacts.runs(of: true) {
      let prints = run.map { Footprint(of: free[$0], foot: foot) }
      var start = 0
      var mean = prints[0]
      for k in prints.indices.dropFirst() {
        let slid = (prints[k].place - mean.place).length > FootLock.longestSlide
        let turned = abs(angleDifference(prints[k].yaw, mean.yaw)) > FootLock.largestTurn
        guard !isOne, slid || turned else {
          mean = Footprint(mean: prints[start...k])
          continue
        }
        if k - gap > start { result.append((run.lowerBound + start..<run.lowerBound + k - gap, mean)) }
        start = k
        mean = prints[k]
      }
      result.append((run.lowerBound + start..<run.upperBound, mean))
    }
    return result
  }

  /// Carries the corrections of the nearest standing frames into the swing, fading.
  private func fadeSwings(_ plan: inout Plan, _ free: [FootPose], _ frameTime: Double) {
    for run in plan.standing.runs(of: false) {
      let sides = [run.lowerBound - 1, run.upperBound].map { plan.standing.indices.contains($0) ? $0 : nil }
      for i in run {
        var shift = SIMD3<Double>.zero
        var turn = SIMD3<Double>.zero
        for side in sides {
          guard let side else { continue }
          let t = 1 - min(1, Double(abs(i - side)) * frameTime / FootLock.fade)
          let weight = t * t * (3 - 2 * t)
          shift += weight * (plan.goals[side].ankle - free[side].ankle)
          turn += weight * (plan.goals[side].rotation * free[side].rotation.inverse).rotationVector
        }
        plan.goals[i].ankle += shift
        plan.goals[i].rotation = (Quaternion(rotationVector: turn) * plan.goals[i].rotation).normalized
      }
    }
  }

  /// No foot under the floor; a swinging one that moves clears it, unless it is said to be free.
  private func clearFloor(_ plan: inout Plan, _ foot: Foot, isFree: [Bool]) {
    for i in plan.goals.indices where !plan.standing[i] {
      let neighbours = [i - 1, i + 1].filter(plan.goals.indices.contains)
      let moves = neighbours.contains { (plan.goals[$0].ankle - plan.goals[i].ankle).horizontal.length > 0.002 }
      let least = moves && !isFree[i] ? FootLock.clearance : 0
      let low = plan.goals[i].lowest(foot, on: body.ground)
      if low < least { plan.goals[i].ankle.y += least - low }
    }
  }

  /// Spreads what lifts or lowers a foot from frame to frame over its neighbours: a leg that is near straight bends by
  /// degrees for a millimetre, and shivers where a millimetre comes and goes. No foot sinks deeper than ``heightTolerance`` by it.
  private func smoothLifts(_ plan: inout Plan, _ free: [FootPose], _ foot: Foot, _ frameTime: Double) {
    let lifts = plan.goals.indices.map { plan.goals[$0].ankle.y - free[$0].ankle.y }
    guard lifts.contains(where: { $0 != 0 }) else { return }
    let smooth = lifts.blurred(FootLock.liftWidth / frameTime)
    for i in plan.goals.indices {
      plan.goals[i].ankle.y = free[i].ankle.y + smooth[i]
      let low = plan.goals[i].lowest(foot, on: body.ground)
      if low < -FootLock.heightTolerance { plan.goals[i].ankle.y -= low + FootLock.heightTolerance }
    }
  }

  private func drops(_ plans: [Plan], _ motion: PosedMotion) -> [Double] {
    let needed = motion.poses.indices.map { i in
      let frame = motion.frames(at: i)
      return (0..<2).reduce(0.0) { most, side in
        guard plans[side].standing[i] else { return most }
        return max(most, LegReach(body: body, side: side).drop(toReach: plans[side].goals[i].ankle, from: frame))
      }
    }
    guard needed.contains(where: { $0 > 1e-5 }) else { return needed }
    let frames = 1.0 / 15 / motion.motion.frameTime
    return needed.dilated(Int(frames.rounded())).blurred(frames / 2).map { min($0, FootLock.deepestDrop) }
  }
}

extension Double {
  /// The nearest number of at most the size `limit`.
  fileprivate func clamped(to limit: Double) -> Double { Swift.min(Swift.max(self, -limit), limit) }
}
