internal import CEigen

/// Least-squares problems with dense, column-major matrices.
///
///     // The line 1 + 2 t through (0, 1), (1, 3), (2, 5).
///     let x = LeastSquares.solve([1, 1, 1, 0, 1, 2], rows: 3, columns: 2, [1, 3, 5])   // [1, 2]
public enum LeastSquares {
  /// The `x` that minimises `|A x - b|^2 + ridge |x|^2`; the shortest one if A's columns depend on each other.
  ///
  /// - Parameters:
  ///   - matrix: A, column-major, `rows` x `columns`.
  ///   - right: b, of length `rows`.
  ///   - ridge: The weight on the length of x (Tikhonov), 0 or more.
  /// - Returns: x of length `columns`; `nil` if a number is not finite.
  /// - Complexity: O(rows columns^2).
  public static func solve(_ matrix: [Double], rows: Int, columns: Int, _ right: [Double], ridge: Double = 0)
    -> [Double]?
  {
    precondition(matrix.count == rows * columns && right.count == rows, "A is rows x columns, b has rows entries")
    var x = [Double](repeating: 0, count: columns)
    guard columns > 0 else { return x }
    return ce_least_squares(matrix, rows, columns, right, ridge, &x) == CE_SUCCESS ? x : nil
  }

  /// The `x >= 0` that minimises `|A x - b|^2 + ridge |x|^2`.
  ///
  /// C. L. Lawson and R. J. Hanson, "Solving Least Squares Problems" (1974), chapter 23 (active set); with a ridge and
  /// more columns than rows, Newton's method on the dual.
  ///
  /// - Returns: x of length `columns`; `nil` if a number is not finite.
  /// - Complexity: A few factorisations of a matrix of min(rows, columns) squared.
  public static func solveNonNegative(
    _ matrix: [Double], rows: Int, columns: Int, _ right: [Double], ridge: Double = 0
  ) -> [Double]? {
    precondition(matrix.count == rows * columns && right.count == rows, "A is rows x columns, b has rows entries")
    var x = [Double](repeating: 0, count: columns)
    guard columns > 0 else { return x }
    return ce_nonnegative_least_squares(matrix, rows, columns, right, ridge, &x) == CE_SUCCESS ? x : nil
  }
}
