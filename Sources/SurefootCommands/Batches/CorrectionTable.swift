import Correctors
import Dynamics
import Foundation
import Support

/// The lines of `correct`: one a clip, as soon as it is done, under one header.
struct CorrectionTable {
  private let width: Int
  private static let columns: [(title: String, width: Int)] = [
    ("verdict", 15), ("Penetrate", 12), ("Float", 14), ("Skate", 12), ("Phys-Err mm", 14), ("below floor %", 13),
    ("residual BW", 12),
    ("applied BW", 10), ("MPJPE mm", 8),
  ]

  /// - Parameter names: The names of all files: the first column's width.
  init(names: [String]) { width = min(48, max(4, names.map(\.count).max() ?? 4)) }

  /// The header and the rule below it.
  var header: String {
    let line = row("file", Self.columns.map(\.title))
    return line + "\n" + String(repeating: "-", count: line.count)
  }

  /// One clip.
  func line(_ result: CorrectionResult) -> String {
    let word = result.verdict?.kind.rawValue ?? "failed"
    return row(result.input, [result.isKept ? "\(word), kept" : word] + Self.cells(result.figures))
  }

  /// The means over all clips that were corrected; `nil` if there are not two.
  func means(_ results: [CorrectionResult]) -> String? {
    let figures = results.filter { $0.failure == nil }.compactMap(\.figures)
    guard figures.count > 1 else { return nil }
    func mean(_ value: (CorrectionFigures) -> Double) -> Double {
      figures.reduce(0) { $0 + value($1) } / Double(figures.count)
    }
    func both(_ key: (PlausibilityMetrics) -> Double, _ digits: Int = 1) -> String {
      Self.both(mean { key($0.before) }, mean { key($0.after) }, digits)
    }
    let applied = figures.compactMap(\.meanAppliedResidual)
    return row(
      "mean of \(figures.count)",
      [
        "", both(\.penetrate), both(\.float), both(\.skate), both(\.physErr),
        Self.belowFloor(figures), both(\.residualWrench, 2),
        applied.isEmpty ? "-" : Numbers.fixed(applied.reduce(0, +) / Double(applied.count), digits: 2),
        Numbers.fixed(mean(\.mpjpe), digits: 1),
      ])
  }

  private static func cells(_ figures: CorrectionFigures?) -> [String] {
    guard let figures else { return columns.dropFirst().map { _ in "-" } }
    let (x, y) = (figures.before, figures.after)
    return [
      both(x.penetrate, y.penetrate), both(x.float, y.float), both(x.skate, y.skate), both(x.physErr, y.physErr),
      belowFloor([figures]),
      both(x.residualWrench, y.residualWrench, 2),
      figures.meanAppliedResidual.map { Numbers.fixed($0, digits: 2) } ?? "-",
      Numbers.fixed(figures.mpjpe, digits: 1),
    ]
  }

  /// The share of frames with a joint below the floor, in the mean of some clips; of those that an earlier version
  /// corrected it is not known.
  private static func belowFloor(_ figures: [CorrectionFigures]) -> String {
    let shares = figures.compactMap { clip in
      clip.before.skeletonPenetration.flatMap { before in
        clip.after.skeletonPenetration.map { (before.share, $0.share) }
      }
    }
    guard !shares.isEmpty else { return "-" }
    let percent = 100 / Double(shares.count)
    return both(percent * shares.reduce(0) { $0 + $1.0 }, percent * shares.reduce(0) { $0 + $1.1 })
  }

  private func row(_ name: String, _ cells: [String]) -> String {
    let short = name.count > width ? "…" + name.suffix(width - 1) : name
    return zip(cells, Self.columns).reduce(short + blanks(width - short.count)) { line, cell in
      line + "  " + blanks(cell.1.width - cell.0.count) + cell.0
    }
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// Before and after in one cell.
  private static func both(_ a: Double, _ b: Double, _ digits: Int = 1) -> String {
    "\(Numbers.fixed(a, digits: digits)) -> \(Numbers.fixed(b, digits: digits))"
  }
}

/// How a batch went.
struct CorrectionSummary: Encodable {
  var files = 0
  var corrected = 0
  var unchanged = 0
  var rejected = 0
  /// Could not be read, handed to the corrector or written.
  var failed = 0
  /// Of all these, done by an earlier run.
  var kept = 0

  /// Those for which nothing was written.
  var missing: Int { rejected + failed }

  mutating func add(_ result: CorrectionResult) {
    files += 1
    kept += result.isKept ? 1 : 0
    switch (result.verdict, result.failure) {
    case (.corrected, nil): corrected += 1
    case (.unchanged, nil): unchanged += 1
    case (.rejected, _): rejected += 1
    default: failed += 1
    }
  }

  /// In one line.
  var text: String {
    let parts = [
      (corrected, "corrected"), (unchanged, "unchanged"), (rejected, "rejected"), (failed, "failed"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let done = kept > 0 ? "; \(kept) of them already by an earlier run, kept (--force does them again)" : ""
    return "\(files) \(files == 1 ? "file" : "files"): \(parts.joined(separator: ", "))\(done)"
  }
}
