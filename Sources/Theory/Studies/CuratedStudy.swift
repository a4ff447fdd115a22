import Charts
import Support

/// The curated loop on five atoms, pure and mixed, beside every inequality that holds for it.
///
///     let result = CuratedStudy().run(seed: 1)
///     print(result.tables[0].rows[0])
///
/// Ferbach et al., arXiv 2407.09499; exact enumeration, nothing random. Not guaranteed: tight bounds.
public struct CuratedStudy: Study {
  /// The subcommand: `surefoot theory curated`.
  public static let name = "curated"
  /// The line of `surefoot theory list`.
  public static let summary = "K-choice Bradley-Terry curation on five atoms, pure and mixed with real data."
  /// The atoms' rewards.
  static let rewards = [0, 0.25, 0.5, 0.75, 1]

  /// The study in the size that the command runs; set fewer runs for a quick look.
  public init() {}

  /// The pure and the mixed loop with 2 and 4 candidates; the seed changes nothing.
  public func run(seed: UInt64) -> StudyResult {
    var chart = LineChart(title: "Curated loop on five atoms", xLabel: "generation", yLabel: "E[e^r]")
    let pure = [2, 4].flatMap { candidates -> [[StudyCell]] in
      let loop = CuratedLoop(rewards: Self.rewards, candidates: candidates, lambda: .infinity)
      let laws = loop.run(generations: 50)
      chart.add("pure, K = \(candidates)", laws.map(loop.expectedExponential))
      let bounds = CurationBounds(loop)
      let least = (0..<50).map { bounds.improvementSlack(from: laws[$0], to: laws[$0 + 1]) }.min() ?? 0
      return [1, 5, 10, 20, 50].map { t in
        [
          .count(candidates), .count(t), .number(loop.expectedExponential(laws[t]), digits: 5),
          .number(loop.massOnBest(laws[t]), digits: 4), .number(loop.varianceOfExponential(laws[t]), digits: 5),
          .verdict(least >= -1e-12),
        ]
      }
    }
    let mixed = [(2, 0.25), (4, 0.25), (4, 1.0)].map { candidates, lambda -> [StudyCell] in
      let loop = CuratedLoop(rewards: Self.rewards, candidates: candidates, lambda: lambda)
      let laws = loop.run(generations: 200)
      chart.add(
        "K = \(candidates), lambda \(Numbers.compact(lambda))", laws.prefix(51).map(loop.expectedExponential))
      return row(loop, laws)
    }
    return StudyResult(
      name: Self.name, source: "Ferbach et al. 2024, arXiv 2407.09499",
      tables: [
        StudyTable(
          title: "Curated samples alone",
          columns: ["K", "generation", "E[e^r]", "mass on best", "Var[e^r]", "lemma 2.2 at every t"], rows: pure),
        StudyTable(
          title: "Mixed with the reference, generation 200",
          columns: [
            "K", "lambda", "E[e^r]", "theorem 2.3", "holds at every t", "KL to reference", "theorem 2.4",
            "holds at every t",
          ], rows: mixed),
      ], chart: chart,
      notes: ["Theorem 2.4 says nothing (-) where lambda >= 1 / (K - 1); the divergence is finite there all the same."])
  }

  private func row(_ loop: CuratedLoop, _ laws: [[Double]]) -> [StudyCell] {
    let bounds = CurationBounds(loop)
    let last = laws[laws.count - 1]
    let floorHolds = laws.dropFirst().allSatisfy { loop.expectedExponential($0) >= bounds.rewardFloor }
    let ceiling = bounds.divergenceCeiling
    let ceilingHolds = ceiling.map { limit in laws.allSatisfy { loop.divergenceFromReference($0) <= limit } }
    return [
      .count(loop.choice.candidates), .number(loop.lambda, digits: 2),
      .number(loop.expectedExponential(last), digits: 5), .number(bounds.rewardFloor, digits: 5), .verdict(floorHolds),
      .number(loop.divergenceFromReference(last), digits: 5), ceiling.map { .number($0, digits: 5) } ?? "-",
      ceilingHolds.map { .verdict($0) } ?? "-",
    ]
  }
}
