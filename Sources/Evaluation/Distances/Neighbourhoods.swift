public import Support

/// How two sets cover one another, by the balls that reach from every vector to its k-th nearest neighbour.
///
/// - Precision and recall: T. Kynkäänniemi et al., "Improved precision and recall metric for assessing generative
///   models" (2019), arXiv:1904.06991. Precision is the share of generated vectors inside some real ball, recall the
///   share of real vectors inside some generated ball.
/// - Density and coverage: M. F. Naeem et al., "Reliable fidelity and diversity metrics for generative models" (2020),
///   arXiv:2002.09797. Density is the mean number of real balls around a generated vector, over k; coverage the share
///   of real balls with a generated vector inside.
///
/// A ball holds its surface (`<=`), so that a set covers itself even where vectors repeat. `k` counts neighbours
/// without the vector itself.
public struct Neighbourhoods: Sendable {
  /// The neighbours that a ball reaches to.
  public let k: Int
  /// One term a generated vector: 1 inside some real ball, else 0. Precision is their mean.
  public let precisionTerms: [Double]
  /// One term a real vector: 1 inside some generated ball, else 0. Recall is their mean.
  public let recallTerms: [Double]
  /// One term a generated vector: the real balls around it over `k`. Density is their mean.
  public let densityTerms: [Double]
  /// One term a real vector: 1 with a generated vector inside its ball, else 0. Coverage is their mean.
  public let coverageTerms: [Double]
  /// One term a generated vector: the distance to the nearest real one.
  public let nearestTerms: [Double]

  /// Compares `generated` with `real`.
  ///
  /// - Throws: ``SurefootError/tooFew(what:have:need:)`` unless both sets hold more than `k` vectors.
  /// - Complexity: O((n² + nm + m²) · dimension).
  public init(generated: FeatureMatrix, real: FeatureMatrix, k: Int = 5) throws(SurefootError) {
    precondition(k > 0, "balls reach to a neighbour")
    guard real.count > k else { throw .tooFew(what: "the real set", have: real.count, need: k + 1) }
    guard generated.count > k else { throw .tooFew(what: "the generated set", have: generated.count, need: k + 1) }
    let realRadii = Neighbourhoods.radii(of: real, k: k)
    let generatedRadii = Neighbourhoods.radii(of: generated, k: k)
    let table = DistanceTable(generated, real)
    var inside = [Int](repeating: 0, count: generated.count)
    var nearest = [Double](repeating: .infinity, count: generated.count)
    var recalled = [Bool](repeating: false, count: real.count)
    var covered = recalled
    for i in 0..<generated.count {
      for j in 0..<real.count {
        let distance = table[i, j]
        nearest[i] = min(nearest[i], distance)
        if distance <= realRadii[j] {
          inside[i] += 1
          covered[j] = true
        }
        if distance <= generatedRadii[i] { recalled[j] = true }
      }
    }
    self.k = k
    precisionTerms = inside.map { $0 > 0 ? 1 : 0 }
    densityTerms = inside.map { Double($0) / Double(k) }
    recallTerms = recalled.map { $0 ? 1 : 0 }
    coverageTerms = covered.map { $0 ? 1 : 0 }
    nearestTerms = nearest
  }

  /// The distance of every vector to its k-th nearest other one.
  static func radii(of features: FeatureMatrix, k: Int) -> [Double] {
    let table = DistanceTable(features, features)
    return (0..<features.count).map { row in
      var distances = Array(table.row(row))
      distances.remove(at: row)
      distances.sort()
      return distances[k - 1]
    }
  }
}

extension Neighbourhoods {
  /// The distance of every vector to the nearest one of another set.
  static func nearest(of features: FeatureMatrix, in other: FeatureMatrix) -> [Double] {
    (0..<features.count).map { row in
      (0..<other.count).reduce(.infinity) { min($0, features.distance(row, to: other, $1)) }
    }
  }
}
