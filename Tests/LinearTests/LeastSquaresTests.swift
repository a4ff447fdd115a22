import Linear
import Randomness
import Testing

@Suite struct LeastSquaresTests {
  private func product(_ a: [Double], rows: Int, _ x: [Double]) -> [Double] {
    (0..<rows).map { row in x.indices.reduce(0) { $0 + a[$1 * rows + row] * x[$1] } }
  }

  @Test("An overdetermined system is solved") func solvesAnOverdeterminedSystem() throws {
    // The line 1 + 2 t through (0, 1), (1, 3), (2, 5).
    let x = try #require(LeastSquares.solve([1, 1, 1, 0, 1, 2], rows: 3, columns: 2, [1, 3, 5]))
    #expect(abs(x[0] - 1) < 1e-12 && abs(x[1] - 2) < 1e-12)
  }

  @Test("Dependent columns give the shortest solution") func givesTheShortestSolutionOfDependentColumns() throws {
    let x = try #require(LeastSquares.solve([1, 1, 1, 1], rows: 2, columns: 2, [2, 2]))
    #expect(abs(x[0] - 1) < 1e-12 && abs(x[1] - 1) < 1e-12)
  }

  @Test("A ridge shortens the solution") func ridgeShortensTheSolution() throws {
    let x = try #require(LeastSquares.solve([1], rows: 1, columns: 1, [1], ridge: 1))
    #expect(abs(x[0] - 0.5) < 1e-12)
  }

  @Test("Non-negative least squares keeps every sign") func keepsEverySignNonNegative() throws {
    // Unconstrained (3, -1); with x >= 0 the second drops out.
    let x = try #require(LeastSquares.solveNonNegative([1, 0, 0, 1], rows: 2, columns: 2, [3, -1]))
    #expect(x == [3, 0])
  }

  @Test("Numbers that are not finite have no solution") func refusesNumbersThatAreNotFinite() {
    #expect(LeastSquares.solve([.nan], rows: 1, columns: 1, [1]) == nil)
    #expect(LeastSquares.solveNonNegative([1], rows: 1, columns: 1, [.infinity]) == nil)
  }

  /// The conditions of Karush, Kuhn and Tucker hold at the answer of random problems.
  @Test("Random problems meet the optimality conditions", arguments: 0..<40) func meetsTheOptimalityConditions(
    seed: Int
  ) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let (rows, columns, ridge) = (6, 4 + seed, 1e-6)
    let a = (0..<rows * columns).map { _ in random.normal() }
    let b = (0..<rows).map { _ in random.normal() }
    let x = try #require(LeastSquares.solveNonNegative(a, rows: rows, columns: columns, b, ridge: ridge))
    let residual = zip(b, product(a, rows: rows, x)).map { $0 - $1 }
    for j in 0..<columns {
      let gradient = (0..<rows).reduce(0) { $0 + a[j * rows + $1] * residual[$1] } - ridge * x[j]
      #expect(x[j] >= 0)
      #expect(gradient < 1e-7)
      #expect(abs(gradient * x[j]) < 1e-7)
    }
  }

  @Test("Cholesky factors and solves") func choleskyFactorsAndSolves() throws {
    let a: [Double] = [4, 2, 2, 3]
    let factor = try #require(Cholesky(a, size: 2))
    #expect(factor.lower[0] == 2 && factor.lower[1] == 1 && factor.lower[2] == 0)
    let x = try #require(factor.solve([8, 7]))
    #expect(abs(4 * x[0] + 2 * x[1] - 8) < 1e-12 && abs(2 * x[0] + 3 * x[1] - 7) < 1e-12)
    #expect(Cholesky([1, 2, 2, 1], size: 2) == nil)
  }
}
