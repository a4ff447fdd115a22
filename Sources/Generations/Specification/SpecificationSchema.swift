import Foundation
public import Support

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
      // One value may stand without brackets.
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
