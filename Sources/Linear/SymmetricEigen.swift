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

extension SymmetricEigen {
  /// The matrix with the same eigenvectors and other eigenvalues: its square root for `{ max(0, $0).squareRoot() }`.
  ///
  /// - Complexity: O(n^3).
  public func matrix(mapping change: (Double) -> Double) -> [Double] {
    let n = values.count
    var result = [Double](repeating: 0, count: n * n)
    for k in 0..<n {
      let value = change(values[k])
      guard value != 0 else { continue }
      for i in 0..<n {
        let scaled = value * vectors[k * n + i]
        for j in 0..<n { result[i * n + j] += scaled * vectors[k * n + j] }
      }
    }
    return result
  }
}

/// Products of square matrices.
public enum SquareMatrix {
  /// `a b`, of matrices that are all stored row by row; `b a`, of matrices that are all stored column by column.
  ///
  /// - Complexity: O(n^3).
  public static func product(_ a: [Double], _ b: [Double], size n: Int) -> [Double] {
    precondition(a.count == n * n && b.count == n * n, "two \(n) x \(n) matrices")
    var result = [Double](repeating: 0, count: n * n)
    result.withUnsafeMutableBufferPointer { result in
      for i in 0..<n {
        for k in 0..<n {
          let scale = a[i * n + k]
          for j in 0..<n { result[i * n + j] += scale * b[k * n + j] }
        }
      }
    }
    return result
  }

  /// Makes a matrix that rounding left slightly skew symmetric: an eigen-solver reads one triangle only.
  public static func symmetric(_ matrix: [Double], size n: Int) -> [Double] {
    var result = matrix
    for i in 0..<n {
      for j in 0..<i {
        let mean = (matrix[i * n + j] + matrix[j * n + i]) / 2
        (result[i * n + j], result[j * n + i]) = (mean, mean)
      }
    }
    return result
  }
}
