import SurefootCommands

/// The light program: every command that needs no tensors, and a way to those that do.
@main
enum Main {
  static func main() async { await Surefoot.start() }
}
