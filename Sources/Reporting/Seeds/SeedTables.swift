import Charts
import Evaluation
public import Foundation
import Generations
public import Support

/// Figures and tables of runs for a paper: SVG and PDF at the width of a column, LaTeX and CSV.
///
///     try SeedTables(SeedCurves(runs.map(\.results))).write(to: folder)
public struct SeedTables: Sendable {
  /// The figures of tables, as many as a page is wide.
  static let shown: [Figure] = [
    .fid, .fidKinetic, .coverage, .diversity, .kineticEnergy, .physErr, .skate, .residualWrench, .jerk,
  ]

  let curves: SeedCurves

  /// The tables of some curves.
  public init(_ curves: SeedCurves) { self.curves = curves }

  /// Writes `FIGURE.svg` and `FIGURE.pdf` for every figure that was measured, `figures.csv` with every generation, and
  /// `table.tex` with the last one. Each file appears whole or not at all.
  ///
  /// - Returns: The files, in alphabetical order.
  public func write(to folder: URL) throws(SurefootError) -> [URL] {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw SurefootError(
        file: folder.path, message: "cannot be made: \(error.localizedDescription)", suggestion: "name another folder")
    }
    var files: [URL] = []
    for figure in ReportFigures.curves {
      let chart = chart(figure)
      guard !chart.isEmpty else { continue }
      let (svg, pdf) = (
        folder.appending(path: "\(figure.rawValue).svg"), folder.appending(path: "\(figure.rawValue).pdf")
      )
      try AtomicFile.write(chart.svg, to: svg)
      try AtomicFile.write(chart.pdf, to: pdf)
      files += [svg, pdf]
    }
    for (name, text) in [("figures.csv", csv), ("table.tex", latex)] {
      try AtomicFile.write(text, to: folder.appending(path: name))
      files.append(folder.appending(path: name))
    }
    return files.sorted { $0.path < $1.path }
  }

  private func chart(_ figure: Figure) -> PaperChart {
    let unit = figure.unit.isEmpty ? "" : " [\(figure.unit)]"
    var chart = PaperChart(xLabel: "generation", yLabel: figure.title + unit)
    for curve in curves.curves {
      let points = curve.points(of: figure)
      guard !points.isEmpty else { continue }
      chart.add(
        curve.name, points.map { (x: Double($0.generation), value: $0.mean, lower: $0.lower, upper: $0.upper) })
    }
    if let real = curves.real(figure), !chart.isEmpty { chart.addReference("real motion", at: real) }
    return chart
  }

  /// One row a curve, generation and figure: the mean, the standard deviation and the band over seeds.
  var csv: String {
    let header =
      ["arm"] + curves.paths + ["generation", "figure", "unit", "seeds", "mean", "deviation", "lower", "upper"]
    var lines = [header]
    for curve in curves.curves {
      for figure in Figure.allCases {
        for point in curve.points(of: figure) {
          lines.append(
            [curve.arm] + curve.settings + [
              "\(point.generation)", figure.rawValue, figure.unit, "\(point.seeds)", "\(point.mean)",
              point.seeds > 1 ? "\(point.deviation)" : "", "\(point.lower)", "\(point.upper)",
            ])
        }
      }
    }
    return lines.map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// The last generation as a table for `\usepackage{booktabs}`, mean and standard deviation over seeds.
  var latex: String {
    let shown = Self.shown.filter { figure in curves.curves.contains { !$0.points(of: figure).isEmpty } }
    let heads = shown.map { figure in
      Self.escaped(figure.title) + (figure.unit.isEmpty ? "" : " [\(Self.escaped(figure.unit))]")
    }
    var lines = [
      "% Last generation, mean and standard deviation over seeds. Needs \\usepackage{booktabs}.",
      "\\begin{tabular}{l" + String(repeating: "r", count: shown.count + 1) + "}", "\\toprule",
      (["arm", "seeds"] + heads).joined(separator: " & ") + " \\\\", "\\midrule",
    ]
    for curve in curves.curves {
      let cells = shown.map { figure -> String in
        guard let point = curve.points(of: figure).last else { return "--" }
        let spread = point.seeds > 1 ? " \\pm \(Numbers.short(point.deviation))" : ""
        return "$\(Numbers.short(point.mean))\(spread)$"
      }
      lines.append(([Self.escaped(curve.name), "\(curve.seeds)"] + cells).joined(separator: " & ") + " \\\\")
    }
    let real = shown.map { figure in curves.real(figure).map { "$\(Numbers.short($0))$" } ?? "--" }
    lines += [
      "\\midrule", (["real motion", ""] + real).joined(separator: " & ") + " \\\\", "\\bottomrule", "\\end{tabular}",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    let special: [Character: String] = [
      "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "³": "$^3$", "²": "$^2$",
    ]
    return text.map { letter in special[letter] ?? ("&%$#_{}".contains(letter) ? "\\\(letter)" : "\(letter)") }.joined()
  }
}
