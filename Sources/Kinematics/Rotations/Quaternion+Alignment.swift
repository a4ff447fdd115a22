extension Quaternion {
  /// The rotation that brings some vectors nearest to others, in the sum of squared distances.
  ///
  /// Use it to find how a body is turned from three or more of its points. Horn, "Closed-form solution of absolute
  /// orientation using unit quaternions" (1987), doi:10.1364/JOSAA.4.000629: the quaternion is the eigenvector of the
  /// largest eigenvalue of a symmetric 4 x 4 matrix, found here by Jacobi's rotations.
  ///
  /// - Precondition: Equally many vectors on both sides.
  /// - Returns: The identity for vectors that are not finite.
  /// - Complexity: O(vectors).
  package init(aligning from: [SIMD3<Double>], to target: [SIMD3<Double>]) {
    precondition(from.count == target.count, "\(from.count) vectors cannot be aligned with \(target.count)")
    var s = [[Double]](repeating: [0, 0, 0], count: 3)
    for (a, b) in zip(from, target) {
      for i in 0..<3 { for j in 0..<3 { s[i][j] += a[i] * b[j] } }
    }
    let matrix = [
      [s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]],
      [s[1][2] - s[2][1], s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0], s[2][0] + s[0][2]],
      [s[2][0] - s[0][2], s[0][1] + s[1][0], s[1][1] - s[0][0] - s[2][2], s[1][2] + s[2][1]],
      [s[0][1] - s[1][0], s[2][0] + s[0][2], s[1][2] + s[2][1], s[2][2] - s[0][0] - s[1][1]],
    ]
    let q = Quaternion.principalEigenvector(of: matrix)
    self = q.allSatisfy(\.isFinite) ? Quaternion(w: q[0], x: q[1], y: q[2], z: q[3]).normalized : .identity
  }

  /// The eigenvector of a symmetric matrix's largest eigenvalue, by cyclic Jacobi rotations.
  private static func principalEigenvector(of matrix: [[Double]]) -> [Double] {
    let n = matrix.count
    var a = matrix
    var vectors = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0.0 } }
    let scale = a.joined().reduce(0) { $0 + $1 * $1 }
    // Convergence is quadratic: 4 x 4 matrices need about six sweeps.
    for _ in 0..<30 {
      var offDiagonal = 0.0
      for p in 0..<n { for q in (p + 1)..<n { offDiagonal += a[p][q] * a[p][q] } }
      if offDiagonal <= 1e-32 * scale { break }
      for p in 0..<n {
        for q in (p + 1)..<n where a[p][q] != 0 {
          let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
          let sign: Double = theta < 0 ? -1 : 1
          let t: Double = sign / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          rotate(&a, &vectors, p, q, cosine: c, sine: t * c)
        }
      }
    }
    let largest = (0..<n).max { a[$0][$0] < a[$1][$1] } ?? 0
    return (0..<n).map { vectors[$0][largest] }
  }

  /// Turns rows and columns `p` and `q` of the matrix, and the columns of its eigenvectors.
  private static func rotate(
    _ a: inout [[Double]], _ vectors: inout [[Double]], _ p: Int, _ q: Int, cosine c: Double, sine s: Double
  ) {
    for k in a.indices { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
    for k in a.indices { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
    for k in a.indices {
      (vectors[k][p], vectors[k][q]) = (c * vectors[k][p] - s * vectors[k][q], s * vectors[k][p] + c * vectors[k][q])
    }
  }
}
