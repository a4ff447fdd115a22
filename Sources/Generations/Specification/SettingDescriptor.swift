/// One setting of a run's specification: all that the program knows of it.
///
/// Reading and writing YAML, the JSON schema, `config explain`, the table in docs/loops.md, what arms may change, and what
/// runs must agree on to share generation 0 are derived from ``RunSpecification/settings``. A new setting is a property
/// of ``RunSpecification`` and one descriptor.
struct SettingDescriptor: Sendable {
  /// The name in YAML, dotted: `model.initial-steps`.
  let path: String
  let scope: Scope
  /// What it does, in a sentence or two, with backticks around words of the specification.
  let meaning: String
  /// The values that it takes, for messages: `a whole number from 0 to 100`.
  let takes: String
  /// The values that it takes, for the JSON schema.
  let shape: Shape
  /// Whether it takes a sequence.
  var isList = false
  /// Sets it from the text of a scalar or of a sequence's elements; `false` if the text does not fit.
  let read: @Sendable (inout RunSpecification, [String]) -> Bool
  /// Its value as YAML.
  let write: @Sendable (RunSpecification) -> String
  /// Sets it to its default.
  let reset: @Sendable (inout RunSpecification) -> Void

  /// What a setting decides.
  enum Scope: Sendable {
    /// Generation 0, which arms share: the data, the model, the evaluation.
    case generationZero
    /// Generation 0 of the run and, where an arm changes it, that arm's later generations.
    case generationZeroAndArm
    /// The later generations of an arm.
    case arm
    /// Which loops run and for how long; no generation's result depends on it.
    case extent
  }

  enum Shape: Sendable, Hashable {
    case integer(ClosedRange<Int>)
    case real(ClosedRange<Double>)
    case flag
    case text
    case choice([String])
  }

  /// Whether arms may differ in it.
  var variesByArm: Bool { scope == .arm || scope == .generationZeroAndArm }
  /// Whether generation 0 depends on it.
  var decidesGenerationZero: Bool { scope == .generationZero || scope == .generationZeroAndArm }

  static func integer(
    _ path: String, _ key: any WritableKeyPath<RunSpecification, Int> & Sendable, _ range: ClosedRange<Int>,
    _ scope: Scope, _ meaning: String
  ) -> SettingDescriptor {
    SettingDescriptor(
      path: path, scope: scope, meaning: meaning,
      takes: "a whole number from \(range.lowerBound) to \(range.upperBound)", shape: .integer(range),
      read: { specification, texts in
        guard let value = Int(texts[0]), range.contains(value) else { return false }
        specification[keyPath: key] = value
        return true
      }, write: { String($0[keyPath: key]) }, reset: restore(key))
  }

  static func real(
    _ path: String, _ key: any WritableKeyPath<RunSpecification, Double> & Sendable, _ range: ClosedRange<Double>,
    _ scope: Scope, _ meaning: String
  ) -> SettingDescriptor {
    let end = range.upperBound.isInfinite ? "or more (.inf for always)" : "to \(range.upperBound)"
    return SettingDescriptor(
      path: path, scope: scope, meaning: meaning, takes: "a number, \(range.lowerBound) \(end)", shape: .real(range),
      read: { specification, texts in
        let text = [".inf", "infinite", "infinity"].contains(texts[0].lowercased()) ? "inf" : texts[0]
        guard let value = Double(text), range.contains(value) else { return false }
        specification[keyPath: key] = value
        return true
      }, write: { $0[keyPath: key].isInfinite ? ".inf" : String($0[keyPath: key]) }, reset: restore(key))
  }

  static func flag(
    _ path: String, _ key: any WritableKeyPath<RunSpecification, Bool> & Sendable, _ scope: Scope, _ meaning: String
  ) -> SettingDescriptor {
    SettingDescriptor(
      path: path, scope: scope, meaning: meaning, takes: "true or false", shape: .flag,
      read: { specification, texts in
        guard let value = Bool(texts[0]) else { return false }
        specification[keyPath: key] = value
        return true
      }, write: { String($0[keyPath: key]) }, reset: restore(key))
  }

  static func word(
    _ path: String, _ key: any WritableKeyPath<RunSpecification, String> & Sendable, _ scope: Scope, _ meaning: String
  ) -> SettingDescriptor {
    SettingDescriptor(
      path: path, scope: scope, meaning: meaning, takes: "a name", shape: .text,
      read: { specification, texts in
        let isAllowed = { (c: Character) in c.isLetter || c.isNumber || "-_./:@=+, ".contains(c) }
        guard !texts[0].isEmpty, texts[0].allSatisfy(isAllowed) else { return false }
        specification[keyPath: key] = texts[0]
        return true
      }, write: { "\"\($0[keyPath: key])\"" }, reset: restore(key))
  }

  static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ path: String, _ key: any WritableKeyPath<RunSpecification, Value> & Sendable, _ scope: Scope, _ meaning: String
  ) -> SettingDescriptor {
    SettingDescriptor(
      path: path, scope: scope, meaning: meaning,
      takes: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
      shape: .choice(Value.allCases.map(\.rawValue)),
      read: { specification, texts in
        guard let value = Value(rawValue: texts[0]) else { return false }
        specification[keyPath: key] = value
        return true
      }, write: { $0[keyPath: key].rawValue }, reset: restore(key))
  }

  static func restore<Value>(
    _ key: any WritableKeyPath<RunSpecification, Value> & Sendable
  ) -> @Sendable (inout RunSpecification) -> Void {
    { $0[keyPath: key] = RunSpecification()[keyPath: key] }
  }
}
