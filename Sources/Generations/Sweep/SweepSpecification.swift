public import Foundation
public import Support
import Yams

/// Many runs of one specification that differ in some settings: `surefoot sweep`.
///
///     preset: quickstart        # where the specification starts from
///     specification:            # what all runs share, as in a loop's file
///       generations: 15
///     grid:                     # every combination is a run; a list of such mappings is their union
///       lambda: [1, 4, 16]
///       seed: [1, 2, 3]
public struct SweepSpecification: Sendable, Hashable {
  /// The settings that all runs share.
  public var base: RunSpecification
  /// The runs, in the grid's order: the first setting varies slowest.
  public var cells: [Cell]

  /// One run.
  public struct Cell: Sendable, Hashable {
    /// The settings that differ between runs, in the grid's order.
    public var settings: [ArmDefinition.Setting]
    /// The resolved specification.
    public var specification: RunSpecification

    /// The folder's name, from the settings: `lambda-4_seed-1`.
    public var name: String {
      let text = settings.map { setting in
        let last = setting.path.split(separator: ".").last.map(String.init) ?? setting.path
        let value = setting.value.filter { $0.isLetter || $0.isNumber || ".-,".contains($0) }
        return "\(last)-\(value.replacing(",", with: "+"))"
      }.joined(separator: "_")
      guard !text.isEmpty else { return "all" }
      return text.count <= 100
        ? text : "\(text.prefix(80))-\(SHA256.hexadecimal(of: Data(text.utf8)).prefix(12))"
    }
  }

  /// The names of the settings that differ between runs, in order of first appearance.
  public var paths: [String] {
    cells.flatMap { $0.settings.map(\.path) }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Reads a sweep's file.
  ///
  /// - Throws: ``SurefootError`` with line and column.
  public init(contentsOf url: URL, preset: String? = nil) throws(SurefootError) {
    let text = try String(readingFile: url, limit: RunSpecification.largestFile)
    try self.init(yaml: text, file: url.path, preset: preset)
  }

  /// Reads a sweep from YAML text; `file` is used in messages.
  public init(yaml: String, file: String, preset: String? = nil) throws(SurefootError) {
    guard let node = try RunSpecification.compose(yaml, file: file), case .mapping(let mapping) = node else {
      throw SurefootError(
        file: file, line: 1, column: 1, message: "a sweep is a mapping that holds a grid",
        suggestion: "write grid: and, below it, settings with lists of values")
    }
    for (key, _) in mapping where !["preset", "specification", "grid"].contains(key.scalar?.string) {
      throw RunSpecification.fault(
        key, in: file, "a sweep has no part \(key.scalar?.string ?? "of that kind")",
        suggestion: "it has preset, specification and grid; settings of the runs stand under specification")
    }
    base = try RunSpecification.preset(preset ?? mapping["preset"]?.scalar?.string ?? "quickstart")
    if let node = mapping["specification"] { try base.read(node, file: file) }
    guard let grid = mapping["grid"] else {
      throw RunSpecification.fault(node, in: file, "there is no grid", suggestion: "write grid: {lambda: [1, 4]}")
    }
    cells = []
    for part in grid.sequence.map(Array.init) ?? [grid] { try add(part, file: file) }
  }

  /// Adds every combination of one grid; what is there already is left alone.
  private mutating func add(_ grid: Node, file: String) throws(SurefootError) {
    guard case .mapping(let mapping) = grid, !mapping.isEmpty else {
      throw RunSpecification.fault(grid, in: file, "a grid holds settings with lists of values")
    }
    var combinations: [[(setting: ArmDefinition.Setting, node: Node)]] = [[]]
    for (key, values) in mapping {
      let path = key.scalar?.string ?? ""
      guard let sequence = values.sequence, !sequence.isEmpty else {
        throw RunSpecification.fault(values, in: file, "\(path) takes a list of values here, as [1, 4]")
      }
      var choices: [(setting: ArmDefinition.Setting, node: Node)] = []
      for node in sequence {
        let value = try base.normalized(path, node, key: key, file: file)
        choices.append((ArmDefinition.Setting(path: path, value: value), node))
      }
      combinations = combinations.flatMap { old in choices.map { old + [$0] } }
      guard combinations.count <= 100_000 else {
        throw RunSpecification.fault(values, in: file, "the grid has more than 100000 runs")
      }
    }
    for combination in combinations {
      var specification = base
      for (setting, node) in combination {
        do {
          try specification.set("\(setting.path)=\(setting.value)")
        } catch {
          throw RunSpecification.fault(node, in: file, error.message, suggestion: error.suggestion)
        }
      }
      do {
        try specification.validate()
      } catch {
        throw RunSpecification.fault(grid, in: file, error.message, suggestion: error.suggestion)
      }
      let cell = Cell(settings: combination.map(\.setting), specification: specification)
      if !cells.contains(where: { $0.specification == specification }) { cells.append(cell) }
    }
  }
}
