import Dynamics
import Kinematics

/// One simulation that follows a reference from its first frame to its last.
struct TrackingRun {
  /// A pose a frame; fewer than the reference has if the simulation blew up.
  private(set) var poses: [Pose] = []
  /// The mean residual wrench over each frame's steps [body weights].
  private(set) var applied: [Double] = []

  /// Follows `reference` from its first frame. A frame is a whole number of steps, whatever the rate: the motion keeps
  /// its speed.
  ///
  /// - Throws: A `CancellationError`.
  static func follow(
    _ reference: Motion, body: BodyModel, settings: SimulationSettings, cancellation: Cancellation
  ) throws -> TrackingRun {
    var run = TrackingRun()
    try run.simulate(reference, body: body, settings: settings, cancellation: cancellation)
    return run
  }

  private mutating func simulate(
    _ reference: Motion, body: BodyModel, settings: SimulationSettings, cancellation: Cancellation
  ) throws {
    let track = ReferenceTrack(reference, body: body)
    let count = max(1, Int((reference.frameTime / settings.step).rounded(.up)))
    var settings = settings
    settings.step = reference.frameTime / Double(count)
    let simulation = Simulation(body: body, settings: settings)
    var target = track.sample(0, 0)
    let next = track.sample(0, 1 / Double(count))
    let start = body.assembled(pelvis: target.pelvis, rotations: target.rotations)
    let soon = body.assembled(pelvis: next.pelvis, rotations: next.rotations)
    simulation.place(start, velocities: BodyVelocities(from: start, to: soon, time: settings.step))
    poses.append(reference.poses[0])
    applied.append(0)
    for frame in 1..<max(1, reference.count) {
      try cancellation.check(done: frame, of: reference.count)
      var residual = 0.0
      for k in 0..<count {
        let ahead = track.sample(frame - 1, Double(k + 1) / Double(count))
        let spins = zip(target.rotations, ahead.rotations).map { ($1 * $0.inverse).rotationVector / settings.step }
        simulation.track(
          TrackingTarget(
            rotations: target.rotations, angularVelocities: spins, pelvis: target.pelvis,
            pelvisVelocity: (ahead.pelvis - target.pelvis) / settings.step,
            torques: track.torques(frame - 1, Double(k) / Double(count))))
        guard simulation.step() else { return }
        residual += simulation.residual.bodyWeights(of: body)
        target = ahead
      }
      let state = simulation.state
      poses.append(body.pose(reference.poses[frame], pelvis: state.positions[0], rotations: state.rotations))
      applied.append(residual / Double(count))
    }
    // The first frame is placed, not simulated: it counts as the second.
    if applied.count > 1 { applied[0] = applied[1] }
  }
}
