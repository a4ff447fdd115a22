public import Evaluation
public import Generations

/// A run's results as one HTML page that needs nothing else: what was run, what came of it, the figures and their
/// curves, motions to play, and where every clip comes from. Several runs are compared on one page.
///
///     try AtomicFile.write(Report(try RunFolder.load(folder)).html, to: folder.appendingPathComponent("report.html"))
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
    let body = HTML.element(
      "body", [("class", "report")],
      [
        introduction(run), CurvesSection.html(series, real: [results]), ArmsSection.html(series, real: [results]),
        PhysicsSection(run: run).html, gallery.html, LineageSection(run: run).html,
        FiguresSection(results: results).html, FiguresSection.definitions, SettingsSection(run: run).html,
        gallery.isEmpty ? HTML(markup: "") : PlayerMarkup.script,
      ])
    return Page.text(title: results.name, head: [PlayerMarkup.style], body: body)
  }

  private var comparison: String {
    let series = runs.flatMap { ReportSeries.arms(of: $0.results, prefix: $0.results.name + " / ") }
    let coloured = series.enumerated().map { index, one in
      ReportSeries(name: one.name, colour: index % ReportSeries.colours, points: one.points)
    }
    let title = runs.map(\.results.name).joined(separator: " · ")
    let verdicts = runs.map { run in
      HTML.element(
        "p", [("class", "verdict")], .element("b", [], HTML(run.results.name + " ")),
        HTML(RunVerdict(results: run.results).sentence))
    }
    let body = HTML.element(
      "body", [("class", "report")],
      [
        .element("header", [], [.element("h1", [], HTML(title))] + verdicts), ComparisonSection(runs: runs).html,
        CurvesSection.html(coloured, real: runs.map(\.results)),
        ArmsSection.html(coloured, real: runs.map(\.results)),
      ] + runs.map { FiguresSection(results: $0.results, title: "Figures of \($0.results.name)").html }
        + [FiguresSection.definitions])
    return Page.text(title: title, head: [], body: body)
  }

  private func introduction(_ run: RunFolder) -> HTML {
    let results = run.results
    let last = results.arms.map { $0.generations.count }.max() ?? 0
    let facts: [(String, String)] = [
      ("arms", results.arms.map(\.name).joined(separator: ", ")), ("generations after the first", String(last)),
      ("real training windows", String(results.trainingWindows)),
      ("evaluation windows", String(results.evaluationWindows)),
      ("samples measured a generation", String(results.shared.samples.count)),
    ]
    let progress =
      run.isFinished ? [] : [HTML.element("p", [("class", "notice")], "This run has not come to its end.")]
    return .element(
      "header", [],
      [.element("h1", [], HTML(results.name))] + progress + [
        .element("p", [("class", "verdict")], HTML(RunVerdict(results: results).sentence)),
        .element(
          "p", [("class", "soft")],
          HTML(
            "A motion-diffusion model retrained, generation after generation, on real motion and its own samples. "
              + "Every figure is of fresh samples against a fixed evaluation set that no model is trained on; intervals "
              + "are 95 % bootstrap intervals; better and worse mean that they do not meet. Figures between sets depend "
              + "on the number of samples: compare them within this page.")),
        .element(
          "ul", [("class", "facts")],
          facts.map { .element("li", [], .element("b", [], HTML($0.1)), HTML($0.0)) }),
      ])
  }
}
