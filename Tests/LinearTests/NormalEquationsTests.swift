import Linear
import Randomness
import Testing

@Suite struct NormalEquationsTests {
  @Test("Normal equations are sums over blocks") func normalEquationsAreSumsOverBlocks() {
    var random = SeededGenerator(seed: 7)
    let size = 19
    var equations = NormalEquations(size: size)
    var gram = [Double](repeating: 0, count: size * size)
    var gradient = [Double](repeating: 0, count: size)
    for (rows, columns) in [(23, 19), (8, 11), (1, 3)] {
      let jacobian = (0..<rows * columns).map { _ in random.normal() }
      let residuals = (0..<rows).map { _ in random.normal() }
      jacobian.withUnsafeBufferPointer { jacobian in
        residuals.withUnsafeBufferPointer { residuals in
          equations.add(jacobian, rows: rows, columns: columns, residuals: residuals)
        }
      }
      for i in 0..<columns {
        gradient[i] += (0..<rows).reduce(0) { $0 + jacobian[i * rows + $1] * residuals[$1] }
        for j in 0...i {
          gram[j * size + i] += (0..<rows).reduce(0) { $0 + jacobian[i * rows + $1] * jacobian[j * rows + $1] }
        }
      }
    }
    for i in 0..<size {
      #expect(abs(equations.gradient[i] - gradient[i]) < 1e-12)
      for j in 0...i { #expect(abs(equations.gram[j * size + i] - gram[j * size + i]) < 1e-12) }
    }
  }
}
