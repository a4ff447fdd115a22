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
