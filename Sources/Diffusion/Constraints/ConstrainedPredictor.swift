import Kinematics
import Support
import Synchronization
import Tensors

/// A prediction whose clean motions are changed, at every step of sampling, to meet their constraints.
///
/// The change is the likeliest under the model's prior, so that a place that one frame must reach moves the frames around
/// it, too, and the network continues from a motion that fits. Replacing the constrained frames alone is what inpainting
/// does; it leaves a seam.
struct ConstrainedPredictor: CleanPredictor {
  let base: any CleanPredictor
  let model: MotionModel
  /// One a prompt of the batch, `nil` where it has no constraints.
  let solvers: [ConstraintSolver?]

  private static let tolerance = 0.005

  func clean(_ batch: NoisyBatch) -> Tensor {
    let clean = base.clean(batch)
    let members = batch.members ?? batch.lengths.indices.map { $0 }
    guard members.contains(where: { $0.flatMap { solvers[$0] } != nil }) else { return clean }
    let features = model.space.decode(clean)
    let none = Tensor(repeating: 0, shape: Array(clean.shape.dropFirst()), on: .cpu)
    // What only fills the batch up is left alone: nobody reads it.
    let changes = members.enumerated().map { place, member -> Tensor in
      guard let solver = member.flatMap({ solvers[$0] }) else { return none }
      let rows = features.selected(0, place).narrowed(0, 0..<solver.problem.frames).doubles
      let solution = solver.solve(rows, iterations: 2, tolerance: Self.tolerance, guiding: true)
      return model.space.latent(ofChange: solution.change, rows: clean.shape[1])
    }
    return clean + Tensor.stacked(changes).moved(to: Torch.device)
  }
}

extension Sampler {
  /// The most places in a window: the work grows with the third power, the memory with the second.
  private static let mostPoints = 300

  /// The solvers of a batch's constraints; empty if there are none.
  func solvers(
    _ prompts: [Prompt], _ constraints: [MotionConstraints], labels: [Int]
  ) throws(SurefootError) -> [ConstraintSolver?] {
    guard constraints.contains(where: { !$0.isEmpty }) else { return [] }
    return try prompts.indices.map { index throws(SurefootError) in
      guard constraints[index].points.count <= Self.mostPoints else {
        throw SurefootError(
          .constraint, message: "\(constraints[index].points.count) places are to be met in one window of the model",
          suggestion: "give at most \(Self.mostPoints); every third frame is enough")
      }
      guard !constraints[index].isEmpty else { return nil }
      let frames = model.space.fixedFrames ?? prompts[index].frames
      let problem = ConstraintProblem(constraints[index], model.representation, frames: frames)
      return Torch.onOneThread {
        ConstraintSolver(
          problem, model.space.view(frames: frames, label: labels[index], frameRate: model.frameRate))
      }
    }
  }

  /// Sampled rows of features as motions; those with constraints meet them exactly and lie where these say.
  func settled(_ rows: [[Float]], _ solvers: [ConstraintSolver?], lengths: [Int]) -> [Motion] {
    let width = model.representation.width
    let results = Mutex([Motion?](repeating: nil, count: rows.count))
    Torch.concurrently(rows.count) { index in
      var motion: Motion
      if index < solvers.count, let solver = solvers[index] {
        let solution = Torch.withoutGradients {
          ConstraintSolver.exact(solver.problem).solve(
            rows[index].map(Double.init), iterations: 12, tolerance: 0.0005, guiding: false)
        }
        motion = model.representation.decode(solution.rows.map(Float.init), at: solution.start)
      } else {
        motion = model.representation.decode(Array(rows[index].prefix(lengths[index] * width)))
      }
      motion.poses = Array(motion.poses.prefix(lengths[index]))
      results.withLock { $0[index] = motion }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
