internal import CEigen
public import Linear

/// One semi-implicit step of a jointed body, linearised: how small changes of positions, velocities and controls go on
/// to the next step.
///
/// With `n` coordinates, `c` contact rows and `d` controls, all matrices column-major, the step's changes solve
///
///     mass v' - pushes f = state [q; v] + control u        n equations
///     rows v' + compliance f = rowState q                  c equations
///     q' = turns q + step v'                               turns: 3 x 3 blocks
///
/// The buffers live as long as the object and are overwritten a step.
public final class SensitivityStep {
  /// The number of coordinates, a multiple of 3.
  public let coordinates: Int
  /// The number of controls.
  public let controls: Int
  /// Contact rows that fit.
  public let capacity: Int
  /// n x n, positive definite.
  public let mass: UnsafeMutableBufferPointer<Double>
  /// n x 2n.
  public let state: UnsafeMutableBufferPointer<Double>
  /// n x d.
  public let control: UnsafeMutableBufferPointer<Double>
  /// c x n, at the stride `contacts`.
  public let rows: UnsafeMutableBufferPointer<Double>
  /// n x c.
  public let pushes: UnsafeMutableBufferPointer<Double>
  /// c x n, at the stride `contacts`.
  public let rowState: UnsafeMutableBufferPointer<Double>
  /// c numbers.
  public let compliance: UnsafeMutableBufferPointer<Double>
  /// n / 3 matrices of 3 x 3.
  public let turns: UnsafeMutableBufferPointer<Double>
  /// The contact rows in use.
  public var contacts = 0
  /// Seconds.
  public var step: Double

  /// Buffers for a body of `coordinates` coordinates.
  public init(coordinates n: Int, controls: Int, capacity: Int, step: Double) {
    coordinates = n
    self.controls = controls
    self.capacity = capacity
    self.step = step
    func zeros(_ count: Int) -> UnsafeMutableBufferPointer<Double> {
      let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: count)
      buffer.initialize(repeating: 0)
      return buffer
    }
    mass = zeros(n * n)
    state = zeros(2 * n * n)
    control = zeros(n * controls)
    rows = zeros(capacity * n)
    pushes = zeros(n * capacity)
    rowState = zeros(capacity * n)
    compliance = zeros(capacity)
    turns = zeros(3 * n)
  }

  deinit {
    for buffer in [mass, state, control, rows, pushes, rowState, compliance, turns] { buffer.deallocate() }
  }

  /// Carries the derivatives in `x` (2n x `columns`, positions over velocities) over the step.
  ///
  /// - Parameters:
  ///   - first: The column of the first control at the interval's beginning, whose weight is `weights.0`.
  ///   - second: The same at its end, with `weights.1`. A column beyond `columns` is left out.
  /// - Returns: `false` if the mass matrix is not positive definite.
  public func advance(
    _ x: UnsafeMutablePointer<Double>, columns: Int, first: Int, second: Int, weights: (Double, Double)
  ) -> Bool {
    var step = ce_linear_step(
      n: coordinates, columns: columns, contacts: contacts, controls: controls, first: first, second: second,
      first_weight: weights.0, second_weight: weights.1, step: step, mass: mass.baseAddress, state: state.baseAddress,
      control: control.baseAddress, rows: rows.baseAddress, pushes: pushes.baseAddress,
      row_state: rowState.baseAddress, compliance: compliance.baseAddress, turns: turns.baseAddress)
    return ce_advance(&step, x) == 0
  }
}

/// The normal equations of a least-squares problem, gathered block by block: the lower triangle of `J^T J`, and `J^T r`.
public struct NormalEquations: Sendable {
  /// The number of unknowns.
  public let size: Int
  /// Column-major; only the lower triangle counts.
  public private(set) var gram: [Double]
  /// `J^T r`.
  public private(set) var gradient: [Double]

  /// Of `size` unknowns and no rows.
  public init(size: Int) {
    self.size = size
    gram = [Double](repeating: 0, count: size * size)
    gradient = [Double](repeating: 0, count: size)
  }

  /// Adds `rows` rows whose entries beyond the first `columns` unknowns are zero.
  public mutating func add(
    _ jacobian: UnsafePointer<Double>, rows: Int, columns: Int, residuals: UnsafePointer<Double>
  ) {
    ce_accumulate(jacobian, rows, columns, residuals, size, &gram, &gradient)
  }

  /// Adds the row `weight * (x[i] - x0)` with `value = weight * (x[i] - x0)` at the present x.
  public mutating func add(diagonal weight: Double, at i: Int, value: Double) {
    gram[i * size + i] += weight * weight
    gradient[i] += weight * value
  }

  /// The step `-(J^T J + damping I)^-1 J^T r` of Levenberg and Marquardt; `nil` if it has none.
  public func step(damping: Double) -> [Double]? {
    var matrix = gram
    for i in 0..<size { matrix[i * size + i] += damping }
    return Cholesky(matrix, size: size)?.solve(gradient.map { -$0 })
  }
}
