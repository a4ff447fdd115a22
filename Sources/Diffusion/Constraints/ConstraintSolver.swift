import Foundation
import Kinematics
import Linear
import Tensors

/// Finds the likeliest change of a motion's features that meets its constraints.
///
/// Known rows are met at once: they are linear. Places follow from all rows before them, and from rotations: Gauss's and
/// Newton's method, with what the known rows leave open as the prior. Both are the mean of a normal distribution under
/// exact observations.
struct ConstraintSolver: Sendable {
  let problem: ConstraintProblem
  private let view: LinearView
  /// What a gap of the known rows changes in each channel, `[channels or 1, rows, known]`; `nil` without known rows.
  private let gain: Tensor?
  /// The covariance that the known rows leave.
  private let remaining: Tensor

  /// - Parameter nugget: How well known rows are met: the variance of what a channel cannot hold of them, as a share of
  ///   its own. Motion holds a little that the cosines of a spectrum do not. Met too closely, its extrapolation grows
  ///   from window to window of a long motion, by a factor of 3 with 1e-5 and not at all from 1e-3 on.
  init(_ problem: ConstraintProblem, _ view: LinearView, nugget: Double = 1e-2) {
    self.problem = problem
    self.view = view
    guard !problem.known.isEmpty else {
      (gain, remaining) = (nil, view.covariance)
      return
    }
    let known = Tensor(indices: problem.known)
    // Covariance between all rows of a channel and the known frames, `[channels or 1, rows, known]`.
    let shared =
      view.time.map { view.covariance.matmul($0.gathered(0, known).permuted(1, 0)) }
      ?? view.covariance.gathered(2, known)
    let within = view.time.map { $0.gathered(0, known).matmul(shared) } ?? shared.gathered(1, known)
    let gain = shared.matmul(Self.inverses(of: within, nugget: nugget))
    self.gain = gain
    remaining = view.covariance - gain.matmul(shared.permuted(0, 2, 1))
  }

  /// A solution: the change of the space's channels, the rows with it, and where the motion starts.
  struct Solution {
    /// `[rows, channels]`.
    var change: Tensor
    /// `frames` rows of the representation's width.
    var rows: [Double]
    var start: Placement
  }

  /// Changes rows so that they meet the constraints.
  ///
  /// - Parameters:
  ///   - rows: `frames` rows of the representation's width.
  ///   - iterations: The most steps towards the places.
  ///   - tolerance: The deviation with which places are met [m].
  ///   - guiding: Whether points with a tolerance of their own count.
  func solve(_ rows: [Double], iterations: Int, tolerance: Double, guiding: Bool) -> Solution {
    let shape = [problem.frames, problem.representation.width]
    var features = Tensor(doubles: rows, shape: shape)
    var change = Tensor(repeating: 0, shape: [remaining.shape[1], view.toFeatures.shape[0]], type: .float64, on: .cpu)
    func apply(_ step: Tensor) {
      change = change + step
      features = features + view.features(step)
    }
    if let gain {
      let gaps = Tensor(doubles: knownGaps(rows), shape: [problem.known.count, shape[1]]).matmul(view.fromFeatures)
      apply(gain.matmul(gaps.permuted(1, 0).unsqueezed(2)).reshaped(gaps.shape[1], -1).permuted(1, 0))
    }
    var values = features.doubles
    // Placed once; from there on the start is solved for with the rest.
    var start = problem.placement(of: problem.representation.decode(values.map(Float.init)))
    guard problem.hasPlaces else { return Solution(change: change, rows: values, start: start) }
    for _ in 0..<iterations {
      let motion = problem.representation.decode(values.map(Float.init), at: start)
      let state = problem.linearised(
        values, motion, at: start, guiding: guiding, tolerance: tolerance)
      guard state.gaps.contains(where: { abs($0) > 0.5 * tolerance }), let step = step(state) else { break }
      apply(step.change)
      values = features.doubles
      start.position += SIMD3(step.start[0], 0, step.start[1])
      start.heading += step.start[2]
    }
    return Solution(change: change, rows: values, start: start)
  }

  /// What the known rows are missed by. A row whose turn and velocity are not known takes those of the row before it.
  private func knownGaps(_ rows: [Double]) -> [Double] {
    let width = problem.representation.width
    var gaps: [Double] = []
    for (index, frame) in problem.known.enumerated() {
      var gap = (0..<width).map { problem.rows[index][$0] - rows[frame * width + $0] }
      if problem.isOpen[index] {
        let follows = index > 0 && problem.known[index - 1] == frame - 1
        for column in 0..<3 { gap[column] = follows ? gaps[gaps.count - width + column] : 0 }
      }
      gaps += gap
    }
    return gaps
  }

  /// One step of Gauss's and Newton's method: of the channels, `[rows, channels]`, and of the start's x, z and heading;
  /// `nil` if there is none.
  private func step(_ state: ConstraintProblem.Linearised) -> (change: Tensor, start: [Double])? {
    let count = state.gaps.count
    let derivatives = view.derivatives(
      Tensor(
        doubles: state.derivatives, shape: [count, problem.frames, problem.representation.width]))
    let spread = derivatives.matmul(remaining)  // [channels, count, rows]
    func flat(_ x: Tensor) -> Tensor { x.permuted(1, 0, 2).reshaped(count, -1) }
    var matrix = flat(spread).matmul(flat(derivatives).permuted(1, 0)).doubles
    for index in 0..<count { matrix[index * count + index] += state.tolerances[index] * state.tolerances[index] }
    let (free, variances) = (state.startDerivatives, ConstraintProblem.startVariances)
    if !free.isEmpty {
      for row in 0..<count {
        for column in 0..<count {
          for axis in 0..<3 {
            matrix[row * count + column] += free[3 * row + axis] * variances[axis] * free[3 * column + axis]
          }
        }
      }
    }
    guard let solution = Cholesky(matrix, size: count)?.solve(state.gaps) else { return nil }
    let weights = Tensor(doubles: solution, shape: [count, 1])
    var start = [0.0, 0, 0]
    if !free.isEmpty {
      for row in 0..<count {
        for axis in 0..<3 { start[axis] += variances[axis] * free[3 * row + axis] * solution[row] }
      }
    }
    let change = flat(spread).permuted(1, 0).matmul(weights).reshaped(derivatives.shape[0], -1).permuted(1, 0)
    return (change, start)
  }

  /// The inverses of symmetric matrices `[count, n, n]`, each with a little added to its diagonal.
  private static func inverses(of matrices: Tensor, nugget: Double) -> Tensor {
    let (count, size) = (matrices.shape[0], matrices.shape[1])
    let values = matrices.doubles
    var result: [Double] = []
    for base in stride(from: 0, to: values.count, by: size * size) {
      var matrix = Array(values[base..<base + size * size])
      let scale = (0..<size).reduce(0) { $0 + matrix[$1 * (size + 1)] } / Double(size)
      for index in 0..<size { matrix[index * (size + 1)] += nugget * scale + 1e-12 }
      let factor = Cholesky(matrix, size: size)
      for column in 0..<size {
        var unit = [Double](repeating: 0, count: size)
        unit[column] = 1
        result += factor?.solve(unit) ?? [Double](repeating: 0, count: size)
      }
    }
    return Tensor(doubles: result, shape: [count, size, size])
  }
}

extension ConstraintSolver {
  /// A solver in the space of single features, for the end of sampling: what the model's space cannot hold is met too.
  static func exact(_ problem: ConstraintProblem) -> ConstraintSolver {
    let representation = problem.representation
    let sizes = ["turn": 0.5, "velocity": 0.3, "height": 0.03, "tilt": 0.1, "rotations": 0.1]
    let deviations = representation.groups.flatMap { group in
      [Double](repeating: sizes[group.name] ?? 0.1, count: group.range.count)
    }
    let view = LinearView(deviations: deviations, frames: problem.frames, frameRate: representation.frameRate)
    return ConstraintSolver(problem, view, nugget: 1e-6)
  }
}
