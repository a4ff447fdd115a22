import Charts
import Evaluation
public import Generations

/// A run's results as one HTML page that opens without a network: settings, result, figures and their curves, motions to
/// play, and the origin of every clip. Several runs are compared on one page.
///
///     let run = try RunFolder.load(URL(fileURLWithPath: "runs/mine"))
///     try Report(run).html.write(to: URL(fileURLWithPath: "report.html"), atomically: true, encoding: .utf8)
///     let comparison = Report(comparing: [run, other]).html
public struct Report: Sendable {
  let runs: [RunFolder]

  /// The report of a run.
  public init(_ run: RunFolder) { runs = [run] }

  /// The report of a run's figures alone.
  public init(_ results: RunResults) { runs = [RunFolder(results: results)] }

  /// Several runs on one page.
  ///
  /// - Precondition: At least one run.
  public init(comparing runs: [RunFolder]) {
    precondition(!runs.isEmpty, "at least one run")
    self.runs = runs
  }

  /// The whole page. The same run gives the same text.
  public var html: String {
    runs.count == 1 ? single(runs[0]) : comparison
  }

  private func single(_ run: RunFolder) -> String {
    let results = run.results
    let gallery = Gallery(run)
    let series = ReportSeries.arms(of: results)
    let body = Markup.element(
      "body", [("class", "report")],
      [
        introduction(run), CurvesSection.html(series, real: [results]), ArmsSection.html(series, real: [results]),
        PhysicsSection(run: run).html, gallery.html, LineageSection(run: run).html,
        FiguresSection(results: results).html, FiguresSection.definitions, SettingsSection(run: run).html,
        gallery.isEmpty ? Markup.empty : PlayerMarkup.script,
      ])
    return Page.text(title: results.name, head: [PlayerMarkup.style], body: body)
  }

  private var comparison: String {
    let series = runs.flatMap { ReportSeries.arms(of: $0.results, prefix: $0.results.name + " / ") }
    let coloured = series.enumerated().map { index, one in
      ReportSeries(name: one.name, colour: index % ReportSeries.colours, points: one.points)
    }
    let title = runs.map(\.results.name).joined(separator: " · ")
    let verdicts = runs.flatMap { run in
      [
        Markup.element(
          "p", [("class", "verdict")], .element("b", [], Markup(run.results.name + " ")),
          Markup(RunVerdict(results: run.results).sentence))
      ] + Report.damages(of: run)
    }
    let body = Markup.element(
      "body", [("class", "report")],
      [
        .element("header", [], [.element("h1", [], Markup(title))] + verdicts), ComparisonSection(runs: runs).html,
        CurvesSection.html(coloured, real: runs.map(\.results)),
        ArmsSection.html(coloured, real: runs.map(\.results)),
      ] + runs.map { FiguresSection(results: $0.results, title: "Figures of \($0.results.name)").html }
        + [FiguresSection.definitions])
    return Page.text(title: title, head: [], body: body)
  }

  /// What of a run is not as its ledger says; the first five of many.
  private static func damages(of run: RunFolder) -> [Markup] {
    guard !run.damages.isEmpty else { return [] }
    let more = run.damages.count > 5 ? " And \(run.damages.count - 5) more; `surefoot lineage` names all." : ""
    let text = "\(run.results.name) is not as its ledger says. " + run.damages.prefix(5).joined(separator: " ") + more
    return [Markup.element("p", [("class", "notice")], Markup(text))]
  }

  private func introduction(_ run: RunFolder) -> Markup {
    let results = run.results
    let last = results.arms.map { $0.generations.count }.max() ?? 0
    let facts: [(String, String)] = [
      ("arms", results.arms.map(\.name).joined(separator: ", ")), ("generations after the first", String(last)),
      ("real training windows", String(results.trainingWindows)),
      ("evaluation windows", String(results.evaluationWindows)),
      ("samples measured a generation", String(results.shared.samples.count)),
    ]
    let progress =
      run.isFinished ? [] : [Markup.element("p", [("class", "notice")], "This run has not finished.")]
    return .element(
      "header", [],
      [.element("h1", [], Markup(results.name))] + progress + Report.damages(of: run) + [
        .element("p", [("class", "verdict")], Markup(RunVerdict(results: results).sentence)),
        .element(
          "p", [("class", "soft")],
          Markup(
            "A motion-diffusion model retrained, generation after generation, on real motion and on samples of itself. "
              + "Every figure is of fresh samples against a fixed evaluation set that no model is trained on; intervals "
              + "are 95 % bootstrap intervals; better and worse mean that they do not overlap. Figures between sets depend "
              + "on the number of samples: compare them within this page.")),
        .element(
          "ul", [("class", "facts")],
          facts.map { .element("li", [], .element("b", [], Markup($0.1)), Markup($0.0)) }),
      ])
  }
}
