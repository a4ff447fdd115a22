internal import CEigen

/// The eigenvalues and eigenvectors of a symmetric matrix.
///
///     guard let eigen = SymmetricEigen([2, 1, 1, 2], size: 2) else { return }
///     eigen.values                                    // [1, 3]
///
/// Use it for the square root of a covariance or its principal axes.
public struct SymmetricEigen: Sendable {
  /// Ascending.
  public let values: [Double]
  /// Column-major, n x n: column `i` belongs to `values[i]`.
  public let vectors: [Double]

  /// Decomposes a column-major symmetric n x n matrix; `nil` if it does not converge (a NaN in it).
  ///
  /// - Complexity: O(n^3).
  public init?(_ matrix: [Double], size n: Int) {
    precondition(matrix.count == n * n, "a matrix of \(matrix.count) entries is not \(n) x \(n)")
    var values = [Double](repeating: 0, count: n)
    var vectors = [Double](repeating: 0, count: n * n)
    guard ce_symmetric_eigen(matrix, n, &values, &vectors) == CE_SUCCESS else { return nil }
    self.values = values
    self.vectors = vectors
  }
}
