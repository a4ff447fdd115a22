public import Foundation
public import Support
import Yams

extension RunSpecification {
  /// Reads a specification's YAML over some defaults.
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - file: Its name, for messages.
  ///   - base: The values of settings that the text does not name.
  /// - Throws: ``SurefootError`` with line and column for unknown names, wrong types and values out of range.
  public init(yaml: String, file: String, over base: RunSpecification = RunSpecification()) throws(SurefootError) {
    self = base
    guard let node = try RunSpecification.compose(yaml, file: file) else { return }
    try read(node, file: file)
  }

  /// The root of a YAML text; `nil` if it holds nothing.
  static func compose(_ yaml: String, file: String) throws(SurefootError) -> Node? {
    do {
      return try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      let (message, line, column) = RunSpecification.describe(error)
      throw SurefootError(file: file, line: line, column: column, message: message)
    } catch {
      throw SurefootError(file: file, message: "is no YAML (\(error))")
    }
  }

  /// Reads a mapping of settings; settings that it does not name keep their values.
  mutating func read(_ node: Node, file: String) throws(SurefootError) {
    guard case .mapping(let mapping) = node else {
      throw RunSpecification.fault(node, in: file, "a specification is a mapping of names to values")
    }
    let earlier = definitions
    definitions = []
    try read(mapping, under: "", file: file)
    // The text's definitions are added to the earlier ones; one of the same name replaces the earlier one.
    let added = definitions
    definitions = earlier.filter { old in !added.contains { $0.name == old.name } } + added
    do {
      try validate()
    } catch {
      throw SurefootError(
        file: file, line: mapping["arms"]?.mark?.line, column: mapping["arms"]?.mark?.column,
        message: "arms takes \(RunSpecification.arms.takes): \(error.message)", suggestion: error.suggestion)
    }
  }

  /// The most bytes of a specification's file.
  static let largestFile = 1 << 20

  /// Reads a specification file; settings that it does not name are those of `base`.
  public init(contentsOf url: URL, over base: RunSpecification = RunSpecification()) throws(SurefootError) {
    let text = try String(readingFile: url, limit: RunSpecification.largestFile)
    try self.init(yaml: text, file: url.path, over: base)
  }

  /// Changes one setting from `name=value`, as `--set` takes it: `lambda=2`, `arms=[raw]`.
  public mutating func set(_ assignment: String) throws(SurefootError) {
    guard let equals = assignment.firstIndex(of: "=") else {
      throw SurefootError(
        file: "--set \(assignment)", message: "is no name=value", suggestion: "write it as --set lambda=2")
    }
    let path = assignment[..<equals].trimmingCharacters(in: .whitespaces)
    let value = String(assignment[assignment.index(after: equals)...])
    let place = "--set \(assignment)"
    if path.hasPrefix("definitions.") { return try setDefinition(path, value, place: place) }
    guard let setting = RunSpecification.setting(path) else {
      throw SurefootError(
        file: place, message: "there is no setting \(path)", suggestion: RunSpecification.suggestion(for: path))
    }
    guard let node = try? Yams.compose(yaml: value), let texts = RunSpecification.texts(node, for: setting),
      setting.read(&self, texts)
    else {
      throw SurefootError(file: place, message: "\(path) takes \(setting.takes), not \(value)")
    }
  }

  /// `definitions.NAME.path=value`.
  private mutating func setDefinition(_ path: String, _ value: String, place: String) throws(SurefootError) {
    let parts = path.split(separator: ".", maxSplits: 2).map(String.init)
    guard parts.count == 3, let setting = RunSpecification.setting(parts[2]) else {
      throw SurefootError(
        file: place, message: "there is no setting \(path)",
        suggestion: RunSpecification.suggestion(for: parts.last ?? "") ?? "write it as definitions.NAME.lambda=2")
    }
    guard let node = try? Yams.compose(yaml: value), let texts = RunSpecification.texts(node, for: setting) else {
      throw SurefootError(file: place, message: "\(path) takes \(setting.takes), not \(value)")
    }
    if let problem = define(parts[1], setting, texts) { throw SurefootError(file: place, message: problem) }
  }

  /// The resolved specification as YAML: every setting, in a fixed order.
  public var yaml: String {
    var lines: [String] = []
    var section = ""
    for setting in RunSpecification.settings {
      let parts = setting.path.split(separator: ".").map(String.init)
      if parts.count == 2, parts[0] != section {
        section = parts[0]
        lines.append("\(section):")
      }
      lines.append((parts.count == 2 ? "  " : "") + "\(parts[parts.count - 1]): \(setting.write(self))")
    }
    if !definitions.isEmpty { lines.append("definitions:") }
    for definition in definitions {
      lines.append("  \(definition.name.rawValue):" + (definition.settings.isEmpty ? " {}" : ""))
      lines += definition.settings.map { "    \($0.path): \($0.value)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The hash of ``yaml``, by which the ledger names a specification.
  var sha256: String { SHA256.hexadecimal(of: Data(yaml.utf8)) }

  /// A value as YAML, in the form in which a resolved specification writes it.
  func normalized(_ path: String, _ node: Node, key: Node, file: String) throws(SurefootError) -> String {
    let parts = path.split(separator: ".", maxSplits: 2).map(String.init)
    let isArms = parts.first == "definitions" && parts.count == 3
    let name = isArms ? parts[2] : path
    guard let setting = RunSpecification.setting(name) else {
      throw RunSpecification.fault(
        key, in: file, "there is no setting \(path)", suggestion: RunSpecification.suggestion(for: name))
    }
    var scratch = self
    guard let texts = RunSpecification.texts(node, for: setting), setting.read(&scratch, texts) else {
      throw RunSpecification.fault(node, in: file, "\(path) takes \(setting.takes)")
    }
    if isArms, let problem = scratch.define(parts[1], setting, texts) {
      throw RunSpecification.fault(node, in: file, problem)
    }
    return setting.write(scratch)
  }

  /// The mapping of arms' names to their settings.
  private mutating func readDefinitions(_ node: Node, file: String) throws(SurefootError) {
    guard case .mapping(let arms) = node else {
      throw RunSpecification.fault(node, in: file, "definitions holds arms by name, indented below it")
    }
    for (nameNode, settings) in arms {
      guard let name = nameNode.scalar?.string, case .mapping(let mapping) = settings else {
        throw RunSpecification.fault(settings, in: file, "an arm is a name with its settings indented below it")
      }
      if definitions.contains(where: { $0.name.rawValue == name }) {
        throw RunSpecification.fault(nameNode, in: file, "\(name) is defined twice", suggestion: "keep one of the two")
      }
      if mapping.isEmpty, ArmName(rawValue: name).isFolderName {
        definitions.append(ArmDefinition(name: ArmName(rawValue: name), settings: []))
      }
      try readArm(name, mapping, under: "", file: file)
    }
  }

  private mutating func readArm(
    _ name: String, _ mapping: Node.Mapping, under prefix: String, file: String
  ) throws(SurefootError) {
    for (keyNode, value) in mapping {
      let path = prefix + (keyNode.scalar?.string ?? "")
      if let setting = RunSpecification.setting(path) {
        guard let texts = RunSpecification.texts(value, for: setting) else {
          throw RunSpecification.fault(value, in: file, "\(path) takes \(setting.takes)")
        }
        if let problem = define(name, setting, texts) { throw RunSpecification.fault(value, in: file, problem) }
      } else if case .mapping(let inner) = value,
        RunSpecification.settings.contains(where: { $0.path.hasPrefix(path + ".") })
      {
        try readArm(name, inner, under: path + ".", file: file)
      } else {
        throw RunSpecification.fault(
          keyNode, in: file, "there is no setting \(path)", suggestion: RunSpecification.suggestion(for: path))
      }
    }
  }

  private mutating func read(_ mapping: Node.Mapping, under prefix: String, file: String) throws(SurefootError) {
    var seen: Set<String> = []
    for (keyNode, value) in mapping {
      guard let key = keyNode.scalar?.string else {
        throw RunSpecification.fault(keyNode, in: file, "a setting's name is a plain word")
      }
      let path = prefix + key
      guard seen.insert(path).inserted else {
        throw RunSpecification.fault(keyNode, in: file, "\(path) is set twice", suggestion: "keep one of the two")
      }
      if path == "definitions" {
        try readDefinitions(value, file: file)
      } else if let setting = RunSpecification.setting(path) {
        guard let texts = RunSpecification.texts(value, for: setting), setting.read(&self, texts) else {
          throw RunSpecification.fault(value, in: file, "\(path) takes \(setting.takes)")
        }
      } else if RunSpecification.settings.contains(where: { $0.path.hasPrefix(path + ".") }) {
        guard case .mapping(let inner) = value else {
          throw RunSpecification.fault(value, in: file, "\(path) holds settings of its own, indented below it")
        }
        try read(inner, under: path + ".", file: file)
      } else {
        throw RunSpecification.fault(
          keyNode, in: file, "there is no setting \(path)", suggestion: RunSpecification.suggestion(for: path))
      }
    }
  }

  /// The texts of a node: one for a scalar, several for a sequence; `nil` if the setting takes no such node.
  private static func texts(_ node: Node, for setting: SettingDescriptor) -> [String]? {
    if setting.isList {
      if let scalar = node.scalar { return [scalar.string] }
      guard let sequence = node.sequence else { return nil }
      let texts = sequence.compactMap { $0.scalar?.string }
      return texts.count == sequence.count ? texts : nil
    }
    return node.scalar.map { [$0.string] }
  }

  static func fault(_ node: Node, in file: String, _ problem: String, suggestion: String? = nil) -> SurefootError {
    SurefootError(
      file: file, line: node.mark?.line, column: node.mark?.column, message: problem, suggestion: suggestion)
  }

  private static func suggestion(for path: String) -> String? {
    let near = EditDistance.allNearest(to: path, among: settings.map(\.path))
    return near.isEmpty ? nil : "did you mean \(near.joined(separator: " or "))?"
  }

  private static func describe(_ error: YamlError) -> (problem: String, line: Int?, column: Int?) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ("is no YAML: \(problem)", mark.line, mark.column)
    case .duplicatedKeysInMapping(let duplicates, let context):
      (
        "a name is set twice: \(duplicates.joined(separator: ", "))", context.mark.line, context.mark.column
      )
    default: ("is no YAML (\(error))", nil, nil)
    }
  }
}
