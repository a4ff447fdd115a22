import Support

/// SIMS: scores extrapolated away from a model of the base's own samples, on Gaussians and on a trained diffusion.
///
///     var study = ExtrapolationStudy()
///     study.seeds = 1
///     print(study.run(seed: 1).tables[1].rows)
///
/// Alemohammad et al., arXiv 2408.16333. Not guaranteed: a gain for every base; see ``PlaneExtrapolation``.
public struct ExtrapolationStudy: Study {
  /// The name on the command line.
  public static let name = "sims"
  /// One sentence on what is shown.
  public static let summary = "SIMS: a model of the base's own samples as a negative guide of the scores."
  /// The extrapolation weights omega of the trained diffusion.
  public static let weights = [0, 0.25, 0.5, 1, 2]

  /// Trained pairs.
  public var seeds = 3
  /// The trained diffusion.
  public var experiment = PlaneExtrapolation()

  /// The study in its full size.
  public init() {}

  /// Runs the study.
  public func run(seed: UInt64) -> StudyResult {
    let plane = PlaneExtrapolationTable(experiment: experiment, seeds: seeds, kind: .scores).run(seed: seed)
    return StudyResult(
      name: Self.name, source: "Alemohammad et al. 2024, arXiv 2408.16333",
      tables: [gaussian, plane.table], chart: plane.chart,
      notes: [
        "On the Gaussian the score at noise zero is best at omega 0.9; the whole probability flow is best at omega 1.",
        "A floor of \(Numbers.fixed(experiment.floor, digits: 3)) is what as many fresh true points measure.",
      ])
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
