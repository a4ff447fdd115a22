import Foundation
public import Tensors

/// Brings features to mean 0 and a common scale: (x - mean) / deviation, with one deviation for each group of features.
///
/// One deviation a group, the mean of its features' own, is HumanML3D's rule: it keeps a joint that hardly moves from
/// being blown up to the size of one that does.
public struct Normalizer: Sendable {
  /// Every feature's mean.
  public let mean: [Float]
  /// Every feature's divisor, positive.
  public let deviation: [Float]

  private let meanTensor: Tensor
  private let deviationTensor: Tensor

  /// A normaliser by its parts.
  ///
  /// - Precondition: Both are of one length; deviations are positive.
  public init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == deviation.count && deviation.allSatisfy { $0 > 0 }, "positive deviations, one a mean")
    self.mean = mean
    self.deviation = deviation
    meanTensor = Tensor(mean, shape: [mean.count])
    deviationTensor = Tensor(deviation, shape: [deviation.count])
  }

  /// Fits the rows of some motions.
  ///
  /// - Precondition: Whole rows of the representation's width, at least one.
  public init(fitting motions: [[Float]], _ representation: MotionRepresentation) {
    let width = representation.width
    var (sum, squares, count) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width), 0.0)
    for rows in motions {
      for base in stride(from: 0, to: rows.count, by: width) {
        for column in 0..<width {
          let value = Double(rows[base + column])
          sum[column] += value
          squares[column] += value * value
        }
        count += 1
      }
    }
    precondition(count > 0, "a normaliser is fitted to at least one row")
    let mean = sum.map { $0 / count }
    let own = zip(squares, mean).map { max(0, $0 / count - $1 * $1).squareRoot() }
    var deviation = own
    for group in representation.groups {
      let common = own[group.range].reduce(0, +) / Double(group.range.count)
      for column in group.range { deviation[column] = max(common, 1e-3) }
    }
    self.init(mean: mean.map(Float.init), deviation: deviation.map(Float.init))
  }

  /// (x - mean) / deviation of `[..., features]`.
  public func normalize(_ x: Tensor) -> Tensor { (x - meanTensor) / deviationTensor }

  /// x deviation + mean of `[..., features]`.
  public func restore(_ x: Tensor) -> Tensor { x * deviationTensor + meanTensor }
}
