public import Support
import Yams

/// The name of an arm: a built-in one, or one of the specification's `definitions`.
public struct ArmName: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral {
  /// The name; also the folder of the loop's files.
  public var rawValue: String

  /// A name; it is checked when a specification is read.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// A name, written as a literal.
  public init(stringLiteral value: String) { rawValue = value }

  /// Keeps training on real data only.
  public static let baseline: ArmName = "baseline"
  /// Trains on real data and its own samples as they are.
  public static let raw: ArmName = "raw"
  /// Trains on real data and its own samples, corrected.
  public static let corrected: ArmName = "corrected"

  /// Whether a folder may have the name without clashing with another folder of the run.
  var isFolderName: Bool {
    let isOrdinary = rawValue.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "-_".contains($0) }
    return isOrdinary && !rawValue.isEmpty && rawValue.count <= 60 && rawValue != "shared"
      && rawValue.first?.isLetter == true && !rawValue.hasPrefix("generation-")
  }
}

/// The settings in which an arm differs from the specification, one assignment each.
public struct ArmDefinition: Sendable, Hashable, Codable {
  /// The arm's name.
  public var name: ArmName
  /// Dotted paths and their values as YAML, in the order in which they were given, each path once.
  public var settings: [Setting]

  /// One setting of an arm.
  public struct Setting: Sendable, Hashable, Codable {
    /// The setting's name, `sampling.temperature`.
    public var path: String
    /// The value as YAML, `0.9`.
    public var value: String

    package init(path: String, value: String) {
      self.path = path
      self.value = value
    }
  }

  package init(name: ArmName, settings: [Setting]) {
    self.name = name
    self.settings = settings
  }

  /// Changes a setting, or adds it.
  mutating func set(_ setting: Setting) {
    if let index = settings.firstIndex(where: { $0.path == setting.path }) {
      settings[index] = setting
    } else {
      settings.append(setting)
    }
  }

  /// The arms that every specification has. Settings that they do not name are the specification's.
  public static let builtIn: [ArmDefinition] = [
    make("baseline", ["lambda: 0", "mixing: augment"]),
    make("raw", ["corrector: none"]),
    make("corrected", []),
    make("oracle", ["corrector: oracle"]),
    make("synthetic", ["corrector: none", "mixing: synthetic"]),
    make("curated", ["corrector: none", "curation.reward: physics"]),
    make("verdict", ["corrector: none", "curation.reward: verdict"]),
    make("sims", ["corrector: none", "extrapolation.method: sims"]),
    make("neon", ["corrector: none", "extrapolation.method: neon"]),
    make("sims-corrected", ["extrapolation.method: sims", "extrapolation.negative: raw"]),
  ]

  private static func make(_ name: ArmName, _ lines: [String]) -> ArmDefinition {
    ArmDefinition(
      name: name,
      settings: lines.map { line in
        let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
        return Setting(path: parts[0], value: parts[1].trimmingPrefix(" ").description)
      })
  }
}

extension RunSpecification {
  /// The definitions that ``arms`` may name: the built-in ones and this specification's.
  var knownArms: [ArmDefinition] { ArmDefinition.builtIn + definitions }

  /// The specification of one arm: this one with the arm's own settings.
  ///
  /// - Throws: ``SurefootError`` for an arm that is not defined.
  public func resolved(_ arm: ArmName) throws(SurefootError) -> RunSpecification {
    guard let definition = knownArms.first(where: { $0.name == arm }) else {
      throw SurefootError(
        file: "arms", message: "there is no arm \(arm.rawValue)",
        suggestion: "define it under definitions, or take one of "
          + knownArms.map(\.name.rawValue).joined(separator: ", "))
    }
    var result = self
    for setting in definition.settings { try result.set("\(setting.path)=\(setting.value)") }
    return result
  }

  /// Checks that every arm is defined.
  public func validate() throws(SurefootError) {
    for arm in arms { _ = try resolved(arm) }
  }

  /// Adds one setting to an arm's definition, making the definition if there is none.
  ///
  /// The value is read and written again, so that a definition holds valid values in one form only.
  ///
  /// - Returns: A message if the setting does not fit.
  mutating func define(_ name: String, _ setting: SettingDescriptor, _ texts: [String]) -> String? {
    let arm = ArmName(rawValue: name)
    guard arm.isFolderName else {
      return "\(name) cannot be an arm's name: letters, digits, - and _ make one, and a letter comes first"
    }
    guard !ArmDefinition.builtIn.contains(where: { $0.name == arm }) else {
      return "the arm \(name) is built in; give yours another name"
    }
    guard setting.variesByArm else { return "arms share \(setting.path): set it outside of definitions" }
    var scratch = self
    guard setting.read(&scratch, texts) else { return "\(setting.path) takes \(setting.takes)" }
    let value = ArmDefinition.Setting(path: setting.path, value: setting.write(scratch))
    if let index = definitions.firstIndex(where: { $0.name == arm }) {
      definitions[index].set(value)
    } else {
      definitions.append(ArmDefinition(name: arm, settings: [value]))
    }
    return nil
  }
}
