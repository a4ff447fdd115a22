public import Support

/// One setting of a run's specification, explained: what `surefoot config explain` prints.
public struct SettingExplanation: Sendable, Hashable, Codable {
  /// Its name, dotted: `model.initial-steps`.
  public var key: String
  /// What it does, in a sentence or two.
  public var meaning: String
  /// The values that it takes: `a whole number from 0 to 10000`.
  public var takes: String
  /// Its default.
  public var standard: String
  /// Its value in each preset, by the preset's name.
  public var presets: [String: String]
}

extension RunSpecification {
  /// Every setting, explained, in the order in which a specification is written.
  public static func explanations() throws(SurefootError) -> [SettingExplanation] {
    var presets: [(name: String, specification: RunSpecification)] = []
    for name in presetNames { presets.append((name, try preset(name))) }
    let standard = RunSpecification()
    return settings.map { setting in
      SettingExplanation(
        key: setting.path, meaning: setting.meaning, takes: setting.takes, standard: setting.write(standard),
        presets: Dictionary(uniqueKeysWithValues: presets.map { ($0.name, setting.write($0.specification)) }))
    }
  }

  /// One setting, explained; the last part of a dotted name is enough if no other setting has it.
  ///
  /// - Throws: ``SurefootError`` with the nearest right name.
  public static func explanation(of key: String) throws(SurefootError) -> SettingExplanation {
    let all = try explanations()
    let ending = all.filter { $0.key == key || $0.key.hasSuffix("." + key) }
    if let exact = all.first(where: { $0.key == key }) ?? (ending.count == 1 ? ending.first : nil) { return exact }
    if ending.count > 1 {
      throw SurefootError(
        file: key, message: "several settings have this name",
        suggestion: "give one of: \(ending.map(\.key).joined(separator: ", "))")
    }
    let nearest = EditDistance.nearest(to: key, among: all.map(\.key))
    throw SurefootError(
      file: key, message: "there is no such setting",
      suggestion: nearest.map { "did you mean \($0)?" } ?? "`surefoot config explain` lists all")
  }

  /// The table of settings in docs/loops.md; settings that arms may change have a star.
  static var settingsTable: String {
    let standard = RunSpecification()
    let rows = settings.map { setting in
      "| `\(setting.path)`\(setting.variesByArm ? " *" : "") | `\(setting.write(standard))` | \(setting.meaning) |"
    }
    return (["| setting | default | meaning |", "|---|---|---|"] + rows).joined(separator: "\n")
  }
}
