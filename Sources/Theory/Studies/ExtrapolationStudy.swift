import Charts
import Support

/// SIMS: scores extrapolated away from a model of the base's own samples, on Gaussians and on a trained diffusion.
///
///     var study = ExtrapolationStudy()
///     study.seeds = 1
///     print(study.run(seed: 1).tables[1].rows)
///
/// Alemohammad et al., arXiv 2408.16333. Not guaranteed: a gain for every base; see ``PlaneExtrapolation``.
public struct ExtrapolationStudy: Study {
  /// The subcommand: `surefoot theory sims`.
  public static let name = "sims"
  /// The line of `surefoot theory list`.
  public static let summary = "SIMS: a model of the base's own samples as a negative guide of the scores."
  /// The extrapolation weights omega of the trained diffusion.
  static let weights = [0, 0.25, 0.5, 1, 2]

  /// Trained pairs.
  public var seeds = 3
  /// The trained diffusion.
  var experiment = PlaneExtrapolation()

  /// The study in the size that the command runs; set fewer runs for a quick look.
  public init() {}

  /// The closed form on Gaussians, and the distances of trained pairs over omega; some minutes.
  public func run(seed: UInt64) -> StudyResult {
    PlaneExtrapolationTable(experiment: experiment, seeds: seeds, kind: .scores).result(
      of: Self.name, source: "Alemohammad et al. 2024, arXiv 2408.16333", gaussian: gaussian,
      note:
        "On the Gaussian the score at noise zero is best at omega 0.9; the whole probability flow is best at omega 1.",
      seed: seed)
  }

  private var gaussian: StudyTable {
    let example = GaussianExtrapolation(baseVariance: 0.9, auxiliaryVariance: 0.81)
    let weights = [0, 0.5, example.bestScoreWeight(), 1, 1.5, 2]
    return StudyTable(
      title: "Gaussian: truth 1, base 0.9, auxiliary 0.81",
      columns: ["omega", "variance of the score", "variance drawn by the flow"],
      rows: weights.map { w in
        [
          .number(w, digits: 2), .number(example.scoreVariance(weight: w), digits: 6),
          .number(example.sampledVariance(weight: w), digits: 6),
        ]
      })
  }
}

/// Neon: weights extrapolated away from a model of the base's own samples, on Gaussians and on a trained diffusion.
///
///     var study = NeonStudy()
///     study.seeds = 1
///     print(study.run(seed: 1).tables[1].rows)
///
/// The successor of SIMS (arXiv 2408.16333) by the same group: `(1 + w) theta_base - w theta_auxiliary`, which costs
/// nothing at sampling. Not guaranteed: the same optimum as SIMS; it depends on what the weights parametrise.
public struct NeonStudy: Study {
  /// The subcommand: `surefoot theory neon`.
  public static let name = "neon"
  /// The line of `surefoot theory list`.
  public static let summary = "Neon: the same negative model, extrapolated in the weights."

  /// Trained pairs.
  public var seeds = 3
  /// The trained diffusion.
  var experiment = PlaneExtrapolation()

  /// The study in the size that the command runs; set fewer runs for a quick look.
  public init() {}

  /// The closed form on Gaussians, and the distances of trained pairs over omega; some minutes.
  public func run(seed: UInt64) -> StudyResult {
    PlaneExtrapolationTable(experiment: experiment, seeds: seeds, kind: .weights).result(
      of: Self.name, source: "Neon, after Alemohammad et al. 2024 (arXiv 2408.16333)", gaussian: gaussian,
      note:
        "Extrapolating the precision is SIMS at noise zero: the optimum moves with the parametrisation, 0.9 to 1.11.",
      seed: seed)
  }

  private var gaussian: StudyTable {
    let example = GaussianExtrapolation(baseVariance: 0.9, auxiliaryVariance: 0.81)
    return StudyTable(
      title: "Gaussian: truth 1, base 0.9, auxiliary 0.81; the variance by what the weight is",
      columns: ["w", "variance", "deviation", "precision"],
      rows: [0, 0.5, 0.9, 1, 1.5, 2].map { w in
        [
          .number(w, digits: 2), .number(example.neonVariance(weight: w), digits: 6),
          .number(example.neonVarianceByDeviation(weight: w), digits: 6),
          .number(example.scoreVariance(weight: w), digits: 6),
        ]
      })
  }
}

/// What both studies share: the distances of trained pairs over extrapolation weights, as a table and a chart.
private struct PlaneExtrapolationTable {
  let experiment: PlaneExtrapolation
  let seeds: Int
  let kind: PlaneExtrapolation.Kind

  func result(of name: String, source: String, gaussian: StudyTable, note: String, seed: UInt64) -> StudyResult {
    let plane = measure(seed: seed)
    return StudyResult(
      name: name, source: source, tables: [gaussian, plane.table], chart: plane.chart,
      notes: [
        note, "A floor of \(Numbers.fixed(experiment.floor, digits: 3)) is what as many fresh true points measure.",
      ])
  }

  private func measure(seed: UInt64) -> (table: StudyTable, chart: LineChart) {
    let name = kind == .scores ? "SIMS" : "Neon"
    var chart = LineChart(
      title: "\(name) on a small diffusion of eight Gaussians", xLabel: "omega", yLabel: "sliced W2 to the truth")
    let weights = ExtrapolationStudy.weights
    var rows: [[StudyCell]] = []
    var totals = [Double](repeating: 0, count: weights.count)
    for index in 0..<seeds {
      let pair = experiment.train(seed: seed &+ UInt64(index))
      let distances = weights.map { experiment.distance(pair, weight: $0, by: kind) }
      for i in totals.indices { totals[i] += distances[i] / Double(seeds) }
      chart.add("seed \(seed &+ UInt64(index))", Array(zip(weights, distances)))
      rows.append(row("seed \(seed &+ UInt64(index))", distances, weights))
    }
    rows.append(row("mean", totals, weights))
    let columns = ["model"] + weights.map { "omega \(Numbers.compact($0))" } + ["best omega"]
    return (StudyTable(title: "Sliced W2 to the truth, eight Gaussians", columns: columns, rows: rows), chart)
  }

  private func row(_ name: String, _ distances: [Double], _ weights: [Double]) -> [StudyCell] {
    let best = distances.indices.min { distances[$0] < distances[$1] } ?? 0
    return [.text(name)] + distances.map { .number($0, digits: 4) } + [.number(weights[best], digits: 2)]
  }
}
