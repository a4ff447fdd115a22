package import ArgumentParser
import Foundation
import SurefootCommands
import Tensors

/// The root command of the program with every command.
package struct SurefootModels: AsyncParsableCommand {
  package static var configuration: CommandConfiguration {
    SurefootProgram.configuration(
      models: (TrainCommand.self, SampleCommand.self, LoopCommand.self, SweepCommand.self, EvaluateCommand.self))
  }

  package init() {}

  /// The program from start to end.
  package static func start() async {
    if CommandLine.arguments.dropFirst() == [ModelProgram.findingsFlag] {
      return LibtorchFindings.print()
    }
    IdleThreads.restartIfUnset()
    // While there is one thread: it changes the environment.
    Torch.prepare()
    await SurefootProgram.run(SurefootModels.self)
  }
}

/// What `surefoot doctor` shows of libtorch, which the light program does not load.
private enum LibtorchFindings {
  static func print() {
    let findings = [
      Finding(name: "libtorch", found: "\(Torch.version), \(Torch.threads) threads"), algebra(),
    ]
    let text = (try? JSONEncoder().encode(findings)) ?? Data()
    FileHandle.standardOutput.write(text)
  }

  /// libtorch without a fast BLAS is 40 times slower, and says nothing.
  private static func algebra() -> Finding {
    if let blas = Torch.blas { return Finding(name: "BLAS", found: "\(blas) kernels") }
    // A file of /proc has no length: only reading to its end gives all of it.
    let handle = FileHandle(forReadingAtPath: "/proc/self/maps")
    let maps = String(decoding: (try? handle?.readToEnd()) ?? Data(), as: UTF8.self)
    if maps.isEmpty || maps.contains("openblas") || maps.contains("mkl") {
      return Finding(name: "BLAS", found: maps.isEmpty ? "not looked at on this system" : "fast")
    }
    return Finding(name: "BLAS", found: "reference (40 times slower)", package: "libopenblas0-openmp")
  }
}
