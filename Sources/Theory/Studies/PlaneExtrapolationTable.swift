import Support

/// The distances of trained pairs over weights, as a table and a chart.
struct PlaneExtrapolationTable {
  let experiment: PlaneExtrapolation
  let seeds: Int
  let kind: PlaneExtrapolation.Kind

  func run(seed: UInt64) -> (table: StudyTable, chart: LineChart) {
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
