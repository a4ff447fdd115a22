import Linear

/// Means, principal directions and products of latents.
enum LatentMath {
  /// The mean of some vectors, at least one.
  static func mean(_ vectors: [[Double]]) -> [Double] {
    var sum = [Double](repeating: 0, count: vectors[0].count)
    for vector in vectors { for index in vector.indices { sum[index] += vector[index] } }
    return sum.map { $0 / Double(vectors.count) }
  }

  /// The mean square of every coefficient.
  static func meanSquare(_ vectors: [[Double]]) -> [Double] {
    var sum = [Double](repeating: 0, count: vectors[0].count)
    for vector in vectors { for index in vector.indices { sum[index] += vector[index] * vector[index] } }
    return sum.map { $0 / Double(vectors.count) }
  }

  static func minus(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

  static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  /// The orthonormal directions of largest mean square of some vectors, largest first.
  ///
  /// - Parameter most: The most directions; fewer where the vectors span fewer.
  static func directions(of vectors: [[Double]], most: Int) -> [[Double]] {
    let n = vectors.count
    guard most > 0 else { return [] }
    var gram = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        gram[j * n + i] = product(vectors[i], vectors[j])
        gram[i * n + j] = gram[j * n + i]
      }
    }
    guard let eigen = SymmetricEigen(gram, size: n), let largest = eigen.values.last, largest > 0 else { return [] }
    return (0..<min(most, n)).compactMap { place in
      let column = n - 1 - place
      guard eigen.values[column] > 1e-9 * largest else { return nil }
      var direction = [Double](repeating: 0, count: vectors[0].count)
      for (i, vector) in vectors.enumerated() {
        let weight = eigen.vectors[column * n + i] / eigen.values[column].squareRoot()
        for index in vector.indices { direction[index] += weight * vector[index] }
      }
      return direction
    }
  }

  /// A vector's coordinates along some directions.
  static func scores(_ vector: [Double], _ directions: [[Double]]) -> [Double] {
    directions.map { product(vector, $0) }
  }

  /// The vector of some coordinates; zeros where there are no directions.
  static func combined(_ scores: [Double], _ directions: [[Double]], count: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: count)
    for (score, direction) in zip(scores, directions) {
      for index in direction.indices { sum[index] += score * direction[index] }
    }
    return sum
  }
}

/// The optimal transport of one centred Gaussian onto another: x -> A x with A symmetric
/// (Dowson and Landau 1982; Olkin and Pukelsheim 1982).
struct GaussianTransport: Sendable {
  private let size: Int
  /// Column-major.
  private let matrix: [Double]

  /// Fitted to centred vectors of both; the identity for vectors without entries.
  ///
  /// Covariances are drawn a fifth of the way to their diagonals, since few vectors make them.
  ///
  /// - Parameter largestGain: No direction is stretched further than this.
  init(from vectors: [[Double]], to others: [[Double]], largestGain: Double) {
    let n = vectors.first?.count ?? 0
    size = n
    var identity = [Double](repeating: 0, count: n * n)
    for i in 0..<n { identity[i * n + i] = 1 }
    guard n > 0,
      let root = Self.power(Self.covariance(vectors), n, 0.5),
      let inverse = Self.power(Self.covariance(vectors), n, -0.5),
      let middle = Self.power(Self.congruent(Self.covariance(others), by: root, n), n, 0.5),
      let limited = Self.map(Self.congruent(middle, by: inverse, n), n, { min($0, largestGain) })
    else {
      matrix = identity
      return
    }
    matrix = limited
  }

  /// A x.
  func apply(_ x: [Double]) -> [Double] {
    (0..<size).map { row in (0..<size).reduce(0) { $0 + matrix[$1 * size + row] * x[$1] } }
  }

  private static func covariance(_ vectors: [[Double]]) -> [Double] {
    let n = vectors[0].count
    var result = [Double](repeating: 0, count: n * n)
    for vector in vectors {
      for i in 0..<n { for j in 0..<n { result[j * n + i] += vector[i] * vector[j] / Double(vectors.count) } }
    }
    for i in 0..<n { for j in 0..<n where i != j { result[j * n + i] *= 0.8 } }
    return result
  }

  /// R M R of symmetric matrices.
  private static func congruent(_ matrix: [Double], by root: [Double], _ n: Int) -> [Double] {
    SquareMatrix.product(SquareMatrix.product(root, matrix, size: n), root, size: n)
  }

  /// A power of a positive semidefinite matrix; eigenvalues near 0 count as a small one.
  private static func power(_ matrix: [Double], _ n: Int, _ exponent: Double) -> [Double]? {
    let trace = (0..<n).reduce(0) { $0 + matrix[$1 * n + $1] }
    let least = max(1e-9 * trace / Double(max(1, n)), 1e-300)
    return map(matrix, n) { value in
      let positive = max(value, least)
      return exponent > 0 ? positive.squareRoot() : 1 / positive.squareRoot()
    }
  }

  /// A function of a symmetric matrix's eigenvalues.
  private static func map(_ matrix: [Double], _ n: Int, _ change: (Double) -> Double) -> [Double]? {
    SymmetricEigen(SquareMatrix.symmetric(matrix, size: n), size: n)?.matrix(mapping: change)
  }
}
