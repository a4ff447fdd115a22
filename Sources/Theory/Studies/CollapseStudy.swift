import Charts
import Randomness

/// Pure self-consumption of a one-dimensional Gaussian: the predicted and the simulated loss of spread.
///
///     var study = CollapseStudy()
///     study.draws = 1_000_000
///     for row in study.run(seed: 1).tables[0].rows { print(row.map(\.description)) }
///
/// Bertrand et al., arXiv 2310.00429, proposition 1. Not guaranteed: a small error for small n, whose deviations have
/// heavy tails; the standard error is printed.
public struct CollapseStudy: Study {
  /// The subcommand: `surefoot theory collapse`.
  public static let name = "collapse"
  /// The line of `surefoot theory list`.
  public static let summary = "A Gaussian refitted to its own samples only: its spread shrinks by alpha_n a generation."

  /// Normal numbers drawn for each sample size; the number of runs follows from it.
  public var draws = 60_000_000

  /// The study in the size that the command runs; set fewer runs for a quick look.
  public init() {}

  /// The deviation at generation 50 over as many runs as the draws allow.
  func simulated(sampleCount: Int, seed: UInt64) -> RunStatistics {
    let loop = GaussianCollapse(sampleCount: sampleCount)
    let runs = max(2, draws / (50 * sampleCount))
    return RunStatistics((0..<runs).map { loop.run(generations: 50, seed: Seed.derive(seed, $0))[50] })
  }

  /// The predicted and the simulated spread for 10, 100 and 1000 samples; some ten seconds.
  public func run(seed: UInt64) -> StudyResult {
    var chart = LineChart(title: "Pure self-consumption", xLabel: "generation", yLabel: "standard deviation")
    let rows = [10, 100, 1000].map { n -> [StudyCell] in
      let loop = GaussianCollapse(sampleCount: n)
      let simulated = simulated(sampleCount: n, seed: seed)
      chart.add("n = \(n), expected", (0...200).map { loop.expectedDeviation(after: $0) })
      chart.add("n = \(n), one run", loop.run(generations: 200, seed: seed))
      let predicted = loop.expectedDeviation(after: 50)
      return [
        .count(n), .number(loop.contraction, digits: 6), .number(predicted, digits: 3),
        .number(simulated.mean, digits: 3), .number(simulated.standardError, digits: 4),
        .number(100 * (simulated.mean / predicted - 1), digits: 2),
      ]
    }
    return StudyResult(
      name: Self.name, source: "Bertrand et al. 2023, arXiv 2310.00429, proposition 1",
      tables: [
        StudyTable(
          title: "Spread after 50 generations",
          columns: ["n", "alpha_n", "predicted", "simulated", "standard error", "difference %"], rows: rows)
      ], chart: chart,
      notes: ["The expected variance never changes; a typical run collapses faster than the expected deviation does."])
  }
}
