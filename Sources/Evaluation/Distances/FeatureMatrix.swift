public import Support

/// A set of feature vectors: one row a motion.
///
///     let real = FeatureMatrix(rows: windows.map(features))
public struct FeatureMatrix: Sendable, Hashable, Codable {
  /// Rows one after the other.
  public let values: [Double]
  /// The number of vectors.
  public let count: Int
  /// The length of each.
  public let dimension: Int

  /// A matrix of equally long rows.
  ///
  /// - Precondition: All rows have one length.
  public init(rows: [[Double]]) {
    let dimension = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == dimension }, "all feature vectors have one length")
    values = rows.flatMap { $0 }
    count = rows.count
    self.dimension = dimension
  }

  /// One vector.
  public subscript(row: Int) -> ArraySlice<Double> { values[row * dimension..<(row + 1) * dimension] }

  /// The rows of the given indices, in their order; an index may occur again.
  public func rows(_ indices: some Sequence<Int>) -> FeatureMatrix {
    FeatureMatrix(rows: indices.map { Array(self[$0]) })
  }

  /// The Euclidean distance of a row to a row of `other`.
  public func distance(_ row: Int, to other: FeatureMatrix, _ otherRow: Int) -> Double {
    precondition(dimension == other.dimension, "features of one kind")
    var sum = 0.0
    let (a, b) = (row * dimension, otherRow * dimension)
    values.withUnsafeBufferPointer { left in
      other.values.withUnsafeBufferPointer { right in
        for column in 0..<dimension {
          let difference = left[a + column] - right[b + column]
          sum += difference * difference
        }
      }
    }
    return sum.squareRoot()
  }

  /// Whether no number in it is NaN or infinite.
  public var isFinite: Bool { values.allSatisfy(\.isFinite) }
}

/// Every distance between the vectors of two sets: row `i`, column `j` is the distance of `a[i]` to `b[j]`.
struct DistanceTable: Sendable {
  let values: [Double]
  let rows: Int
  let columns: Int

  init(_ a: FeatureMatrix, _ b: FeatureMatrix) {
    rows = a.count
    columns = b.count
    var values = [Double](repeating: 0, count: a.count * b.count)
    for i in 0..<a.count {
      for j in 0..<b.count { values[i * b.count + j] = a.distance(i, to: b, j) }
    }
    self.values = values
  }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  func row(_ index: Int) -> ArraySlice<Double> { values[index * columns..<(index + 1) * columns] }
}

/// The mean Euclidean distance over all pairs of a set's vectors.
///
/// The published code draws a few hundred random pairs. All pairs cost little at the sizes here and add no noise.
public enum Diversity {
  /// The mean pair distance.
  ///
  /// - Throws: ``SurefootError/tooFew(what:have:need:)`` for fewer than two vectors.
  public static func of(_ features: FeatureMatrix) throws(SurefootError) -> Double {
    guard features.count > 1 else { throw .tooFew(what: "diversity", have: features.count, need: 2) }
    return mean(DistanceTable(features, features), weights: [Int](repeating: 1, count: features.count))
  }

  /// The mean over pairs of the set in which vector `i` occurs `weights[i]` times; pairs of a vector and its copy
  /// are left out, since they carry no information about the set.
  static func mean(_ table: DistanceTable, weights: [Int]) -> Double {
    var sum = 0.0
    var pairs = 0
    for i in 0..<table.rows where weights[i] > 0 {
      for j in 0..<i where weights[j] > 0 {
        sum += Double(weights[i] * weights[j]) * table[i, j]
        pairs += weights[i] * weights[j]
      }
    }
    return pairs > 0 ? sum / Double(pairs) : 0
  }
}
