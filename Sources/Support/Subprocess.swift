import Foundation

/// Another program run to its end.
package enum Subprocess {
  /// Runs a program by its name on the path; standard output and error come back as one text.
  ///
  /// - Throws: A `SurefootError` if it cannot be started.
  package static func run(_ command: [String]) throws(SurefootError) -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    do {
      try process.run()
    } catch {
      throw SurefootError(file: command[0], message: "cannot be started (\(error.localizedDescription))")
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus == 127 {
      throw SurefootError(
        file: command[0], message: "is not installed",
        suggestion: "install it, for example `apt-get install \(command[0])`")
    }
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
