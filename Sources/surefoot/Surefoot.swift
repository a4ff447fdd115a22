import ArgumentParser

/// The command line: one thin command a file, in `Commands/`.
@main
struct Surefoot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "surefoot",
    abstract: "Human motion that obeys physics: correct it, learn from it, generate more of it.",
    version: "0.1.0",
    subcommands: [
      // One a line, in the order of a user's work.
      DataCommand.self,
      TrainCommand.self,
      SampleCommand.self,
      CorrectCommand.self,
      NewCommand.self,
      LoopCommand.self,
      SweepCommand.self,
      LineageCommand.self,
      EvaluateCommand.self,
      ViewCommand.self,
      ReportCommand.self,
      RenderCommand.self,
      ConvertCommand.self,
      SkeletonCommand.self,
      ConfigCommand.self,
      DoctorCommand.self,
      TheoryCommand.self,
    ])

  static func main() async {
    IdleThreads.sleep()
    await main(nil)
  }
}
