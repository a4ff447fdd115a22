internal import CEigen

/// The normal equations of a least-squares problem, gathered block by block: the lower triangle of `J^T J`, and `J^T r`.
///
///     var equations = NormalEquations(size: unknowns)
///     equations.add(jacobian, rows: 20, columns: unknowns, residuals: residuals)
///     let step = equations.step(damping: 1e-3)       // Levenberg and Marquardt's step
///
/// Use it where J has many more rows than columns and need not be kept.
package struct NormalEquations: Sendable {
  /// The number of unknowns.
  package let size: Int
  /// `J^T J`, column-major; only the lower triangle counts.
  package private(set) var gram: [Double]
  /// `J^T r`.
  package private(set) var gradient: [Double]

  /// Equations of `size` unknowns without any rows.
  package init(size: Int) {
    self.size = size
    gram = [Double](repeating: 0, count: size * size)
    gradient = [Double](repeating: 0, count: size)
  }

  /// Adds `rows` rows of J, column-major, whose entries beyond the first `columns` unknowns are zero.
  ///
  /// - Precondition: `jacobian` has at least `rows * columns` entries and `residuals` at least `rows`.
  package mutating func add(
    _ jacobian: UnsafeBufferPointer<Double>, rows: Int, columns: Int, residuals: UnsafeBufferPointer<Double>
  ) {
    precondition(
      columns <= size && jacobian.count >= rows * columns && residuals.count >= rows,
      "\(rows) x \(columns) entries do not fit \(size) unknowns and arrays of \(jacobian.count) and \(residuals.count)")
    let status = ce_accumulate(jacobian.baseAddress, rows, columns, residuals.baseAddress, size, &gram, &gradient)
    precondition(status == CE_SUCCESS, "the normal equations cannot be accumulated (status \(status.rawValue))")
  }

  /// Adds the row of the residual `value = weight * (x[i] - x0)`.
  package mutating func add(diagonal weight: Double, at i: Int, value: Double) {
    gram[i * size + i] += weight * weight
    gradient[i] += weight * value
  }

  /// The step `-(J^T J + damping I)^-1 J^T r` of Levenberg and Marquardt; `nil` if the matrix is not positive definite.
  package func step(damping: Double) -> [Double]? {
    var matrix = gram
    for i in 0..<size { matrix[i * size + i] += damping }
    return Cholesky(matrix, size: size)?.solve(gradient.map { -$0 })
  }
}
