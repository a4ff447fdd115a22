public import Evaluation
public import Generations
import Support

/// Where models and clips come from.
struct LineageSection {
  let run: RunFolder

  var html: HTML {
    let models = run.models
    guard !models.isEmpty else { return HTML(markup: "") }
    let mixes = run.events.compactMap { if case .mix(let record) = $0 { record } else { nil } }
    let chart = LineageChart(arms: run.results.arms.map(\.name), models: models, mixes: mixes).svg
    let drawing = chart.map { [HTML.element("div", [("class", "scroll")], $0)] } ?? []
    let rows = models.map { model in
      let mix = mixes.first { $0.arm == model.arm && $0.generation == model.generation }
      let cells = [
        model.id, String(model.sha256.prefix(12)), model.parent.map { String($0.prefix(12)) } ?? "from scratch",
        String(mix?.real ?? model.clips), String(mix?.synthetic.count ?? 0), String(mix?.dropped ?? 0),
        String(model.steps), String(model.seed), Numbers.short(model.loss),
      ]
      return HTML.element("tr", [], cells.map { .element("td", [], HTML($0)) })
    }
    let table = ReportTable.section(
      "Models",
      header: ["model", "SHA-256", "trained on from", "real", "synthetic", "dropped", "steps", "seed", "loss"],
      rows: rows, level: "h3")
    let note = HTML.element(
      "p", [("class", "soft")],
      HTML("ledger.jsonl names the parents, seed, model, verdict and SHA-256 of every one of \(run.clips.count) clips.")
    )
    return .element("section", [], [.element("h2", [], "Lineage")] + drawing + [note, table])
  }
}

/// The exact commands, versions and settings.
struct SettingsSection {
  let run: RunFolder

  var html: HTML {
    var parts: [HTML] = [.element("h2", [], "Command, versions, settings")]
    if !run.commands.isEmpty {
      let lines = run.commands.map { "# \($0.time)\n\($0.line)" }.joined(separator: "\n")
      parts.append(.element("pre", [], HTML(lines)))
    }
    var facts = (run.commands.last?.versions ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if let record = run.record {
      facts += [
        ("generator", record.generator), ("corrector", record.corrector), ("data set's SHA-256", record.dataset),
        ("specification's SHA-256", record.specification),
      ]
    }
    if !facts.isEmpty {
      let rows = facts.map { name, value in
        HTML.element(
          "tr", [], .element("td", [], HTML(name)),
          .element("td", [("class", "names")], .element("code", [], HTML(value))))
      }
      parts.append(.element("div", [("class", "scroll")], .element("table", [], .element("tbody", [], rows))))
    }
    parts.append(.element("pre", [], HTML(run.results.specification)))
    return .element("section", [], parts)
  }
}
