import SurefootModelCommands

/// The program with every command. `surefoot` starts it for those that compute with tensors.
@main
enum Main {
  static func main() async { await SurefootModels.start() }
}
