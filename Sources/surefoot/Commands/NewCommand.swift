import ArgumentParser

/// Starts something of the user's own.
struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Start a package of your own.", subcommands: [NewCorrectorCommand.self])
}
