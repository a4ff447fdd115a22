import Charts
import Support

/// The Gaussian toy over correction strengths, with the truly raw arm and the replacing variant.
///
///     var study = GaussianStudy()
///     study.seeds = 4
///     let result = study.run(seed: 1)
///     for row in result.tables[0].rows { print(row.map(\.description)) }     // arm, W2, deviation, error, ...
///     try result.chart.svg.write(to: plot, atomically: true, encoding: .utf8)
///
/// Gillman et al., arXiv 2402.07087. Not guaranteed: the released script's curves; see ``ToySampler``.
public struct GaussianStudy: Study {
  /// The subcommand: `surefoot theory gaussian`.
  public static let name = "gaussian"
  /// The line of `surefoot theory list`.
  public static let summary = "A Gaussian that retrains on itself, over correction strengths gamma."
  /// The published correction strengths.
  static let gammas = [0, 0.01, 0.03, 0.1, 0.3, 1, 2, 5]
  /// Reference: mean W2 over generations 400 ... 500 of 12 seeds, and its standard deviation over them where known.
  static let reference: [(mean: Double, deviation: Double?)] = [
    (0.582, 0.040), (0.569, nil), (0.514, 0.030), (0.407, 0.025), (0.280, 0.017), (0.129, 0.013), (0.082, 0.010),
    (0.042, 0.006),
  ]

  /// Runs of each arm.
  public var seeds = 12
  /// How corrected points are drawn.
  public var sampler = ToySampler.peakRatio

  /// The study in the size that the command runs; set fewer runs for a quick look.
  public init() {}

  /// The mean W2 over the last fifth of the generations (400 ... 500), over the runs.
  func statistics(
    _ correction: ToyCorrection, memory: ToyMemory = .accumulate, seed: UInt64
  ) -> RunStatistics {
    RunStatistics(curves(correction, memory: memory, seed: seed).map(late))
  }

  /// The arms over gamma, the replacing variant and the three samplers; some ten seconds.
  public func run(seed: UInt64) -> StudyResult {
    var chart = LineChart(
      title: "Gaussian toy: distance to the truth", xLabel: "generation", yLabel: "W2 (mean of the runs)")
    chart.isYLogarithmic = true
    var rows: [[StudyCell]] = []
    func add(_ name: String, _ correction: ToyCorrection, reference: Double?) {
      let curves = curves(correction, memory: .accumulate, seed: seed)
      let statistics = RunStatistics(curves.map(late))
      rows.append([
        .text(name), .number(statistics.mean, digits: 3), .number(statistics.standardDeviation, digits: 3),
        .number(statistics.standardError, digits: 3), reference.map { .number($0, digits: 3) } ?? "-",
        .number(RunStatistics(curves.map { $0[0] }).mean, digits: 3),
      ])
      let steps = stride(from: 0, to: curves[0].count, by: 5)
      chart.add(name, steps.map { t in (Double(t), RunStatistics(curves.map { $0[t] }).mean) })
    }
    for (gamma, reference) in zip(Self.gammas, Self.reference) {
      add("gamma \(Numbers.compact(gamma))", .mixedWithTarget(gamma: gamma), reference: reference.mean)
    }
    add("raw", .raw, reference: 0.381)
    let columns = ["arm", "W2, t = 400-500", "deviation", "standard error", "reference", "W2, t = 0"]
    return StudyResult(
      name: Self.name, source: "Gillman et al. 2024, arXiv 2402.07087",
      tables: [
        StudyTable(title: "Accumulating, \(seeds) seeds", columns: columns, rows: rows), replacing(seed: seed),
        samplers(seed: seed),
      ], chart: chart,
      notes: [
        "gamma 0 is resampled from a histogram by a rejection sampler and is not plain self-consumption; raw is.",
        "Over 240 seeds raw gives 0.342; gamma 0 gives 0.413 drawn exactly and 0.561 by the reference's sampler.",
        "The reference's twelve real sets were unlucky (W2 0.299 at t = 0; expected 0.25). It shows in raw and replacing.",
      ])
  }

  private func curves(_ correction: ToyCorrection, memory: ToyMemory, seed: UInt64) -> [[Double]] {
    let toy = GaussianToy(correction: correction, memory: memory, sampler: sampler)
    return (0..<seeds).map { toy.run(seed: seed &+ UInt64($0)) }
  }

  private func late(_ curve: [Double]) -> Double {
    let tail = curve.suffix(curve.count / 5 + 1)
    return tail.reduce(0, +) / Double(tail.count)
  }

  private func replacing(seed: UInt64) -> StudyTable {
    let arms: [(String, ToyCorrection, Double)] = [
      ("raw", .raw, 0.322), ("gamma 1", .mixedWithTarget(gamma: 1), 0.261),
      ("gamma 5", .mixedWithTarget(gamma: 5), 0.239),
    ]
    return StudyTable(
      title: "Replacing (50 real, the newest 25)", columns: ["arm", "W2, t = 400-500", "standard error", "reference"],
      rows: arms.map { name, correction, reference in
        let statistics = statistics(correction, memory: .replace, seed: seed)
        return [
          .text(name), .number(statistics.mean, digits: 3), .number(statistics.standardError, digits: 3),
          .number(reference, digits: 3),
        ]
      })
  }

  private func samplers(seed: UInt64) -> StudyTable {
    let rows = [0, 0.3, 5].map { gamma -> [StudyCell] in
      [.text("gamma \(Numbers.compact(gamma))")]
        + ToySampler.allCases.map { sampler in
          var study = self
          study.sampler = sampler
          return .number(study.statistics(.mixedWithTarget(gamma: gamma), seed: seed).mean, digits: 3)
        }
    }
    return StudyTable(
      title: "The same arms by how the mixture is drawn", columns: ["arm"] + ToySampler.allCases.map(\.rawValue),
      rows: rows)
  }
}
