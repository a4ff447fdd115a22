@testable import Dynamics
import Randomness
import Testing

/// The equations that the kernels solve hold, whatever instructions the machine has.
@Suite struct SensitivityStepTests {
  /// Sizes off the widths of registers, with and without contacts, and a control whose column is not there yet.
  @Test("The step's equations hold", arguments: [(3, 0), (6, 2), (42, 0), (42, 13), (45, 7)])
  func theStepsEquationsHold(n: Int, contacts: Int) {
    var random = SeededGenerator(seed: UInt64(100 * n + contacts))
    let (controls, columns, first, second, weights, seconds) = (5, 17, 4, 14, (0.7, 0.3), 0.01)
    let step = SensitivityStep(coordinates: n, controls: controls, capacity: 16, step: seconds)
    step.contacts = contacts
    func fill(_ buffer: UnsafeMutableBufferPointer<Double>, _ count: Int) {
      for i in 0..<count { buffer[i] = random.normal() }
    }
    fill(step.state, 2 * n * n)
    fill(step.control, n * controls)
    fill(step.contactJacobian, contacts * n)
    fill(step.contactState, contacts * n)
    fill(step.rotations, 3 * n)
    for i in 0..<n { for j in 0..<n { step.mass[j * n + i] = i == j ? Double(2 * n) : 1 / Double(1 + i + j) } }
    // The forces act where the rows measure, so that the softened system is well conditioned.
    for c in 0..<contacts { for i in 0..<n { step.contactForces[c * n + i] = step.contactJacobian[i * contacts + c] } }
    for c in 0..<contacts { step.compliance[c] = 1 + Double(c) }
    let before = (0..<2 * n * columns).map { _ in random.normal() }
    var after = before
    let isDone = after.withUnsafeMutableBufferPointer {
      step.advance($0, columns: columns, first: first, second: second, weights: weights)
    }
    #expect(isDone)

    for column in 0..<columns {
      let entries = 2 * n * column..<2 * n * (column + 1)
      let (x, y) = (Array(before[entries]), Array(after[entries]))
      let velocity = Array(y[n...])
      // The contact forces follow from their own rows.
      let forces = (0..<contacts).map { c in
        ((0..<n).reduce(0.0) {
          $0 + step.contactState[$1 * contacts + c] * x[$1] - step.contactJacobian[$1 * contacts + c] * velocity[$1]
        }) / step.compliance[c]
      }
      for i in 0..<n {
        var right = (0..<2 * n).reduce(0.0) { $0 + step.state[$1 * n + i] * x[$1] }
        for (start, weight) in [(first, weights.0), (second, weights.1)] where start..<start + controls ~= column {
          right += weight * step.control[(column - start) * n + i]
        }
        let left = (0..<n).reduce(0.0) { $0 + step.mass[$1 * n + i] * velocity[$1] }
        let pushed = (0..<contacts).reduce(0.0) { $0 + step.contactForces[$1 * n + i] * forces[$1] }
        #expect(abs(left - pushed - right) < 1e-9 * Double(n))
        let block = i / 3
        let turned = (0..<3).reduce(0.0) { $0 + step.rotations[9 * block + 3 * $1 + i % 3] * x[3 * block + $1] }
        #expect(abs(y[i] - turned - seconds * velocity[i]) < 1e-12)
      }
    }
  }

  @Test("A mass matrix that is not positive definite is refused") func aMassThatIsNotPositiveIsRefused() {
    let step = SensitivityStep(coordinates: 3, controls: 1, capacity: 0, step: 0.01)
    for i in 0..<3 { step.mass[4 * i] = i == 1 ? -1 : 1 }
    var x = [Double](repeating: 1, count: 6)
    let isDone = x.withUnsafeMutableBufferPointer {
      step.advance($0, columns: 1, first: 0, second: 0, weights: (1, 0))
    }
    #expect(!isDone)
  }
}
