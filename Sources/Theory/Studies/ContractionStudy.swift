import Charts
import Randomness
import Support

/// The stability calculator, and the predicted contraction beside the one measured where every constant is known.
///
///     var study = ContractionStudy()
///     study.calculator = StabilityCalculator(lambda: 0.5, alpha: 1, epsilon: 0.2, lipschitz: 1, gamma: 1)
///     print(study.run(seed: 1).tables[0].rows)
///
/// Bertrand et al., arXiv 2310.00429; Gillman et al., arXiv 2402.07087; Ferbach et al., arXiv 2407.09499. Not
/// guaranteed: these constants for a network, where they cannot be measured.
public struct ContractionStudy: Study {
  /// The subcommand: `surefoot theory contraction`.
  public static let name = "contraction"
  /// The line of `surefoot theory list`.
  public static let summary = "Stability conditions and contraction factors, beside the contraction measured."

  /// The constants of the calculator's table.
  public var calculator = StabilityCalculator(lambda: 0.25, alpha: 1, epsilon: 0.1, lipschitz: 0.5, gamma: 1)
  /// The candidates of a curated loop in the calculator's table.
  public var candidates = 4
  /// Runs of each measured loop.
  public var runs = 12

  /// The study in the size that the command runs; set fewer runs for a quick look.
  public init() {}

  /// The measured contraction of the mean loop, over the runs.
  func measured(lambda: Double, gamma: Double, seed: UInt64) -> RunStatistics {
    let loop = MeanLoop(lambda: lambda, gamma: gamma)
    return RunStatistics((0..<runs).map { loop.measuredContraction(seed: Seed.derive(seed, $0)) })
  }

  /// The calculator's table, and the measured contraction over gamma and lambda.
  public func run(seed: UInt64) -> StudyResult {
    var chart = LineChart(
      title: "Contraction of the mean, a Gaussian with known covariance", xLabel: "lambda",
      yLabel: "factor a generation")
    var rows: [[StudyCell]] = []
    for gamma in [0, 0.3, 1, 5] {
      var curve: [(Double, Double)] = []
      for lambda in [0.1, 0.25, 0.4, 0.49, 0.75, 1] {
        let loop = MeanLoop(lambda: lambda, gamma: gamma)
        let statistics = measured(lambda: lambda, gamma: gamma, seed: seed)
        curve.append((lambda, statistics.mean))
        rows.append(measuredRow(loop, statistics))
      }
      chart.add("gamma \(Numbers.compact(gamma)), measured", curve)
      let lambdas = (1...49).map { Double($0) / 100 }
      chart.add(
        "gamma \(Numbers.compact(gamma)), bound",
        lambdas.map { ($0, StabilityCalculator(lambda: $0, gamma: gamma).contraction) })
    }
    return StudyResult(
      name: Self.name,
      source: "Bertrand et al. 2023 (2310.00429), Gillman et al. 2024 (2402.07087), Ferbach et al. 2024 (2407.09499)",
      tables: [
        calculatorTable,
        StudyTable(
          title: "Measured on the mean of a Gaussian: alpha = 1, epsilon = 0, L = 0",
          columns: ["gamma", "lambda", "stable", "bound", "exact", "measured", "error", "measured <= bound"], rows: rows
        ),
      ], chart: chart,
      notes: [
        "The bound is rho / (1 + gamma); exact is lambda / ((1 + lambda) (1 + gamma)), the sharper rate of theorem 2.2.",
        "The mean contracts at any lambda: an unmet condition says only that the theorem is silent.",
      ])
  }

  private func measuredRow(_ loop: MeanLoop, _ statistics: RunStatistics) -> [StudyCell] {
    let calculator = loop.calculator
    let exact = (calculator.refinedContraction ?? .nan) / (1 + loop.gamma)
    let bound = calculator.contraction
    return [
      .number(loop.gamma, digits: 1), .number(loop.lambda, digits: 2), .text(calculator.isStable ? "yes" : "unknown"),
      .number(bound, digits: 4), .number(exact, digits: 4), .number(statistics.mean, digits: 4),
      .number(statistics.standardError, digits: 4), .verdict(statistics.mean <= bound),
    ]
  }

  private var calculatorTable: StudyTable {
    let c = calculator
    let curated = StabilityCalculator.curatedDivergenceBound(lambda: c.lambda, candidates: candidates)
    let given =
      "lambda \(Numbers.compact(c.lambda)), alpha \(Numbers.compact(c.alpha)), epsilon \(Numbers.compact(c.epsilon)), "
      + "L \(Numbers.compact(c.lipschitz)), gamma \(Numbers.compact(c.gamma)), K \(candidates)"
    let optional = { (value: Double?) -> StudyCell in value.map { .number($0, digits: 4) } ?? "says nothing" }
    var uncorrected = c
    uncorrected.gamma = 0
    return StudyTable(
      title: "Calculator: \(given)", columns: ["figure", "value"],
      rows: [
        ["greatest stable lambda, uncorrected (Bertrand)", .number(uncorrected.greatestStableLambda, digits: 4)],
        ["greatest stable lambda, corrected (Gillman)", .number(c.greatestStableLambda, digits: 4)],
        ["stable at this lambda, uncorrected", .text(uncorrected.isStable ? "yes" : "unknown")],
        ["stable at this lambda, corrected", .text(c.isStable ? "yes" : "unknown")],
        ["contraction, uncorrected", .number(c.uncorrectedContraction, digits: 4)],
        ["contraction, corrected", .number(c.contraction, digits: 4)],
        ["contraction, uncorrected, sharper (Ferbach 2.2)", optional(c.refinedContraction)],
        ["decay of the divergence a generation (its square)", optional(c.refinedContraction.map { $0 * $0 })],
        ["bound on KL to the data, curated (Ferbach 2.4)", optional(curated)],
      ])
  }
}
