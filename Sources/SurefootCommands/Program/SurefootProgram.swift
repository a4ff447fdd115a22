package import ArgumentParser
import Foundation
import Support

/// What both executables share: name, version, the commands in their order, and how a command is run.
package enum SurefootProgram {
  /// The version that is printed, and that records of corrections and runs hold.
  package static let version = "0.1.0"

  /// The commands that compute with tensors, in the order of ``ModelCommands``.
  package typealias ModelTypes = (
    train: any ParsableCommand.Type, sample: any ParsableCommand.Type, loop: any ParsableCommand.Type,
    sweep: any ParsableCommand.Type, evaluate: any ParsableCommand.Type
  )

  /// The root command's configuration, with commands in the order of a user's work.
  package static func configuration(models: ModelTypes) -> CommandConfiguration {
    CommandConfiguration(
      commandName: "surefoot",
      abstract: "Human motion that obeys physics: correct it, learn from it, generate more of it.",
      version: version,
      subcommands: [
        DataCommand.self,
        models.train,
        models.sample,
        MeasureCommand.self,
        ContactsCommand.self,
        CorrectCommand.self,
        NewCommand.self,
        models.loop,
        models.sweep,
        LineageCommand.self,
        models.evaluate,
        ViewCommand.self,
        ReportCommand.self,
        RenderCommand.self,
        ConvertCommand.self,
        SkeletonCommand.self,
        ConfigCommand.self,
        DoctorCommand.self,
        TheoryCommand.self,
      ])
  }

  /// Runs the command that the arguments name, and exits unless it succeeds.
  ///
  /// A signal cancels a ``CancellableCommand``. A result that cannot be written is a failure.
  package static func run<Root: AsyncParsableCommand>(_ root: Root.Type) async {
    do {
      try refuseMisspeltCommand(Array(CommandLine.arguments.dropFirst()), of: root)
      let command = try await root.asyncParseAsRoot()
      if command is any CancellableCommand {
        let task = Task { try await run(command) }
        Interruption.cancel(task)
        let result = await task.result
        Interruption.exitIfInterrupted()
        try result.get()
      } else {
        try await run(command)
      }
    } catch {
      root.exit(withError: error)
    }
    if let reason = Console.outputFailure {
      Console(isQuiet: true, isJSON: false).fault("standard output: \(reason)")
      root.exit(withError: ExitCode.failure)
    }
  }

  private static func run(_ command: any ParsableCommand) async throws {
    var command = command
    if var asynchronous = command as? any AsyncParsableCommand {
      try await asynchronous.run()
    } else {
      try command.run()
    }
  }

  /// What people call a command's work when they do not know its name.
  private static let otherWords = [
    "fix": "correct", "clean": "correct", "repair": "correct", "generate": "sample", "export": "convert",
    "retarget": "convert", "show": "view", "play": "view", "info": "measure", "stats": "measure", "check": "measure",
    "metrics": "measure", "draw": "render", "inspect": "skeleton show",
  ]

  /// Names the nearest command, or lists them, where ArgumentParser would call a word an unexpected argument.
  private static func refuseMisspeltCommand(_ arguments: [String], of root: any ParsableCommand.Type) throws {
    var (command, path) = (root, [root._commandName])
    for word in arguments.first == "help" ? Array(arguments.dropFirst()) : arguments {
      let subcommands = command.configuration.subcommands
      guard !subcommands.isEmpty, !word.hasPrefix("-") else { return }
      if let next = subcommands.first(where: { $0._commandName == word }) {
        command = next
        path.append(word)
        continue
      }
      guard word != "help" else { return }
      let names = subcommands.map { $0._commandName }
      let known = path.count == 1 ? otherWords[word.lowercased()] : nil
      let nearest = known ?? EditDistance.nearest(to: word, among: names)
      let advice =
        nearest.map { "did you mean `\((path + [$0]).joined(separator: " "))`?" }
        ?? "there are: \(names.joined(separator: ", ")); `\(path.joined(separator: " ")) --help` explains them"
      throw ValidationError("there is no command \(word); \(advice)")
    }
  }
}

/// A command that a signal cancels: it checks for `Task` cancellation, or runs other programs, which must end with it.
package protocol CancellableCommand: AsyncParsableCommand {}

/// The root command of the light program.
package struct Surefoot: AsyncParsableCommand {
  package static var configuration: CommandConfiguration {
    SurefootProgram.configuration(
      models: (
        ModelCommandStub<ModelCommands.Train>.self, ModelCommandStub<ModelCommands.Sample>.self,
        ModelCommandStub<ModelCommands.Loop>.self, ModelCommandStub<ModelCommands.Sweep>.self,
        ModelCommandStub<ModelCommands.Evaluate>.self
      ))
  }

  package init() {}

  /// The program from start to end.
  package static func start() async {
    ModelProgram.replaceThisIfNeeded()
    await SurefootProgram.run(Surefoot.self)
  }
}
