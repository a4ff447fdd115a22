import Evaluation
public import Foundation
import Support

/// Runs a grid's runs one after the other, skips finished ones, resumes others, and collects one table.
///
///     let sweep = Sweep(try SweepSpecification(contentsOf: file), folder: output)
///     let (table, failures) = try await sweep.run { try makeLoop($0, folder: $1) } observe: { _, _, _ in }
///
/// Runs that agree in all settings that generation 0 depends on share it: the first makes it, the others copy it.
public struct Sweep: Sendable {
  /// The runs.
  public let specification: SweepSpecification
  /// The output folder, with `runs/NAME/`, `table.csv` and `table.jsonl`.
  public let folder: URL
  /// Makes the loop of a specification in a folder.
  public typealias Maker = (RunSpecification, URL) throws -> Loop

  /// The outcome of one run.
  public enum Outcome: Sendable {
    /// It was finished before.
    case skipped
    /// It is finished now.
    case done
    /// It failed, with this message.
    case failed(String)
  }

  /// A sweep that writes to a folder.
  public init(_ specification: SweepSpecification, folder: URL) {
    self.specification = specification
    self.folder = folder
  }

  /// The folder of one run.
  public func folder(of cell: SweepSpecification.Cell) -> URL {
    folder.appendingPathComponent("runs").appendingPathComponent(cell.name)
  }

  /// Runs what is not finished. A run that fails does not stop the others; the table is written after each.
  ///
  /// - Parameters:
  ///   - make: Makes a loop.
  ///   - observe: Called before each run (without an outcome) and after it, with the run's index.
  ///   - waiting: Called once with the other process if one works on the folder: this one goes on when that has ended, and finds
  ///     its runs done.
  /// - Returns: The table of all finished runs, and the failures by run.
  public func run(
    _ make: Maker, observe: (_ index: Int, _ cell: SweepSpecification.Cell, _ outcome: Outcome?) -> Void,
    waiting: (_ holder: String) -> Void = { _ in }
  ) async throws -> (table: SweepTable, failures: [String: String]) {
    let lock = try await FolderLock(folder, named: ".sweep.lock") { waiting("\($0)") }
    defer { withExtendedLifetime(lock) {} }
    var results: [(SweepSpecification.Cell, RunResults)] = []
    var failures: [String: String] = [:]
    for (index, cell) in specification.cells.enumerated() {
      if let done = try finished(cell) {
        results.append((cell, done))
        observe(index, cell, .skipped)
        continue
      }
      observe(index, cell, nil)
      let outcome = try await run(cell, make, sharingFrom: results.map(\.0)) { results.append((cell, $0)) }
      if case .failed(let problem) = outcome { failures[cell.name] = problem }
      observe(index, cell, outcome)
      try write(results)
    }
    return (try write(results), failures)
  }

  /// Runs some of the runs and writes no table: a worker's part of a sweep. See ``collect()``.
  ///
  /// - Parameters:
  ///   - names: The runs' names.
  ///   - make: Makes a loop.
  ///   - observe: As in ``run(_:observe:waiting:)``.
  /// - Returns: The failures by run.
  public func run(
    only names: Set<String>, _ make: Maker,
    observe: (_ index: Int, _ cell: SweepSpecification.Cell, _ outcome: Outcome?) -> Void
  ) async throws -> [String: String] {
    var failures: [String: String] = [:]
    for (index, cell) in specification.cells.enumerated() where names.contains(cell.name) {
      guard try finished(cell) == nil else {
        observe(index, cell, .skipped)
        continue
      }
      observe(index, cell, nil)
      // Those of other workers too, as far as they have ended.
      let others = try specification.cells.filter {
        guard $0 != cell, $0.specification.generationZero == cell.specification.generationZero else { return false }
        return try finished($0) != nil
      }
      let outcome = try await run(cell, make, sharingFrom: others) { _ in }
      if case .failed(let problem) = outcome { failures[cell.name] = problem }
      observe(index, cell, outcome)
    }
    return failures
  }

  /// Writes the table of all finished runs, wherever they were run.
  ///
  /// - Returns: The table, and the names of the runs that are not finished.
  public func collect() throws -> (table: SweepTable, missing: [String]) {
    var results: [(SweepSpecification.Cell, RunResults)] = []
    var missing: [String] = []
    for cell in specification.cells {
      if let done = try finished(cell) { results.append((cell, done)) } else { missing.append(cell.name) }
    }
    return (try write(results), missing)
  }

  /// One run, with generation 0 from the first of some finished ones that has the same.
  private func run(
    _ cell: SweepSpecification.Cell, _ make: Maker, sharingFrom others: [SweepSpecification.Cell],
    keep: (RunResults) -> Void
  ) async throws -> Outcome {
    do {
      let loop = try make(cell.specification, folder(of: cell))
      for other in others where try loop.shareGenerationZero(from: folder(of: other)) { break }
      keep(try await loop.run())
      return .done
    } catch let error as CancellationError {
      throw error
    } catch {
      return .failed("\(error)")
    }
  }

  /// The results of a run that has ended with exactly this specification.
  private func finished(_ cell: SweepSpecification.Cell) throws -> RunResults? {
    let place = folder(of: cell)
    guard FileManager.default.fileExists(atPath: place.appendingPathComponent("results.json").path),
      try Ledger.events(in: place.appendingPathComponent("ledger.jsonl")).hasEnded
    else { return nil }
    let results = try RunResults.load(from: place)
    return results.specification == cell.specification.yaml ? results : nil
  }

  @discardableResult
  private func write(_ results: [(SweepSpecification.Cell, RunResults)]) throws -> SweepTable {
    let table = SweepTable(paths: specification.paths, runs: results)
    try AtomicFile.write(table.csv, to: folder.appendingPathComponent("table.csv"))
    try AtomicFile.write(try table.jsonLines(), to: folder.appendingPathComponent("table.jsonl"))
    return table
  }
}
