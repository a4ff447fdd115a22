import Yams

/// One named setting of a specification: how YAML spells it, reads it and writes it.
struct SpecificationField: Sendable {
  /// Dotted, `model.initial-steps`.
  let path: String
  /// What it takes, for messages: `a whole number, at least 0`.
  let takes: String
  /// Sets it from a scalar's or sequence's text; `false` if the text does not fit.
  let read: @Sendable (inout RunSpecification, [String]) -> Bool
  /// Its value as YAML.
  let write: @Sendable (RunSpecification) -> String
  /// What it takes, for programs.
  var shape = SpecificationShape.text
  /// Whether it is a sequence.
  var isList = false

  static func integer(
    _ path: String, _ key: any WritableKeyPath<RunSpecification, Int> & Sendable, _ range: ClosedRange<Int>
  ) -> SpecificationField {
    SpecificationField(
      path: path, takes: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      read: { specification, texts in
        guard let value = Int(texts[0]), range.contains(value) else { return false }
        specification[keyPath: key] = value
        return true
      }, write: { String($0[keyPath: key]) }, shape: .integer(range))
  }

  static func real(
    _ path: String, _ key: any WritableKeyPath<RunSpecification, Double> & Sendable, _ range: ClosedRange<Double>
  ) -> SpecificationField {
    let end = range.upperBound.isInfinite ? "or more (.inf for always)" : "to \(range.upperBound)"
    return SpecificationField(
      path: path, takes: "a number, \(range.lowerBound) \(end)",
      read: { specification, texts in
        let text = [".inf", "infinite", "infinity"].contains(texts[0].lowercased()) ? "inf" : texts[0]
        guard let value = Double(text), range.contains(value) else { return false }
        specification[keyPath: key] = value
        return true
      }, write: { $0[keyPath: key].isInfinite ? ".inf" : String($0[keyPath: key]) }, shape: .real(range))
  }

  static func flag(_ path: String, _ key: any WritableKeyPath<RunSpecification, Bool> & Sendable) -> SpecificationField
  {
    SpecificationField(
      path: path, takes: "true or false",
      read: { specification, texts in
        guard let value = Bool(texts[0]) else { return false }
        specification[keyPath: key] = value
        return true
      }, write: { String($0[keyPath: key]) }, shape: .flag)
  }

  static func word(_ path: String, _ key: any WritableKeyPath<RunSpecification, String> & Sendable)
    -> SpecificationField
  {
    SpecificationField(
      path: path, takes: "a name",
      read: { specification, texts in
        let isName = { (c: Character) in c.isLetter || c.isNumber || "-_./:@=, ".contains(c) }
        guard !texts[0].isEmpty, texts[0].allSatisfy(isName) else { return false }
        specification[keyPath: key] = texts[0]
        return true
      }, write: { "\"\($0[keyPath: key])\"" })
  }

  static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ path: String, _ key: any WritableKeyPath<RunSpecification, Value> & Sendable
  ) -> SpecificationField {
    SpecificationField(
      path: path, takes: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
      read: { specification, texts in
        guard let value = Value(rawValue: texts[0]) else { return false }
        specification[keyPath: key] = value
        return true
      }, write: { $0[keyPath: key].rawValue }, shape: .choice(Value.allCases.map(\.rawValue)))
  }

  static func choices<Value: RawRepresentable<String> & CaseIterable & Hashable & Sendable>(
    _ path: String, _ key: any WritableKeyPath<RunSpecification, [Value]> & Sendable
  ) -> SpecificationField {
    SpecificationField(
      path: path,
      takes: "a list, each once, of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
      read: { specification, texts in
        let values = texts.compactMap(Value.init(rawValue:))
        guard values.count == texts.count, !values.isEmpty, Set(values).count == values.count else { return false }
        specification[keyPath: key] = values
        return true
      }, write: { "[" + $0[keyPath: key].map(\.rawValue).joined(separator: ", ") + "]" },
      shape: .choice(Value.allCases.map(\.rawValue)), isList: true)
  }
}

extension RunSpecification {
  /// Every setting, in the order in which it is written.
  static let fields: [SpecificationField] = [
    SpecificationField(
      path: "seed", takes: "a whole number, at least 0",
      read: { specification, texts in
        guard let value = UInt64(texts[0]) else { return false }
        specification.seed = value
        return true
      }, write: { String($0.seed) }, shape: .integer(0...Int.max)),
    .integer("generations", \.generations, 0...10_000),
    .choices("arms", \.arms),
    .real("lambda", \.lambda, 0...1000),
    .real("gamma", \.gamma, 0...Double.infinity),
    .word("corrector", \.corrector),
    .choice("rejected", \.rejected),
    .integer("data.windows", \.data.windows, 0...1_000_000_000),
    .flag("data.mirrored", \.data.mirrored),
    .word("model.preset", \.model.preset),
    .integer("model.initial-steps", \.model.initialSteps, 1...1_000_000_000),
    .integer("model.steps", \.model.steps, 1...1_000_000_000),
    .real("model.learning-rate", \.model.learningRate, 0...1),
    .integer("sampling.steps", \.sampling.steps, 1...10_000),
    .real("sampling.guidance", \.sampling.guidance, 0...100),
    .integer("sampling.batch", \.sampling.batch, 1...100_000),
    .integer("evaluation.samples", \.evaluation.samples, 6...1_000_000),
    .integer("evaluation.keep", \.evaluation.keep, 0...1_000_000),
    .integer("evaluation.resamples", \.evaluation.resamples, 2...100_000),
    .integer("evaluation.encoder-steps", \.evaluation.encoderSteps, 0...1_000_000),
  ]
}
