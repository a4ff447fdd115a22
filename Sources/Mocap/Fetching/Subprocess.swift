import Foundation

/// Another program run to its end.
enum Subprocess {
  /// Runs a program by its name on the path; standard output and error come back as one text.
  ///
  /// - Throws: A `FileError` if it cannot be started.
  static func run(_ command: [String]) throws(FileError) -> (status: Int32, text: String) {
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
      throw FileError(file: command[0], problem: "cannot be started (\(error.localizedDescription))")
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus == 127 {
      throw FileError(
        file: command[0], problem: "is not installed", mend: "install it, for example `apt-get install \(command[0])`")
    }
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
