import Support

/// Neon: weights extrapolated away from a model of the base's own samples, on Gaussians and on a trained diffusion.
///
///     var study = NeonStudy()
///     study.seeds = 1
///     print(study.run(seed: 1).tables[1].rows)
///
/// The successor of SIMS (arXiv 2408.16333) by the same group: `(1 + w) theta_base - w theta_auxiliary`, which costs
/// nothing at sampling. Not guaranteed: the same optimum as SIMS; it depends on what the weights parametrise.
public struct NeonStudy: Study {
  /// The name on the command line.
  public static let name = "neon"
  /// One sentence on what is shown.
  public static let summary = "Neon: the same negative model, extrapolated in the weights."

  /// Trained pairs.
  public var seeds = 3
  /// The trained diffusion.
  public var experiment = PlaneExtrapolation()

  /// The study in its full size.
  public init() {}

  /// Runs the study.
  public func run(seed: UInt64) -> StudyResult {
    let plane = PlaneExtrapolationTable(experiment: experiment, seeds: seeds, kind: .weights).run(seed: seed)
    return StudyResult(
      name: Self.name, source: "Neon, after Alemohammad et al. 2024 (arXiv 2408.16333)",
      tables: [gaussian, plane.table], chart: plane.chart,
      notes: [
        "Extrapolating the precision is SIMS at noise zero: the optimum moves with the parametrisation, 0.9 to 1.11.",
        "A floor of \(Numbers.fixed(experiment.floor, digits: 3)) is what as many fresh true points measure.",
      ])
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
