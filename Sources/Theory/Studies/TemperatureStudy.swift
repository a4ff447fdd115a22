import Charts
import Support

/// The temperature map's fixed points: collapse, the flat law, and what fresh data keeps.
///
///     let result = TemperatureStudy().run(seed: 1)
///     print(result.tables[0].rows)
///
/// Marchi et al., arXiv 2404.02325. Not guaranteed: the paper's exact map; see ``TemperatureMap``.
public struct TemperatureStudy: Study {
  /// The subcommand: `surefoot theory temperature`.
  public static let name = "temperature"
  /// The line of `surefoot theory list`.
  public static let summary = "Sampling at a temperature in a closed loop, with and without fresh data."

  /// The study in the size that the command runs; set fewer runs for a quick look.
  public init() {}

  /// The fixed points over temperature and share of fresh data; the seed changes nothing.
  public func run(seed: UInt64) -> StudyResult {
    let external = [0.5, 0.3, 0.2]
    var chart = LineChart(
      title: "Temperature map from (0.5, 0.3, 0.2)", xLabel: "generation", yLabel: "probability of the first outcome")
    var rows: [[StudyCell]] = []
    for temperature in [0.7, 0.9, 1, 1.5] {
      for share in [0, 0.1, 0.5] {
        let map = TemperatureMap(external: external, temperature: temperature, freshShare: share)
        rows.append(
          [.number(temperature, digits: 1), .number(share, digits: 1)]
            + map.fixedPoint().map { .number($0, digits: 3) })
        guard share < 0.5 else { continue }
        var law = external
        let curve = (0...40).map { _ in
          defer { law = map.next(law, step: 1) }
          return law[0]
        }
        chart.add("T = \(Numbers.compact(temperature)), g = \(Numbers.compact(share))", curve)
      }
    }
    return StudyResult(
      name: Self.name, source: "Marchi et al. 2024, arXiv 2404.02325",
      tables: [
        StudyTable(
          title: "Fixed points reached from the external law (0.5, 0.3, 0.2)",
          columns: ["T", "fresh share g", "p1", "p2", "p3"], rows: rows)
      ], chart: chart,
      notes: ["T < 1 without fresh data ends in one outcome, T > 1 in the flat law; T = 1 stays where it is."])
  }
}
