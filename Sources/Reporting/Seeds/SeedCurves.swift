public import Evaluation
public import Generations
import Support

/// Runs that differ in their seed alone, as one: each arm's figures with their mean and spread over seeds.
///
///     let curves = SeedCurves(runs.map(\.results))
///     for curve in curves.curves { print(curve.name, curve.points(of: .fid).last?.mean ?? .nan) }
public struct SeedCurves: Sendable {
  /// One generation's figure over seeds.
  public struct Point: Sendable, Hashable {
    /// The generation.
    public var generation: Int
    /// The number of runs that were measured there.
    public var seeds: Int
    /// The mean over seeds.
    public var mean: Double
    /// The standard deviation over seeds; 0 for one seed.
    public var deviation: Double
    /// The ends of the band: the mean less and plus one standard deviation; of one seed, its 95 % bootstrap interval.
    public var lower: Double
    /// See ``lower``.
    public var upper: Double
  }

  /// One arm under one combination of settings.
  public struct Curve: Sendable {
    /// The arm, and the settings in which its runs differ from others.
    public var name: String
    /// The arm alone.
    public var arm: String
    /// The settings that differ between groups of runs; empty for one group.
    public var settings: [String]
    /// Each run's generations, the shared first one in front.
    var runs: [[GenerationMetrics]]
    /// The specification of the first of the runs, as YAML.
    var specification: String

    /// The largest number of seeds.
    public var seeds: Int { runs.count }

    /// A figure over the generations that any run has.
    public func points(of figure: Figure) -> [Point] {
      let generations = Set(runs.flatMap { $0.map(\.generation) }).sorted()
      return generations.compactMap { generation in
        let found = runs.compactMap { run in
          run.first { $0.generation == generation }.flatMap { $0.samples[figure] }
        }.filter(\.value.isFinite)
        guard let first = found.first else { return nil }
        let mean = found.reduce(0) { $0 + $1.value } / Double(found.count)
        guard found.count > 1 else {
          return Point(
            generation: generation, seeds: 1, mean: mean, deviation: 0, lower: first.lower, upper: first.upper)
        }
        let squares = found.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
        let deviation = (squares / Double(found.count - 1)).squareRoot()
        return Point(
          generation: generation, seeds: found.count, mean: mean, deviation: deviation, lower: mean - deviation,
          upper: mean + deviation)
      }
    }
  }

  /// The names of the settings that differ between groups of runs.
  public let paths: [String]
  /// One an arm and group, in the runs' order.
  public let curves: [Curve]
  let results: [RunResults]

  /// Groups runs by their settings without the seed.
  ///
  /// - Precondition: At least one run.
  public init(_ results: [RunResults]) {
    precondition(!results.isEmpty, "at least one run")
    self.results = results
    let settings = results.map { run in
      ComparisonSection.settings(run.specification).filter { $0.0 != "seed" }
    }
    let keys = settings.flatMap { $0.map(\.0) }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    func value(_ run: Int, _ key: String) -> String { settings[run].first { $0.0 == key }?.1 ?? "–" }
    let differing = keys.filter { key in Set(results.indices.map { value($0, key) }).count > 1 }
    // What names arms says nothing of a single curve.
    paths = differing.filter { $0 != "arms" && !$0.hasPrefix("definitions") }
    var order: [[String]] = []
    var groups: [[String]: [Int]] = [:]
    for run in results.indices {
      let key = differing.map { value(run, $0) }
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(run)
    }
    let kept = paths
    curves = order.flatMap { key -> [Curve] in
      let runs = groups[key] ?? []
      guard let first = runs.first else { return [] }
      let label = kept.map { "\($0.split(separator: ".").last ?? "") \(value(first, $0).unquotedYAML)" }
      return results[first].arms.map(\.name).map { arm in
        let rows = runs.compactMap { run in
          results[run].arms.first { $0.name == arm }.map { [results[run].shared] + $0.generations }
        }
        return Curve(
          name: ([arm] + label).joined(separator: ", "), arm: arm, settings: kept.map { value(first, $0).unquotedYAML },
          runs: rows, specification: results[first].specification)
      }
    }
  }

  /// Whether some curve has several seeds.
  public var hasSeeds: Bool { curves.contains { $0.seeds > 1 } }

  /// What real training windows score, the mean over runs.
  func real(_ figure: Figure) -> Double? {
    let values = results.compactMap { ($0.real[figure] ?? $0.realAgainstReal[figure])?.value }.filter(\.isFinite)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The figure of how like real motion samples are: FID, or the kinetic one where no encoder was trained.
  var likeness: Figure { results[0].shared.samples[.fid] == nil ? .fidKinetic : .fid }
}

extension String {
  /// A YAML scalar without its quotes.
  fileprivate var unquotedYAML: String {
    count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
  }
}
