import ArgumentParser
import Foundation

/// The commands that compute with tensors: what the light program's help says of them.
package enum ModelCommands {
  /// A command's name and abstract.
  package protocol Description: Sendable {
    static var name: String { get }
    static var abstract: String { get }
  }

  package enum Train: Description {
    package static let name = "train"
    package static let abstract = "Train a motion-diffusion model on a prepared dataset."
  }

  package enum Sample: Description {
    package static let name = "sample"
    package static let abstract = "Sample motions from a trained model and write them as BVH or in another format."
  }

  package enum Loop: Description {
    package static let name = "loop"
    package static let abstract =
      "Retrain a model on real motion and its own corrected samples, generation after generation."
  }

  package enum Sweep: Description {
    package static let name = "sweep"
    package static let abstract = "Run a loop for every combination of some settings, and collect one table."
  }

  package enum Evaluate: Description {
    package static let name = "evaluate"
    package static let abstract = "Measure a set of motions against real ones: physics, FID, coverage, diversity."
  }

  static var all: [any Description.Type] { [Train.self, Sample.self, Loop.self, Sweep.self, Evaluate.self] }
}

/// A command of `surefoot-models` in the light program's list. To run it is to start that program.
struct ModelCommandStub<Command: ModelCommands.Description>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: Command.name, abstract: Command.abstract)
  }

  @Argument(parsing: .captureForPassthrough, help: .hidden) var arguments: [String] = []

  func run() throws { ModelProgram.replaceThis(for: Command.name) }
}

/// The executable beside this one that links libtorch.
package enum ModelProgram {
  package static let name = "surefoot-models"
  /// The argument by which it prints what it knows of libtorch, as JSON.
  package static let findingsFlag = "--libtorch-findings"
  /// What describes the whole tree of commands, which only that program has.
  private static let wholeTree = ["--generate-completion-script", "--experimental-dump-help"]

  /// Its path; `nil` if it is not there.
  static var path: String? {
    guard let path = ownPath else { return nil }
    let beside = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(name).path
    return FileManager.default.isExecutableFile(atPath: beside) ? beside : nil
  }

  /// Starts it in place of this program, with the same arguments, if they are for it.
  static func replaceThisIfNeeded() {
    let arguments = CommandLine.arguments.dropFirst()
    guard let first = arguments.first else { return }
    let asked = first == "help" ? arguments.dropFirst().first ?? "" : first
    if ModelCommands.all.contains(where: { $0.name == asked }) {
      replaceThis(for: asked)
    } else if wholeTree.contains(where: first.hasPrefix), let path {
      IdleThreads.setPolicy()
      replaceThis(by: path)
    }
  }

  /// Starts it in place of this program, or exits with 69, the system's "service unavailable".
  static func replaceThis(for command: String) -> Never {
    let console = Console(isQuiet: true, isJSON: false)
    if let path {
      // In the environment already: it need not start itself again.
      IdleThreads.setPolicy()
      replaceThis(by: path)
      console.fault("\(path) cannot be started: \(String(cString: strerror(errno)))")
    } else {
      console.fault(
        "`surefoot \(command)` needs the program \(name), which is not beside this one; build it with "
          + "`swift build -c release --product \(name)`, and install libtorch with `tools/install` where it is missing")
    }
    exit(69)
  }

  /// Returns only if the program cannot be started.
  static func replaceThis(by path: String) {
    var strings: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) } + [nil]
    execv(path, &strings)
    strings.forEach { free($0) }
  }

  /// This program's path without links.
  static var ownPath: String? {
    #if os(Linux)
      return try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    #else
      return Bundle.main.executableURL?.resolvingSymlinksInPath().path
    #endif
  }
}
