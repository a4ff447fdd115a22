import Foundation

/// Prints the outcome of each clip of a batch, and keeps what the end of the batch needs.
final class CorrectionTelling {
  private let printing: OutputOptions
  let console: Console
  private let isPiped: Bool
  private let table: CorrectionTable
  /// All results under `--json`, which prints them together; else none: of many clips they would fill the memory.
  private(set) var results: [CorrectionResult] = []
  /// Why clips were not corrected.
  private(set) var failures: [String] = []
  private var means = CorrectionMeans()
  private(set) var summary = CorrectionSummary()

  init(_ plan: CorrectionPlan, _ printing: OutputOptions, _ console: Console) {
    self.printing = printing
    self.console = console
    isPiped = plan.isPiped
    table = CorrectionTable(
      longestName: plan.items.reduce(4) { max($0, $1.shown.count) }, width: plan.isPiped ? 80 : Console.width)
  }

  /// Where the motion goes to standard output, everything else goes to standard error.
  func print(_ text: String) {
    if isPiped { console.note(text) } else { console.row(text) }
  }

  private func printRow(_ text: String) {
    if !printing.quiet { print(text) }
  }

  /// Prints one clip's line and warnings. Call it in the inputs' order.
  func tell(_ result: CorrectionResult) {
    if summary.files == 0 { printRow(table.header) }
    printRow(table.line(result))
    for warning in result.warnings { console.warn(warning) }
    if let failure = result.failure { console.warn(failure) }
    for sentence in result.contradictions { console.warn("\(result.input): \(sentence)") }
    summary.add(result)
    means.add(result)
    if let failure = result.failure { failures.append(failure) }
    if printing.json { results.append(result) }
  }

  /// Prints the line of means.
  func tellMeans() {
    if let means = table.line(means) { printRow(means) }
  }
}
