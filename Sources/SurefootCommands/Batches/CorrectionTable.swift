import Correctors
import Dynamics
import Foundation
import Support

/// The lines of `correct`: one a clip, as soon as it is done, under one header that has the units.
///
/// On a terminal the table is as wide as that: file names are cut in the middle, and columns that find no place are left
/// out. Elsewhere nothing is cut, so that programs can read it.
struct CorrectionTable {
  /// A figure before and after, or one figure.
  private struct Column: Sendable {
    var title: String
    var unit: String
    var width: Int
    var cell: @Sendable (CorrectionFigures) -> String
  }

  private let columns: [Column]
  private let nameWidth: Int
  /// Whether there is room for how tall each figure is.
  private let hasStature: Bool

  private static let verdictWidth = 10
  private static let statureWidth = 6
  private static let pairWidth = 9
  /// Names get this much before an optional column gets a place [characters].
  private static let comfortable = 24

  private static let needed = [
    pair("Penetrate", "mm", \.penetrate), pair("Float", "mm", \.float), pair("Skate", "mm/frame", \.skate),
    pair("residual", "BW", digits: 2, \.residualWrench),
    Column(title: "MPJPE", unit: "mm", width: 5) { compact($0.mpjpe, 1) },
  ]
  /// In the order in which they get a place.
  private static let optional = [
    pair("Phys-Err", "mm", \.physErr),
    Column(title: "below", unit: "%", width: pairWidth) { figures in
      guard let (x, y) = figures.sharesBelowFloor else { return "-" }
      return "\(compact(100 * x, 1))→\(compact(100 * y, 1))"
    },
    Column(title: "applied", unit: "BW", width: 7) { $0.meanAppliedResidual.map { compact($0, 2) } ?? "-" },
  ]

  /// - Parameters:
  ///   - longest: The length of the longest file name.
  ///   - width: The terminal's columns; `nil` where nothing is to be cut.
  init(longestName longest: Int, width: Int?) {
    let longest = max(4, longest)
    var optional = Self.optional
    func fixed() -> Int {
      (Self.needed + optional).reduce(2 + Self.verdictWidth) { $0 + 2 + $1.width }
    }
    hasStature = width.map { fixed() + Self.statureWidth + min(longest, Self.comfortable) <= $0 } ?? true
    let stature = hasStature ? Self.statureWidth : 0
    if let width {
      while !optional.isEmpty, fixed() + min(longest, Self.comfortable) > width { optional.removeLast() }
      nameWidth = min(longest, max(ShortenedPath.least, width - fixed() - stature))
    } else {
      nameWidth = longest
    }
    columns = Self.needed.dropLast() + optional + Self.needed.suffix(1)
  }

  /// The titles, their units, and the rule below them.
  var header: String {
    let line = row("file", "verdict", "tall", columns.map(\.title))
    let rule = String(repeating: "-", count: line.count)
    return [line, row("", "", "m", columns.map(\.unit)), rule].joined(separator: "\n")
  }

  /// One clip. A clip without figures has dashes; one that an earlier run corrected counts as kept.
  func line(_ result: CorrectionResult) -> String {
    var word = result.verdict?.kind.rawValue ?? "failed"
    let isKept = result.isKept && result.failure == nil
    if isKept { word = "kept" }
    // Of several correctors, the one that made the clip.
    if let maker = result.figures?.madeBy, result.verdict == .corrected, !isKept { word = maker }
    return row(
      result.input, word, result.stature.map { Numbers.fixed($0, digits: 2) } ?? "-",
      columns.map { column in result.figures.map { column.cell($0) } ?? "-" })
  }

  /// The means over all clips that were corrected; `nil` if there are not two.
  func line(_ means: CorrectionMeans) -> String? {
    guard let figures = means.figures, means.count > 1 else { return nil }
    return row("mean of \(means.count)", "", "", columns.map { $0.cell(figures) })
  }

  private func row(_ name: String, _ verdict: String, _ stature: String, _ cells: [String]) -> String {
    let short = ShortenedPath.fit(name, width: nameWidth)
    var start = short + blanks(nameWidth - short.count) + "  " + verdict + blanks(Self.verdictWidth - verdict.count)
    if hasStature { start += blanks(Self.statureWidth - stature.count) + stature }
    let line = zip(cells, columns).reduce(start) { line, cell in
      line + "  " + blanks(cell.1.width - cell.0.count) + cell.0
    }
    return line
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private static func pair(
    _ title: String, _ unit: String, digits: Int = 1, _ key: @escaping @Sendable (PlausibilityMetrics) -> Double
  ) -> Column {
    Column(title: title, unit: unit, width: pairWidth) {
      "\(compact(key($0.before), digits))→\(compact(key($0.after), digits))"
    }
  }

  /// At most four characters below 10,000.
  private static func compact(_ value: Double, _ digits: Int) -> String {
    Numbers.fixed(value, digits: value < 99.95 ? (value < 9.995 ? digits : 1) : 0)
  }
}

extension CorrectionFigures {
  /// The shares of frames with a joint below the floor, before and after; `nil` where an earlier version corrected.
  fileprivate var sharesBelowFloor: (Double, Double)? {
    before.skeletonPenetration.flatMap { x in after.skeletonPenetration.map { (x.share, $0.share) } }
  }
}

/// The means that the table has of several clips, added up clip by clip.
struct CorrectionMeans {
  private(set) var count = 0
  private var first: CorrectionFigures?
  private var before = [Double](repeating: 0, count: keys.count)
  private var after = [Double](repeating: 0, count: keys.count)
  private var mpjpe = 0.0
  private var applied = (sum: 0.0, count: 0)

  private static let keys: [@Sendable (PlausibilityMetrics) -> Double] = [
    { $0.penetrate }, { $0.float }, { $0.skate }, { $0.skateSpeed }, { $0.skatingRatio }, { $0.residualWrench },
    { $0.residualWrench95 }, { $0.selfPenetration }, { $0.jointLimitExcess }, { $0.jerk },
  ]

  /// Takes a clip, unless nothing was written for it.
  mutating func add(_ result: CorrectionResult) {
    guard result.failure == nil, let figures = result.figures else { return }
    first = first ?? figures
    count += 1
    for (index, key) in Self.keys.enumerated() {
      before[index] += key(figures.before)
      after[index] += key(figures.after)
    }
    mpjpe += figures.mpjpe
    if let value = figures.meanAppliedResidual { applied = (applied.sum + value, applied.count + 1) }
  }

  /// The means; `nil` without clips.
  var figures: CorrectionFigures? {
    guard var figures = first else { return nil }
    func means(_ sums: [Double]) -> PlausibilityMetrics {
      let values = sums.map { $0 / Double(count) }
      return PlausibilityMetrics(
        penetrate: values[0], float: values[1], skate: values[2], skateSpeed: values[3], skatingRatio: values[4],
        residualWrench: values[5], residualWrench95: values[6], selfPenetration: values[7],
        jointLimitExcess: values[8], jerk: values[9])
    }
    (figures.before, figures.after) = (means(before), means(after))
    figures.mpjpe = mpjpe / Double(count)
    figures.meanAppliedResidual = applied.count == 0 ? nil : applied.sum / Double(applied.count)
    return figures
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
  ///
  /// - Parameter list: The file that names the clips for which nothing was written, if there is one.
  func text(list: String?) -> String {
    let parts = [
      (corrected, "corrected"), (unchanged, "unchanged"), (rejected, "rejected"), (failed, "failed"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let done = kept > 0 ? "; \(kept) of them already by an earlier run, kept (--force does them again)" : ""
    let place = list.map { ": see \($0)" } ?? ""
    return "\(files) \(files == 1 ? "file" : "files"): \(parts.joined(separator: ", "))\(place)\(done)"
  }
}
