import ArgumentParser
import Foundation
import Generations
import Support

/// The settings of a run's specification.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Explain and check the settings of a run's specification.",
    subcommands: [ConfigExplainCommand.self, ConfigSchemaCommand.self, ConfigCheckCommand.self])
}

/// Says what a setting does and takes.
struct ConfigExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say what a setting does, what it takes and what it is by default.",
    discussion: """
      Examples:
        surefoot config explain lambda
        surefoot config explain
      """)

  @Argument(help: "The setting, `model.steps` or `lambda`; all of them without.")
  var key: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let console = output.console
    guard let key else {
      let all = try RunSpecification.explanations()
      var table = TextTable(["setting", "default", "what it does"])
      for setting in all { table.add([setting.key, setting.standard, setting.meaning]) }
      console.result(table.text)
      return try console.emit(all)
    }
    let setting: SettingExplanation
    do { setting = try RunSpecification.explanation(of: key) } catch { throw ValidationError(error.description) }
    let presets = setting.presets.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    console.result(
      """
      \(setting.key)
        \(setting.meaning)
        takes:   \(setting.takes)
        default: \(setting.standard)
        presets: \(presets.joined(separator: ", "))
      """)
    try console.emit(setting)
  }
}

/// Prints a JSON Schema.
struct ConfigSchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print a JSON Schema of a specification, for editors.",
    discussion: """
      Example:
        surefoot config schema > surefoot.schema.json
      and at the head of experiment.yaml, for editors with the YAML language server:
        # yaml-language-server: $schema=surefoot.schema.json
      """)

  func run() throws { Console(isQuiet: false, isJSON: false).result(try RunSpecification.schema()) }
}

/// Reads specifications and says what is wrong.
struct ConfigCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read a specification, say what is wrong with it, and print it resolved.",
    discussion: """
      Exits 0 if it can be run. Example:
        surefoot config check experiment.yaml --preset quickstart
      """)

  @Argument(help: "The specification, a YAML file.")
  var file: String

  @Option(name: .long, help: "The preset that it changes: \(RunSpecification.presetNames.joined(separator: ", ")).")
  var preset: String?

  @OptionGroup var output: OutputOptions

  private struct Checked: Encodable {
    var file: String
    var specification: String
  }

  func run() throws {
    let base = try preset.map { name throws in try RunSpecification.preset(name) } ?? RunSpecification()
    let specification = try RunSpecification(contentsOf: URL(fileURLWithPath: file), over: base)
    output.console.result(specification.yaml.trimmingCharacters(in: .newlines))
    try output.console.emit(Checked(file: file, specification: specification.yaml))
  }
}
