public import Support
import Yams

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
