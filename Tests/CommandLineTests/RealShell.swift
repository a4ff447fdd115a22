import Foundation

/// Command lines with pipes and redirections, as a shell runs them.
enum RealShell {
  /// The path of the built program.
  static let surefoot = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "surefoot").path

  static func run(_ line: String) throws -> (status: Int32, errors: String) {
    try run(URL(fileURLWithPath: "/bin/bash"), ["-o", "pipefail", "-c", line])
  }

  /// Runs one program; what it prints on standard output is dropped.
  static func run(_ program: URL, _ arguments: [String], in folder: URL? = nil) throws -> (
    status: Int32, errors: String
  ) {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }
}
