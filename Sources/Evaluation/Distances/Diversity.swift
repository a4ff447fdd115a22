public import Support

/// The mean Euclidean distance over all pairs of a set's vectors.
///
/// The published code draws a few hundred random pairs; all pairs cost little at our sizes and carry no noise of their
/// own.
public enum Diversity {
  /// The mean pair distance.
  ///
  /// - Throws: ``SurefootError/tooFew(what:have:need:)`` for fewer than two vectors.
  public static func of(_ features: FeatureMatrix) throws(SurefootError) -> Double {
    guard features.count > 1 else { throw .tooFew(what: "diversity", have: features.count, need: 2) }
    return mean(DistanceTable(features, features), weights: [Int](repeating: 1, count: features.count))
  }

  /// The mean over pairs of the set in which vector `i` occurs `weights[i]` times; pairs of a vector with its own copy
  /// are left out, as they say nothing of the set that it was drawn from.
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
