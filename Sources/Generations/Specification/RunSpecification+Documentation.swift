import Foundation
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

extension RunSpecification {
  /// A JSON Schema (draft 2020-12) of a specification's file, derived from ``settings``: editors that
  /// understand schemas complete and check names and values.
  public static func schema() throws(SurefootError) -> String {
    var root: [String: Any] = object()
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    root["title"] = "A run of surefoot loop"
    var properties: [String: Any] = [:]
    for setting in settings {
      let parts = setting.path.split(separator: ".").map(String.init)
      let schema = schema(of: setting)
      guard parts.count == 2 else {
        properties[setting.path] = schema
        continue
      }
      var section = properties[parts[0]] as? [String: Any] ?? object()
      var inner = section["properties"] as? [String: Any] ?? [:]
      inner[parts[1]] = schema
      section["properties"] = inner
      properties[parts[0]] = section
    }
    let settings: [String: Any] = ["type": "object", "description": "The settings in which the arm differs."]
    properties["definitions"] = [
      "type": "object", "additionalProperties": settings,
      "description": "Your own arms by name; each holds the settings in which it differs.",
    ]
    root["properties"] = properties
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: root, options: options) else {
      throw SurefootError(file: "schema", message: "cannot be encoded as JSON")
    }
    return String(decoding: data, as: UTF8.self)
  }

  private static func object() -> [String: Any] { ["type": "object", "additionalProperties": false] }

  private static func schema(of setting: SettingDescriptor) -> [String: Any] {
    var value = schema(of: setting.shape)
    if setting.isList {
      // A single value may be written without brackets.
      var list: [String: Any] = ["type": "array", "items": value, "minItems": 1]
      if case .real = setting.shape {} else { list["uniqueItems"] = true }
      value = ["anyOf": [value, list]]
    }
    value["description"] = "\(setting.meaning) Takes \(setting.takes)."
    return value
  }

  private static func schema(of shape: SettingDescriptor.Shape) -> [String: Any] {
    switch shape {
    case .integer(let range): return ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound]
    case .real(let range):
      guard range.upperBound.isFinite else {
        // JSON has no infinity; YAML's is a number to some readers, a text to others.
        let texts: [String: Any] = ["enum": [".inf", "infinite", "infinity"]]
        return ["anyOf": [["type": "number", "minimum": range.lowerBound], texts]]
      }
      return ["type": "number", "minimum": range.lowerBound, "maximum": range.upperBound]
    case .flag: return ["type": "boolean"]
    case .text: return ["type": "string", "minLength": 1]
    case .choice(let words): return ["enum": words]
    }
  }
}
