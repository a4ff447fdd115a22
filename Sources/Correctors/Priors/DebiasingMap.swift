public import Kinematics
import Linear

extension DataPrior {
  /// Takes back what other correctors do to real windows.
  ///
  /// A physical corrector changes real motions too, which need no correction; what it does to them is its bias. The
  /// difference between real windows and their corrections is learned as a linear function of the correction, and added
  /// to what comes out of the same corrector. After MotionAug (Maeda and Ukita, CVPR 2022, arXiv:2203.09116). How far the
  /// function is trusted is decided by leaving out each window in turn; if it predicts no window better than nothing,
  /// samples stay as they are.
  ///
  /// - Parameters:
  ///   - windows: Real windows, of which every one has a correction.
  ///   - corrections: The same windows, corrected by the correctors that stand before this one; `nil` for one that was
  ///     rejected.
  /// - Throws: A `SurefootError` for windows that cannot be fitted on.
  public static func debiasing(
    fittedOn windows: [LabelledMotion], corrections: [Motion?], gamma: Double = .infinity, isLeak: Bool = false,
    body: CorrectorBody = CorrectorBody()
  ) throws -> DataPrior {
    precondition(windows.count == corrections.count, "one correction a window")
    return try DataPrior(fittedOn: windows, gamma: gamma, isLeak: isLeak, body: body) { groups in
      let pairs = zip(windows, corrections).compactMap { window, correction in
        correction.map { (real: window.motion, corrected: $0) }
      }.filter { groups.mismatch($0.corrected) == nil && $0.real.count == $0.corrected.count }
      let lengths = Dictionary(grouping: pairs) { $0.real.count }
      return DebiasingMap(
        regressions: lengths.compactMapValues { pairs in
          guard let space = groups.groups[pairs[0].real.count]?.space, pairs.count > 1 else { return nil }
          return OffsetRegression(
            inputs: pairs.map { space.encode($0.corrected) }, targets: pairs.map { space.encode($0.real) })
        })
    }
  }
}

/// See ``DataPrior/debiasing(fittedOn:corrections:gamma:isLeak:body:)``.
struct DebiasingMap: LatentMap {
  let word = "debias"
  /// By the length of the motions.
  let regressions: [Int: OffsetRegression]

  func targets(of samples: [[Double]], actions: [String?], in group: WindowGroups.Group) -> [[Double]] {
    guard let regression = regressions[group.space.frames] else { return samples }
    return samples.map { zip($0, regression.offset(of: $0)).map { $0 + $1 } }
  }
}

/// The offset from inputs to targets as a linear function of the inputs' leading scores, by ridge regression.
struct OffsetRegression: Sendable {
  private let mean: [Double]
  private let directions: [[Double]]
  /// The offset without the inputs, and what a unit of each score adds.
  private let constant: [Double]
  private let slopes: [[Double]]

  /// The most scores that it looks at.
  private static let mostScores = 8

  /// How it predicts: not at all, by the mean offset, or by the scores with a ridge.
  private enum Form: Hashable {
    case none, mean
    case ridge(Double)
  }

  /// Fitted to pairs, two at least; the form is the one that predicts left-out pairs best.
  init(inputs: [[Double]], targets: [[Double]]) {
    let n = inputs.count
    let offsets = zip(targets, inputs).map(LatentMath.minus)
    let (inputMean, offsetMean) = (LatentMath.mean(inputs), LatentMath.mean(offsets))
    let centred = inputs.map { LatentMath.minus($0, inputMean) }
    let found = LatentMath.directions(of: centred, most: min(Self.mostScores, n / 6))
    let scores = centred.map { LatentMath.scores($0, found) }
    let scale = scores.reduce(0) { $0 + LatentMath.product($1, $1) } / Double(max(1, n * found.count))
    let residuals = offsets.map { LatentMath.minus($0, offsetMean) }
    // The squared error of predicting each offset from the others.
    var (best, least) = (Form.none, offsets.reduce(0) { $0 + LatentMath.product($1, $1) })
    let leftOut = Double(n) / Double(n - 1)
    let byMean = residuals.reduce(0) { $0 + leftOut * leftOut * LatentMath.product($1, $1) }
    if byMean < least { (best, least) = (.mean, byMean) }
    for ridge in found.isEmpty ? [] : [0.3, 1, 3, 10, 30].map({ $0 * scale }) {
      guard let (fit, leverage) = Self.solve(scores, residuals, ridge: ridge) else { continue }
      var sum = 0.0
      for i in 0..<n {
        let error = LatentMath.minus(residuals[i], LatentMath.combined(scores[i], fit, count: residuals[i].count))
        let free = max(1e-6, 1 - 1 / Double(n) - leverage[i])
        sum += LatentMath.product(error, error) / (free * free)
      }
      if sum < least { (best, least) = (.ridge(ridge), sum) }
    }
    mean = inputMean
    switch best {
    case .none: (directions, constant, slopes) = ([], offsetMean.map { _ in 0 }, [])
    case .mean: (directions, constant, slopes) = ([], offsetMean, [])
    case .ridge(let ridge):
      (directions, constant) = (found, offsetMean)
      slopes = Self.solve(scores, residuals, ridge: ridge)?.slopes ?? []
    }
  }

  /// The offset that an input should get.
  func offset(of input: [Double]) -> [Double] {
    guard !directions.isEmpty, slopes.count == directions.count else { return constant }
    let scores = LatentMath.scores(LatentMath.minus(input, mean), directions)
    let added = LatentMath.combined(scores, slopes, count: constant.count)
    return zip(constant, added).map { $0 + $1 }
  }

  /// The slopes, and by how much each pair decides its own prediction.
  private static func solve(
    _ scores: [[Double]], _ residuals: [[Double]], ridge: Double
  ) -> (slopes: [[Double]], leverage: [Double])? {
    let q = scores[0].count
    var gram = [Double](repeating: 0, count: q * q)
    for row in scores { for i in 0..<q { for j in 0..<q { gram[j * q + i] += row[i] * row[j] } } }
    for i in 0..<q { gram[i * q + i] += max(ridge * Double(scores.count), 1e-12) }
    guard let factor = Cholesky(gram, size: q) else { return nil }
    var columns: [[Double]] = []
    for row in scores {
      guard let column = factor.solve(row) else { return nil }
      columns.append(column)
    }
    var slopes = [[Double]](repeating: [Double](repeating: 0, count: residuals[0].count), count: q)
    for (column, residual) in zip(columns, residuals) {
      for k in 0..<q { for index in residual.indices { slopes[k][index] += column[k] * residual[index] } }
    }
    return (slopes, zip(scores, columns).map(LatentMath.product))
  }
}
