import Foundation

/// Makes OpenMP's idle threads sleep instead of spin: beside another busy process, spinning ones made a training step
/// five times slower. OpenMP reads the setting when its library loads, so that the program starts itself once more.
enum IdleThreads {
  private static let variable = "OMP_WAIT_POLICY"
  private static let tensorCommands: Set<String> = ["train", "sample", "loop", "evaluate"]

  /// Starts the program again with the setting, if the command uses tensors and the user has not set it.
  static func sleep() {
    let arguments = CommandLine.arguments
    guard arguments.count > 1, tensorCommands.contains(arguments[1]), getenv(variable) == nil else { return }
    setenv(variable, "passive", 1)
    #if os(Linux)
      var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
      execv("/proc/self/exe", &strings)
      // Still here: it could not be started again, and runs on with spinning threads.
      strings.forEach { free($0) }
    #endif
  }
}
