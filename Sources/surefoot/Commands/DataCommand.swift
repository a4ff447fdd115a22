import ArgumentParser

/// Fetches and prepares motion capture.
struct DataCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch motion capture and prepare datasets.",
    subcommands: [DataFetchCommand.self, DataPrepareCommand.self])
}
