internal import CEigen

/// One semi-implicit step of a jointed body, linearised: how small changes of positions, velocities and controls
/// propagate to the next step.
///
/// With `n` coordinates, `c` contact rows and `d` controls, all matrices column-major, the changes of a step solve
///
///     mass v' - contactForces f = state [q; v] + control u           n equations
///     contactJacobian v' + compliance f = contactState q             c equations
///     q' = rotations q + step v'                                     rotations: 3 x 3 blocks
///
/// Fill the matrices for each step, then call ``advance(_:columns:first:second:weights:)``. The matrices live as long as the
/// object.
final class SensitivityStep {
  /// The number of coordinates, a multiple of 3.
  let coordinates: Int
  /// The number of controls.
  let controls: Int
  /// The largest number of contact rows.
  let capacity: Int
  /// The length of the step [s].
  let step: Double
  /// The contact rows in use; at most ``capacity``.
  var contacts = 0

  /// n x n, positive definite.
  let mass: UnsafeMutableBufferPointer<Double>
  /// n x 2n.
  let state: UnsafeMutableBufferPointer<Double>
  /// n x d.
  let control: UnsafeMutableBufferPointer<Double>
  /// c x n, with the stride `contacts`.
  let contactJacobian: UnsafeMutableBufferPointer<Double>
  /// n x c.
  let contactForces: UnsafeMutableBufferPointer<Double>
  /// c x n, with the stride `contacts`.
  let contactState: UnsafeMutableBufferPointer<Double>
  /// c numbers.
  let compliance: UnsafeMutableBufferPointer<Double>
  /// n / 3 matrices of 3 x 3.
  let rotations: UnsafeMutableBufferPointer<Double>

  /// Owns the memory of the matrices.
  private let memory: [WorkBuffer<Double>]

  /// Zero matrices for a body of `coordinates` coordinates.
  ///
  /// - Precondition: `coordinates` is a multiple of 3.
  init(coordinates n: Int, controls: Int, capacity: Int, step: Double) {
    precondition(n > 0 && n % 3 == 0, "\(n) coordinates are not a multiple of 3")
    coordinates = n
    self.controls = controls
    self.capacity = capacity
    self.step = step
    var memory: [WorkBuffer<Double>] = []
    func zeros(_ count: Int) -> UnsafeMutableBufferPointer<Double> {
      let buffer = WorkBuffer(repeating: 0.0, count: count)
      memory.append(buffer)
      return buffer.elements
    }
    mass = zeros(n * n)
    state = zeros(2 * n * n)
    control = zeros(n * controls)
    contactJacobian = zeros(capacity * n)
    contactForces = zeros(n * capacity)
    contactState = zeros(capacity * n)
    compliance = zeros(capacity)
    rotations = zeros(3 * n)
    self.memory = memory
  }

  /// Carries the derivatives in `x` (2n x `columns`, positions over velocities) over the step.
  ///
  /// - Parameters:
  ///   - first: The column of the first control at the interval's beginning, with the weight `weights.0`.
  ///   - second: The same at the interval's end, with `weights.1`. A column beyond `columns` adds nothing.
  /// - Precondition: `x` has at least 2n x `columns` numbers.
  /// - Returns: `false` if the mass matrix is not positive definite.
  func advance(
    _ x: UnsafeMutableBufferPointer<Double>, columns: Int, first: Int, second: Int, weights: (Double, Double)
  ) -> Bool {
    precondition(
      x.count >= 2 * coordinates * columns && columns >= 0 && first >= 0 && second >= 0
        && (0...capacity).contains(contacts),
      "\(x.count) numbers do not hold \(2 * coordinates) x \(columns), or \(contacts) rows exceed \(capacity)")
    var step = ce_sensitivity_step(
      n: coordinates, contacts: contacts, controls: controls, step: step, mass: mass.baseAddress,
      state: state.baseAddress, control: control.baseAddress, contact_jacobian: contactJacobian.baseAddress,
      contact_forces: contactForces.baseAddress, contact_state: contactState.baseAddress,
      compliance: compliance.baseAddress, rotations: rotations.baseAddress)
    let placed = ce_control_columns(
      first: first, second: second, first_weight: weights.0, second_weight: weights.1)
    let status = ce_advance_sensitivities(&step, placed, x.baseAddress, columns)
    precondition(
      status == CE_SUCCESS || status == CE_NO_SOLUTION, "the step cannot be solved (status \(status.rawValue))")
    return status == CE_SUCCESS
  }
}
