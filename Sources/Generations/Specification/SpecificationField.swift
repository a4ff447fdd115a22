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
  /// Whether arms may differ in it; what they share (data, generation 0, the evaluation) they may not.
  var variesByArm: Bool { SpecificationField.armPaths.contains(path) }

  private static let armPaths: Set<String> = [
    "lambda", "distinct", "mixing", "corrector", "gamma", "rejected", "curation.reward", "curation.choices",
    "curation.temperature", "curation.curator", "curation.judge", "curation.program", "extrapolation.method",
    "extrapolation.omega", "extrapolation.steps", "extrapolation.samples", "extrapolation.negative", "model.start",
    "model.steps", "model.learning-rate", "sampling.steps", "sampling.guidance", "sampling.temperature",
  ]

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

  /// The arms by name; whether they are defined is checked once everything is read.
  static let arms = SpecificationField(
    path: "arms",
    takes: "a list, each once, of " + ArmDefinition.builtIn.map(\.name.rawValue).joined(separator: ", ")
      + ", or of names under definitions",
    read: { specification, texts in
      let names = texts.map(ArmName.init(rawValue:))
      guard !names.isEmpty, Set(names).count == names.count, names.allSatisfy(\.isFolderName) else { return false }
      specification.arms = names
      return true
    }, write: { "[" + $0.arms.map(\.rawValue).joined(separator: ", ") + "]" }, isList: true)

  static let lambda = SpecificationField(
    path: "lambda", takes: "a number, 0.0 to 1000.0, or a list of them, one a generation",
    read: { specification, texts in
      let ratios = texts.compactMap(Double.init)
      guard !ratios.isEmpty, ratios.count == texts.count, ratios.allSatisfy((0...1000).contains) else { return false }
      specification.lambda = LambdaSchedule(ratios)
      return true
    },
    write: { specification in
      let texts = specification.lambda.ratios.map { String($0) }
      return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
    }, shape: .real(0...1000), isList: true)
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
    .arms,
    .lambda,
    .integer("distinct", \.distinct, 0...1_000_000),
    .word("mixing", \.mixing),
    .word("corrector", \.corrector),
    .real("gamma", \.gamma, 0...Double.infinity),
    .choice("rejected", \.rejected),
    .word("curation.reward", \.curation.reward),
    .integer("curation.choices", \.curation.choices, 1...1000),
    .real("curation.temperature", \.curation.temperature, 0...Double.infinity),
    .word("curation.curator", \.curation.curator),
    .word("curation.judge", \.curation.judge),
    .word("curation.program", \.curation.program),
    .choice("extrapolation.method", \.extrapolation.method),
    .real("extrapolation.omega", \.extrapolation.omega, 0...100),
    .integer("extrapolation.steps", \.extrapolation.steps, 1...1_000_000_000),
    .integer("extrapolation.samples", \.extrapolation.samples, 0...1_000_000_000),
    .choice("extrapolation.negative", \.extrapolation.negative),
    .integer("data.windows", \.data.windows, 0...1_000_000_000),
    .flag("data.mirrored", \.data.mirrored),
    .word("model.preset", \.model.preset),
    .integer("model.initial-steps", \.model.initialSteps, 1...1_000_000_000),
    .choice("model.start", \.model.start),
    .integer("model.steps", \.model.steps, 1...1_000_000_000),
    .real("model.learning-rate", \.model.learningRate, 0...1),
    .integer("sampling.steps", \.sampling.steps, 1...10_000),
    .real("sampling.guidance", \.sampling.guidance, 0...100),
    .real("sampling.temperature", \.sampling.temperature, 0...10),
    .integer("sampling.batch", \.sampling.batch, 1...100_000),
    .choice("evaluation.windows", \.evaluation.windows),
    .integer("evaluation.samples", \.evaluation.samples, 6...1_000_000),
    .integer("evaluation.physics", \.evaluation.physics, 0...1_000_000),
    .integer("evaluation.keep", \.evaluation.keep, 0...1_000_000),
    .integer("evaluation.resamples", \.evaluation.resamples, 2...100_000),
    .integer("evaluation.encoder-steps", \.evaluation.encoderSteps, 0...1_000_000),
  ]
}
