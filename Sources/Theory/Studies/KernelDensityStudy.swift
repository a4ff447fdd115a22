import Charts
import Randomness

/// The kernel-density loop over the amount of synthetic data: the distance rises, then falls.
///
///     var study = KernelDensityStudy()
///     study.runs = 10
///     for row in study.run(seed: 1).tables[0].rows { print(row.map(\.description)) }
///
/// Fu et al., arXiv 2402.11778. Not guaranteed: the paper's rates.
public struct KernelDensityStudy: Study {
  /// The subcommand: `surefoot theory kde`.
  public static let name = "kde"
  /// The line of `surefoot theory list`.
  public static let summary = "A kernel density with more and more synthetic data: the error rises, then falls."
  /// The synthetic amounts of the reference.
  static let amounts = [0, 200, 400, 1000, 4000, 20000]
  /// Reference: mean total variation of 60 runs at generations 5 and 20, the fully synthetic loop last.
  static let reference = [
    (0.053, 0.053), (0.065, 0.065), (0.078, 0.079), (0.080, 0.100), (0.076, 0.140), (0.069, 0.120), (0.192, 0.513),
  ]

  /// Runs of each amount.
  public var runs = 60

  /// The study in the size that the command runs; set fewer runs for a quick look.
  public init() {}

  /// The total variation at generations 5 and 20, over the runs.
  func means(_ loop: KernelDensityLoop, seed: UInt64) -> [RunStatistics] {
    let results = (0..<runs).map { loop.run(at: [5, 20], seed: Seed.derive(seed, $0)) }
    return [0, 1].map { mark in RunStatistics(results.map { $0[mark] }) }
  }

  /// The distance after 5 and 20 generations over the amount of synthetic data.
  public func run(seed: UInt64) -> StudyResult {
    var rows: [[StudyCell]] = []
    var curves: [[(Double, Double)]] = [[], []]
    func add(_ name: String, _ loop: KernelDensityLoop, reference: (Double, Double)) -> [RunStatistics] {
      let means = means(loop, seed: seed)
      rows.append(
        [.text(name)]
          + zip(means, [reference.0, reference.1]).flatMap { mean, golden -> [StudyCell] in
            [.number(mean.mean, digits: 3), .number(mean.standardError, digits: 4), .number(golden, digits: 3)]
          })
      return means
    }
    for (amount, reference) in zip(Self.amounts, Self.reference) {
      let loop = KernelDensityLoop(realCount: 200, syntheticCount: amount)
      let means = add("\(amount)", loop, reference: reference)
      for mark in 0...1 { curves[mark].append((Double(max(amount, 50)), means[mark].mean)) }
    }
    _ = add("fully synthetic", .fullySynthetic(count: 200), reference: Self.reference[6])
    var chart = LineChart(
      title: "Kernel-density loop, 200 real points", xLabel: "synthetic points m (0 drawn at 50)",
      yLabel: "total variation to the truth")
    chart.isXLogarithmic = true
    chart.add("generation 5", curves[0])
    chart.add("generation 20", curves[1])
    return StudyResult(
      name: Self.name, source: "Fu et al. 2024, arXiv 2402.11778",
      tables: [
        StudyTable(
          title: "Mean total variation, \(runs) runs",
          columns: ["m", "t = 5", "error", "reference", "t = 20", "error", "reference"], rows: rows)
      ], chart: chart,
      notes: ["The peak stands at m of 400 to 4000 after 5 generations and moves right: about 4000 after 20."])
  }
}
