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

  /// The Euclidean distance of one of our rows to one of `other`'s.
  public func distance(_ row: Int, to other: FeatureMatrix, _ otherRow: Int) -> Double {
    precondition(dimension == other.dimension, "features of one kind")
    var sum = 0.0
    let (a, b) = (row * dimension, otherRow * dimension)
    values.withUnsafeBufferPointer { ours in
      other.values.withUnsafeBufferPointer { theirs in
        for column in 0..<dimension {
          let difference = ours[a + column] - theirs[b + column]
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
