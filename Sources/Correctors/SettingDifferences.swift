/// The settings that differ from a corrector's defaults, for its name.
///
///     "predictive" + SettingDifferences().adding("knots", 4, default: 8).suffix     // predictive[knots=4]
///
/// Ledgers and kept corrections are keyed by a corrector's name, so that every setting that changes a result belongs in
/// it. With the defaults the name is plain.
struct SettingDifferences {
  private var differences: [String] = []

  /// Adds a setting, or a structure of settings with one entry for each that differs.
  func adding<Value>(_ name: String, _ value: Value, default standard: Value) -> SettingDifferences {
    var result = self
    result.compare(name, value, standard)
    return result
  }

  /// Adds each setting of a structure under its own name.
  func adding<Settings>(all settings: Settings, default standard: Settings) -> SettingDifferences {
    var result = self
    result.compareMembers(settings, standard, prefix: "")
    return result
  }

  /// Nothing for the defaults, else the differences in brackets.
  var suffix: String { differences.isEmpty ? "" : "[\(differences.joined(separator: ","))]" }

  private mutating func compare(_ name: String, _ value: Any, _ standard: Any) {
    if Mirror(reflecting: value).displayStyle == .struct, !Mirror(reflecting: value).children.isEmpty,
      !(value is Double), !(value is Int), !(value is Bool)
    {
      compareMembers(value, standard, prefix: name + ".")
    } else if "\(value)" != "\(standard)" {
      differences.append("\(name)=\(value)")
    }
  }

  /// By reflection, so that a new setting is in the name without further work.
  private mutating func compareMembers(_ value: Any, _ standard: Any, prefix: String) {
    for (member, other) in zip(Mirror(reflecting: value).children, Mirror(reflecting: standard).children) {
      compare(prefix + (member.label ?? "?"), member.value, other.value)
    }
  }
}
