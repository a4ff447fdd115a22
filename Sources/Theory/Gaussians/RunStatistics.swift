/// The mean, standard deviation (n - 1) and standard error of repeated runs.
public struct RunStatistics: Sendable, Hashable, Codable {
  /// The mean over the runs.
  public let mean: Double
  /// The sample standard deviation over the runs; zero for one run.
  public let standardDeviation: Double
  /// The mean's standard error.
  public let standardError: Double

  /// The statistics of at least one value.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "statistics need a value")
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    standardDeviation = n > 1 ? (squares / (n - 1)).squareRoot() : 0
    standardError = standardDeviation / n.squareRoot()
  }
}
