public import Evaluation
public import Foundation
public import Support

/// Runs a grid's runs one after the other, skips what is done, takes up what was begun, and collects one table.
///
/// Runs that agree in all that generation 0 depends on share it: the first makes it, the others take it over.
public struct Sweep: Sendable {
  /// The runs.
  public let specification: SweepSpecification
  /// Where they lie: `runs/NAME/`, `table.csv`, `table.jsonl`.
  public let folder: URL
  /// Makes the loop of a specification in a folder.
  public typealias Maker = (RunSpecification, URL) throws -> Loop

  /// What became of one run.
  public enum Outcome: Sendable {
    /// It was done before.
    case skipped
    /// It is done now.
    case done
    /// It could not be ended; what is wrong.
    case failed(String)
  }

  /// A sweep in a folder.
  public init(_ specification: SweepSpecification, folder: URL) {
    self.specification = specification
    self.folder = folder
  }

  /// The folder of one run.
  public func folder(of cell: SweepSpecification.Cell) -> URL {
    folder.appendingPathComponent("runs").appendingPathComponent(cell.name)
  }

  /// Runs what is not done. A run that fails does not keep the others from being done; the table is written after each.
  ///
  /// - Parameters:
  ///   - make: Makes a loop.
  ///   - observe: Told of each run's number, before it (without an outcome) and after it.
  /// - Returns: The table of all runs that are done, and the failures by run.
  public func run(
    _ make: Maker, observe: (_ index: Int, _ cell: SweepSpecification.Cell, _ outcome: Outcome?) -> Void
  ) async throws -> (table: SweepTable, failures: [String: String]) {
    var results: [(SweepSpecification.Cell, RunResults)] = []
    var failures: [String: String] = [:]
    for (index, cell) in specification.cells.enumerated() {
      let place = folder(of: cell)
      if let done = try finished(cell) {
        results.append((cell, done))
        observe(index, cell, .skipped)
        continue
      }
      observe(index, cell, nil)
      do {
        let loop = try make(cell.specification, place)
        for (other, _) in results where try loop.adopt(from: folder(of: other)) { break }
        results.append((cell, try await loop.run()))
        observe(index, cell, .done)
      } catch {
        failures[cell.name] = "\(error)"
        observe(index, cell, .failed("\(error)"))
      }
      try write(results)
    }
    return (try write(results), failures)
  }

  /// The results of a run that has ended with this very specification.
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
