public import Evaluation
import Foundation
import Support

/// One row for every measured generation of every arm of every run, with intervals, and one for real motion.
public struct SweepTable: Sendable {
  /// The settings that differ between runs.
  public let paths: [String]
  /// The rows, in the runs' order.
  public let rows: [Row]

  /// One measured generation.
  public struct Row: Sendable, Hashable, Codable {
    /// The run's folder.
    public var run: String
    /// The run's values of the settings that differ between runs, by name.
    public var settings: [String: String]
    /// The arm; `shared` for generation 0, `real` for the training windows against the evaluation windows.
    public var arm: String
    /// The generation; `nil` for real motion.
    public var generation: Int?
    /// The number of clips that were measured.
    public var count: Int
    /// The figures with their intervals.
    public var figures: [Figure: Estimate]
    /// The number of synthetic clips that were drawn.
    public var drawn: Int?
    /// The number of rejected corrections.
    public var rejected: Int?
    /// The number of synthetic clips that entered training.
    public var used: Int?
    /// The mean reward of all candidates.
    public var candidateReward: Double?
    /// The mean reward of the chosen candidates.
    public var chosenReward: Double?
  }

  init(paths: [String], runs: [(SweepSpecification.Cell, RunResults)]) {
    self.paths = paths
    rows = runs.flatMap { cell, results in
      let settings = Dictionary(uniqueKeysWithValues: cell.settings.map { ($0.path, $0.value.unquoted) })
      func row(_ arm: String, _ generation: Int?, _ report: SetReport, _ synthetic: SyntheticMetrics?) -> Row {
        Row(
          run: cell.name, settings: settings, arm: arm, generation: generation, count: report.count,
          figures: report.figures, drawn: synthetic?.drawn, rejected: synthetic?.rejected, used: synthetic?.used,
          candidateReward: synthetic?.candidateReward, chosenReward: synthetic?.chosenReward)
      }
      return [row("real", nil, results.realAgainstReal, nil), row("shared", 0, results.shared.samples, nil)]
        + results.arms.flatMap { arm in
          arm.generations.map { row(arm.name, $0.generation, $0.samples, $0.synthetic) }
        }
    }
  }

  /// Comma-separated values with a header; `FIGURE`, `FIGURE.lower` and `FIGURE.upper` for each figure.
  public var csv: String {
    let figures = Figure.allCases.filter { figure in rows.contains { $0.figures[figure] != nil } }
    let names = figures.flatMap { [$0.rawValue, "\($0.rawValue).lower", "\($0.rawValue).upper"] }
    let header = ["run"] + paths + ["arm", "generation", "count"] + names + SweepTable.counts
    let lines = rows.map { row in
      var cells = [row.run] + paths.map { row.settings[$0] ?? "" }
      cells += [row.arm, row.generation.map(String.init) ?? "", String(row.count)]
      for figure in figures {
        let estimate = row.figures[figure]
        cells += [estimate?.value, estimate?.lower, estimate?.upper].map { $0.map { String($0) } ?? "" }
      }
      cells += [row.drawn, row.rejected, row.used].map { $0.map(String.init) ?? "" }
      return cells + [row.candidateReward, row.chosenReward].map { $0.map { String($0) } ?? "" }
    }
    return ([header] + lines).map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private static let counts = ["drawn", "rejected", "used", "candidateReward", "chosenReward"]

  /// One JSON object a row and line.
  func jsonLines() throws -> String {
    let encoder = Ledger.makeEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try rows.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
  }

  /// The last generation of every arm, with the mean and standard deviation over runs that differ in
  /// their seed alone.
  public func summary(of figures: [Figure]) -> [Summary] {
    let last = Dictionary(grouping: rows.filter { $0.generation != nil }) { "\($0.run)/\($0.arm)" }
      .compactMapValues { $0.max { ($0.generation ?? 0) < ($1.generation ?? 0) } }
    var order: [String] = []
    var groups: [String: [Row]] = [:]
    for row in rows {
      guard let kept = last["\(row.run)/\(row.arm)"], kept == row else { continue }
      let settings = paths.filter { $0 != "seed" }.map { row.settings[$0] ?? "" }
      let key = (settings + [row.arm]).joined(separator: "\u{1F}")
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(row)
    }
    return order.compactMap { key in
      guard let group = groups[key], let first = group.first else { return nil }
      return Summary(
        settings: paths.filter { $0 != "seed" }.map { first.settings[$0] ?? "" }, arm: first.arm,
        generation: first.generation ?? 0, seeds: group.count,
        figures: figures.map { figure in Summary.Spread(group.compactMap { $0.figures[figure]?.value }) })
    }
  }

  /// One line of the summary.
  public struct Summary: Sendable, Hashable {
    /// The values of the settings that differ between runs, but for the seed.
    public var settings: [String]
    /// The arm.
    public var arm: String
    /// The generation.
    public var generation: Int
    /// The number of runs, one for each seed.
    public var seeds: Int
    /// One for each figure; `nil` where it was not measured.
    public var figures: [Spread?]

    /// A mean and a standard deviation over seeds.
    public struct Spread: Sendable, Hashable {
      /// The mean.
      public var mean: Double
      /// The standard deviation of the sample; none for a single one.
      public var deviation: Double?

      init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        self.mean = mean
        guard values.count > 1 else { return }
        let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        deviation = (sum / Double(values.count - 1)).squareRoot()
      }
    }
  }
}

extension String {
  /// Without the quotation marks around it that YAML needs.
  fileprivate var unquoted: String {
    count > 1 && first == "\"" && last == "\"" ? String(dropFirst().dropLast()) : self
  }
}
