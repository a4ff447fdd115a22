import Dynamics
import Foundation
import Kinematics
import MotionFormats
import Retargeting
import Testing

/// The worked examples of the documentation comments, compiled and run.
@Suite struct ExampleTests {
  @Test("BodyModel's example builds a body from a file") func bodyModel() throws {
    let plain = try Figures.canonical()
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("surefoot-example-\(UUID()).bvh")
    defer { try? FileManager.default.removeItem(at: url) }
    let standing = Clip(
      name: "standing", motion: Figures.motion(plain), provenance: Provenance(source: "made", sha256: ""))
    try BVH.text(of: standing).write(to: url, atomically: true, encoding: .utf8)

    let clip = try BVH.read(contentsOf: url)
    let map = try BipedMap.understanding(clip.motion.skeleton)
    let body = try BodyModel(skeleton: clip.motion.skeleton, map: map, calibratedOn: [clip.motion])

    let state = body.state(of: clip.motion.poses[0])
    let height = body.lowestPoint(in: state)
    let metrics = PlausibilityMetrics.measure(clip.motion, body: body)

    #expect(abs(height) < 0.01)
    #expect(metrics.residualWrench < 0.05)
  }

  @Test("Simulation's example holds a pose for a second") func simulation() async throws {
    let body = try Figures.canonical()
    let motion = Figures.motion(body)

    let start = body.state(of: motion.poses[0])
    let end = try await SimulationThread.run {
      let simulation = Simulation(body: body)
      simulation.place(start, velocities: .zero(body))
      let target = TrackingTarget(
        rotations: start.rotations, angularVelocities: start.rotations.map { _ in .zero },
        pelvis: start.positions[0], pelvisVelocity: .zero)
      for _ in 0..<120 {
        simulation.track(target)
        guard simulation.step() else { break }
      }
      return simulation.state
    }

    #expect((end.positions[0] - start.positions[0]).length < 0.05)
  }
}
