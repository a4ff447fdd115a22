import Charts
import Support

/// Two moons and eight Gaussians retrained on curated samples: one mode is left, unless real data is mixed in.
///
///     var study = ModesStudy()
///     study.generations = 6
///     print(study.run(seed: 1).tables[0].rows)
///
/// Ferbach et al., arXiv 2407.09499, with a mixture of Gaussians fitted by expectation-maximisation as the model. Not
/// guaranteed: the paper's pictures, whose model is a flow.
public struct ModesStudy: Study {
  /// The subcommand: `surefoot theory modes`.
  public static let name = "modes"
  /// The line of `surefoot theory list`.
  public static let summary = "Two moons and eight Gaussians with curated retraining, alone and with real data."

  /// Generations after the first fit.
  public var generations = 12
  /// Real (or curated) points.
  public var count = 1000

  /// The study in the size that the command runs; set fewer runs for a quick look.
  public init() {}

  /// The generations of one loop.
  func generations(
    _ distribution: PlaneDistribution, lambda: Double, seed: UInt64
  ) -> [CuratedPlaneLoop.Generation] {
    var loop = CuratedPlaneLoop(distribution)
    loop.lambda = lambda
    loop.generations = generations
    loop.count = count
    return loop.run(seed: seed)
  }

  /// The modes left in both data sets by curated samples alone and mixed with real ones.
  public func run(seed: UInt64) -> StudyResult {
    var chart = LineChart(
      title: "Curated retraining, K = 4", xLabel: "generation", yLabel: "share of samples in the rewarded mode")
    var rows: [[StudyCell]] = []
    for distribution in PlaneDistribution.allCases {
      for lambda in [Double.infinity, 1, 0.25] {
        let list = generations(distribution, lambda: lambda, seed: seed)
        let arm = lambda.isFinite ? "lambda \(Numbers.compact(lambda))" : "curated only"
        chart.add("\(distribution.rawValue), \(arm)", list.map { $0.modeShares[0] })
        let name = "\(distribution.rawValue), \(arm)"
        for (label, state) in [("0", list[0]), ("\(generations)", list[list.count - 1])] {
          rows.append([
            .text(name), .text(label), .count(state.liveModes), .number(state.modeShares[0], digits: 3),
            .number(state.modeShares.min() ?? 0, digits: 3), .number(state.meanReward, digits: 2),
            .number(state.variance, digits: 3),
          ])
        }
      }
    }
    return StudyResult(
      name: Self.name, source: "Ferbach et al. 2024, arXiv 2407.09499",
      tables: [
        StudyTable(
          title: "Reward: -10 max(0, distance to a centre in mode 0 - 1)",
          columns: ["data and arm", "t", "live modes", "rewarded mode", "least mode", "mean reward", "variance"],
          rows: rows)
      ], chart: chart,
      notes: [
        "A mode is live while it holds a quarter of an even share. Model: 16 Gaussians by expectation-maximisation."
      ])
  }
}
