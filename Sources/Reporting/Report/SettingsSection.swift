import Charts
import Generations

/// The exact commands, versions and settings.
struct SettingsSection {
  let run: RunFolder

  var html: Markup {
    var parts: [Markup] = [.element("h2", [], "Command, versions, settings")]
    if !run.commands.isEmpty {
      let lines = run.commands.map { "# \($0.time)\n\($0.line)" }.joined(separator: "\n")
      parts.append(.element("pre", [], Markup(lines)))
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
        Markup.element(
          "tr", [], .element("td", [], Markup(name)),
          .element("td", [("class", "names")], .element("code", [], Markup(value))))
      }
      parts.append(.element("div", [("class", "scroll")], .element("table", [], .element("tbody", [], rows))))
    }
    parts.append(.element("pre", [], Markup(run.results.specification)))
    return .element("section", [], parts)
  }
}

/// The settings in which compared runs differ.
struct ComparisonSection {
  let runs: [RunFolder]

  var html: Markup {
    let settings = runs.map { ComparisonSection.settings($0.results.specification) }
    var keys: [String] = []
    for pair in settings.flatMap({ $0 }) where !keys.contains(pair.0) { keys.append(pair.0) }
    let rows = keys.compactMap { key -> Markup? in
      let values = settings.map { $0.first { $0.0 == key }?.1 ?? "–" }
      guard Set(values).count > 1 else { return nil }
      return .element(
        "tr", [], [.element("td", [], Markup(key))] + values.map { .element("td", [], Markup($0)) })
    }
    guard !rows.isEmpty else {
      return .element("p", [("class", "soft")], "The runs have the same settings.")
    }
    return ReportTable.section("What differs", header: ["setting"] + runs.map(\.results.name), rows: rows)
  }

  /// Dotted names and values of a resolved specification: two levels, one scalar or list a line.
  static func settings(_ yaml: String) -> [(String, String)] {
    var part = ""
    return yaml.split(separator: "\n").compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let isInner = line.hasPrefix(" ")
      let key = line[..<colon].trimmingPrefix(while: { $0 == " " })
      let value = line[line.index(after: colon)...].trimmingPrefix(while: { $0 == " " })
      if value.isEmpty, !isInner {
        part = String(key)
        return nil
      }
      return (isInner ? "\(part).\(key)" : String(key), String(value))
    }
  }
}
