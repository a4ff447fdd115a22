internal import CEigen

/// The eigenvalues and eigenvectors of a symmetric matrix.
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
    guard ce_symmetric_eigen(matrix, n, &values, &vectors) == 0 else { return nil }
    self.values = values
    self.vectors = vectors
  }
}
