import CorrectionTesting
import Correctors
import Dynamics
import Kinematics
import Support
import Testing

@Suite struct SurfaceTests {
  private static func raised(_ motion: Motion, by height: Double) -> Motion {
    motion.placed(displacement: SIMD3(0, height, 0))
  }

  private static let block = Ground(boxes: [Ground.Box(centre: SIMD3(0, 0.15, 0), halfExtents: SIMD3(1, 0.15, 1))])

  @Test("On a block a standing figure measures as it does on the floor")
  func measures() throws {
    let standing = SampleMotions.standing(seconds: 0.5)
    var body = CorrectorBody()
    let flat = PlausibilityMetrics.measure(standing, body: try body.body(for: standing))
    body.ground = Self.block
    let high = Self.raised(standing, by: 0.3)
    let figures = PlausibilityMetrics.measure(high, body: try body.body(for: high))
    #expect(abs(figures.penetrate - flat.penetrate) < 0.1)
    #expect(abs(figures.float - flat.float) < 0.1)
    #expect(abs(figures.residualWrench - flat.residualWrench) < 0.01)
    #expect(figures.residualWrench < 0.05)
    let hovering = PlausibilityMetrics.measure(high, body: try CorrectorBody().body(for: standing))
    #expect(hovering.residualWrench > 0.9)
  }

  @Test("A simulated body stands on a block")
  func simulation() async throws {
    let high = Self.raised(SampleMotions.standing(seconds: 0.5), by: 0.3)
    var body = CorrectorBody()
    body.ground = Self.block
    let model = try body.body(for: high)
    let low = try await SimulationThread.run {
      let start = model.state(of: high.poses[0])
      let simulation = Simulation(body: model)
      simulation.place(start, velocities: .zero(model))
      for _ in 0..<40 {
        simulation.track(
          TrackingTarget(
            rotations: start.rotations, angularVelocities: start.rotations.map { _ in .zero },
            pelvis: start.positions[0], pelvisVelocity: .zero))
        guard simulation.step() else { break }
      }
      return model.lowestPoint(in: simulation.state)
    }
    #expect(abs(low) < 0.02)
  }

  @Test("Feet that slide over a block and a slope are locked to them", arguments: [0.0, 0.12])
  func lock(angle: Double) async throws {
    let turn = Quaternion(angle: angle, axis: .unitX)
    let walk = SampleMotions.walk(seconds: 1.2)
    var body = CorrectorBody()
    body.ground = Ground(boxes: [
      Ground.Box(centre: SIMD3(0, 0.3, 0) - turn.act(.unitY) * 0.1, rotation: turn, halfExtents: SIMD3(3, 0.1, 6))
    ])
    var high = walk
    for i in walk.poses.indices {
      let place = walk.poses[i].rootPosition
      high.poses[i].rootPosition.y += body.ground.height(at: SIMD3(place.x, 5, place.z))
    }
    let corrected = try await KinematicCorrector(body: body).correct(high, seed: 0)
    #expect(corrected.verdict == .corrected)
    #expect(corrected.report.contacts.contains { $0.left || $0.right })
    let after = corrected.report.after
    #expect(after.skate < 0.5 * max(corrected.report.before.skate, 2))
    #expect(after.penetrate < 3)
  }

  /// A figure that sits with level thighs, its pelvis behind its feet.
  private static func sitting(seconds: Double) -> Motion {
    var pose = Pose(resting: .canonical)
    for (hip, knee) in [(CanonicalJoint.leftHip, CanonicalJoint.leftKnee), (.rightHip, .rightKnee)] {
      pose.rotations[hip.rawValue] = Quaternion(angle: -1.45, axis: .unitX)
      pose.rotations[knee.rawValue] = Quaternion(angle: 1.45, axis: .unitX)
    }
    let lowest = Skeleton.canonical.frames(of: pose).positions.map(\.y).min() ?? 0
    pose.rootPosition.y -= lowest - 0.02
    return Motion(
      skeleton: .canonical, frameTime: 1.0 / 30, poses: Array(repeating: pose, count: Int(seconds * 30)))
  }

  @Test("A seat is inferred under one who sits, and none under one who stands")
  func seat() throws {
    let sitting = Self.sitting(seconds: 1)
    let surfaces = try SurfaceInference.surfaces(in: sitting)
    let seat = try #require(surfaces.first)
    #expect(surfaces.map(\.kind) == [.seat])
    #expect((0.25...0.6).contains(seat.top.y))
    var body = CorrectorBody()
    body.ground.boxes = surfaces.map(\.box)
    let alone = PlausibilityMetrics.measure(sitting, body: try CorrectorBody().body(for: sitting))
    let seated = PlausibilityMetrics.measure(sitting, body: try body.body(for: sitting))
    #expect(seated.residualWrench < 0.3 * alone.residualWrench)
    #expect(try SurfaceInference.surfaces(in: SampleMotions.standing()).isEmpty)
  }

  @Test("A step is inferred under feet that stand high, and it explains them")
  func step() throws {
    let high = Self.raised(SampleMotions.standing(seconds: 1), by: 0.3)
    let surfaces = try SurfaceInference.surfaces(in: high)
    #expect(!surfaces.isEmpty)
    #expect(surfaces.allSatisfy { $0.kind == .step && abs($0.top.y - 0.3) < 0.02 })
    var body = CorrectorBody()
    body.ground.boxes = surfaces.map(\.box)
    #expect(PlausibilityMetrics.measure(high, body: try body.body(for: high)).residualWrench < 0.1)
  }
}

@Suite struct InPlaceTests {
  private static func inPlace(_ motion: Motion) -> Motion {
    var result = motion
    for i in motion.poses.indices {
      result.poses[i].rootPosition.x = 0
      result.poses[i].rootPosition.z = 0
    }
    return result
  }

  @Test("A walk without its path gets it back, and is recognised")
  func walk() async throws {
    let still = SampleMotions.walk(seconds: 1.6, rate: 60)
    let corrected = try await KinematicCorrector().correct(still, seed: 0).motion
    let cut = Self.inPlace(corrected)
    let path = try #require(try InPlacePath(of: cut))
    #expect(path.isClear)
    let way = corrected.poses[corrected.count - 1].rootPosition.z - corrected.poses[0].rootPosition.z
    #expect(abs((path.displacements.last?.z ?? 0) - way) < 0.12 * way)
    let back = path.removed(from: path.added(to: cut))
    #expect(zip(back.poses, cut.poses).allSatisfy { ($0.rootPosition - $1.rootPosition).length < 1e-12 })
  }

  @Test("Neither a walk with its path nor one who stands is in place")
  func others() throws {
    for motion in [SampleMotions.walk(seconds: 1.6), SampleMotions.standing(seconds: 1.6)] {
      #expect(try InPlacePath(of: motion)?.isClear != true)
    }
  }
}

@Suite struct CycleTests {
  /// Two steps, of a period of 1.1 s, with an end that misses the beginning.
  private static var almost: Motion {
    var walk = SampleMotions.walk(seconds: 1.1, rate: 30)
    let last = walk.count - 1
    for joint in [CanonicalJoint.leftElbow, .spine1, .rightKnee] {
      for i in walk.poses.indices {
        let turn = Quaternion(angle: 0.1 * Double(i) / Double(last), axis: .unitX)
        walk.poses[i].rotations[joint.rawValue] = walk.poses[i].rotations[joint.rawValue] * turn
      }
    }
    return walk
  }

  @Test("The last pose and velocity of a cycle meet the first, after a correction too")
  func closes() async throws {
    let walk = Self.almost
    let loop = try await CycleCorrector(KinematicCorrector()).correct(walk, seed: 0).motion
    #expect(loop.count == walk.count)
    let (n, skeleton) = (loop.count, loop.skeleton)
    func places(_ i: Int) -> [SIMD3<Double>] {
      skeleton.frames(of: loop.poses[i]).positions.map { $0 - loop.poses[0].rootPosition.horizontal }
    }
    let way = (loop.poses[n - 1].rootPosition - loop.poses[0].rootPosition).horizontal
    let gap = zip(places(0), places(n - 1)).map { ($0 + way - $1).length }.max() ?? 1
    #expect(gap < 1e-6)
    // The change of velocity from the frame before to the frame after is no greater across the seam than elsewhere.
    func change(_ steps: [(Int, Int)]) -> Double {
      let speeds = steps.map { step in zip(places(step.0), places(step.1)).map { $1 - $0 } }
      return zip(speeds[0], speeds[1]).map { ($1 - $0).length }.max() ?? 1
    }
    let inside = (1..<n - 1).map { change([($0 - 1, $0), ($0, $0 + 1)]) }.max() ?? 0
    #expect(change([(n - 2, n - 1), (0, 1)]) < inside)
    #expect(way.z > 0.9)
  }

  @Test("A clip that cannot cycle is refused, with the frames that can")
  func refuses() throws {
    let walk = SampleMotions.walk(seconds: 1.5, rate: 30)
    var bent = walk
    let bend = Quaternion(angle: 1.2, axis: .unitX)
    for i in 35..<walk.count { bent.poses[i].rotations[CanonicalJoint.spine1.rawValue] = bend }
    let error = #expect(throws: SurefootError.self) { try MotionCycle(of: bent) }
    #expect(error?.message.contains("cannot cycle") == true)
    #expect(error?.suggestion?.contains("cut it to frames") == true)
    #expect(throws: SurefootError.self) { try MotionCycle(of: SampleMotions.standing(seconds: 0.1)) }
  }

  @Test("A drift that is declared is taken out evenly; a walk is no drift")
  func drift() throws {
    var standing = SampleMotions.standing(seconds: 2)
    for i in standing.poses.indices { standing.poses[i].rootPosition.x += 0.2 * Double(i) / Double(standing.count - 1) }
    let back = try standing.endingAtStart()
    let ends = [back.poses[0], back.poses[back.count - 1]].map(\.rootPosition)
    #expect((ends[0] - ends[1]).length < 1e-12)
    #expect(throws: SurefootError.self) { try SampleMotions.walk().endingAtStart() }
  }
}
