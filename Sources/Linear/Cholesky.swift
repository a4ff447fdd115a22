internal import CEigen

/// The factor L of a symmetric positive definite matrix `A = L L^T`, column-major.
///
///     guard let factor = Cholesky(a, size: 3) else { return }   // not positive definite
///     let x = factor.solve(b)                                    // A x = b
public struct Cholesky: Sendable {
  /// The matrix's size.
  public let size: Int
  /// L, column-major; zeros above the diagonal.
  public let lower: [Double]

  /// Factors a column-major n x n matrix; `nil` if it is not positive definite.
  ///
  /// - Complexity: O(n^3).
  public init?(_ matrix: [Double], size n: Int) {
    precondition(matrix.count == n * n, "a matrix of \(matrix.count) entries is not \(n) x \(n)")
    var lower = [Double](repeating: 0, count: n * n)
    guard ce_cholesky(matrix, n, &lower) == CE_SUCCESS else { return nil }
    size = n
    self.lower = lower
  }

  /// The x with `A x = b`; `nil` if b is not finite.
  ///
  /// - Complexity: O(n^2).
  public func solve(_ right: [Double]) -> [Double]? {
    precondition(right.count == size, "b has one entry a row")
    var x = [Double](repeating: 0, count: size)
    return ce_cholesky_solve(lower, size, right, &x) == CE_SUCCESS ? x : nil
  }
}
