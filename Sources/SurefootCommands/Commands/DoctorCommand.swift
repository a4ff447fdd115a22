import ArgumentParser
import Dynamics
import Foundation
import Linear
import Support

/// Prints versions, libraries and threads, and prints or runs the command that fixes what is missing.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show versions and libraries, and how to install what is missing.",
    discussion: """
      Exits 0 if all is there, 1 if something is missing or slow.

      Examples:
        surefoot doctor
        surefoot doctor --fix          print one line that installs what is missing
        surefoot doctor --fix --yes    run it
      """)

  @Flag(name: .long, help: "Print the line that installs what is missing, and nothing else.")
  var fix = false

  @Flag(name: .long, help: "With --fix: run that line.")
  var yes = false

  @OptionGroup var output: OutputOptions

  /// A finding as `--json` prints it.
  private struct Shown: Encodable {
    var name: String
    var found: String
    var suggestion: String?
    var isOptional: Bool

    init(_ finding: Finding) {
      (name, found) = (finding.name, finding.found)
      (suggestion, isOptional) = (finding.suggestion, finding.isOptional)
    }
  }

  func validate() throws {
    guard fix || !yes else { throw ValidationError("--yes goes with --fix") }
  }

  func run() throws {
    let console = output.console
    let findings = DoctorCommand.findings()
    if fix { return try suggestion(findings, console) }
    var table = TextTable(["what", "found"])
    findings.forEach { table.add([$0.name, $0.found]) }
    console.result(table.text)
    for finding in findings {
      if let suggestion = finding.suggestion {
        console.result("\n\(finding.name)\(finding.isOptional ? " (optional)" : ""): \(suggestion)")
      }
    }
    try console.emit(findings.map(Shown.init))
    if findings.contains(where: { $0.suggestion != nil && !$0.isOptional }) { throw ExitCode.failure }
  }

  private func suggestion(_ findings: [Finding], _ console: Console) throws {
    let packages = findings.compactMap(\.package)
    guard !packages.isEmpty else { return console.note("nothing is missing") }
    let line = DoctorCommand.installLine(of: packages)
    guard yes else { return console.result(line) }
    console.note(line)
    let shell = Subprocess(["/bin/sh", "-c", line], input: .terminal, output: .inherited, errors: .inherited)
    let end = try shell.runBlocking().end
    guard end == .exit(0) else {
      let status = if case .exit(let status) = end { "\(status)" } else { "\(end)" }
      throw SurefootError(.subprocessFailed, file: line, message: "ended with \(status)", suggestion: "run it by hand")
    }
  }

  static func installLine(of packages: [String]) -> String {
    #if os(macOS)
      return "brew install " + packages.joined(separator: " ")
    #else
      return (getuid() == 0 ? "" : "sudo ") + "apt-get install -y " + packages.joined(separator: " ")
    #endif
  }

  // MARK: Findings

  private static func findings() -> [Finding] {
    let process = ProcessInfo.processInfo
    return [
      Finding(name: "surefoot", found: SurefootProgram.version),
      Finding(name: "system", found: process.operatingSystemVersionString),
      Finding(name: "processors", found: "\(ProcessorCount.available)"),
    ] + libtorch() + [
      physics(),
      Finding(name: "Eigen", found: EigenLibrary.version),
      tool("python3", needed: "to fetch the sample motion capture", package: "python3"),
      pip(),
      tool("ffmpeg", needed: "for video only", package: "ffmpeg", isOptional: true),
    ]
  }

  /// A library of single precision would be another program's figures.
  private static func physics() -> Finding {
    let isDouble = PhysicsLibrary.features.contains("ODE_double_precision")
    return Finding(
      name: "ODE", found: "\(PhysicsLibrary.version), \(isDouble ? "double precision" : "SINGLE PRECISION")",
      package: isDouble ? nil : "libode-dev")
  }

  /// What the program that links libtorch says of it.
  private static func libtorch() -> [Finding] {
    guard let path = ModelProgram.path else {
      return [
        Finding(
          name: "libtorch",
          found: "\(ModelProgram.name), which the commands that train need, is not built", isOptional: true)
      ]
    }
    IdleThreads.setPolicy()
    if let result = try? Subprocess([path, ModelProgram.findingsFlag], errors: .discarded).runBlocking(),
      let findings = try? JSONDecoder().decode([Finding].self, from: result.output)
    {
      return findings
    }
    return [Finding(name: "libtorch", found: "cannot be loaded by \(path)", package: "libtorch-dev")]
  }

  private static func tool(_ name: String, needed: String, package: String, isOptional: Bool = false) -> Finding {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let isThere = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    return Finding(
      name: name, found: isThere ? "found" : "missing: \(needed)", package: isThere ? nil : package,
      isOptional: isOptional)
  }

  /// Debian's python3 comes without pip.
  private static func pip() -> Finding {
    let isThere = (try? Subprocess(["python3", "-m", "pip", "--version"]).runBlocking())?.end == .exit(0)
    return Finding(
      name: "pip", found: isThere ? "found" : "missing: to fetch the sample motion capture",
      package: isThere ? nil : "python3-pip")
  }
}

/// One thing that `surefoot doctor` looks at.
package struct Finding: Codable {
  var name: String
  var found: String
  /// Debian's package that fixes it; none if all is well.
  var package: String?
  /// Whether the program works, less well, without.
  var isOptional = false

  package init(name: String, found: String, package: String? = nil, isOptional: Bool = false) {
    self.name = name
    self.found = found
    self.package = package
    self.isOptional = isOptional
  }

  /// The command that fixes it.
  var suggestion: String? { package.map { DoctorCommand.installLine(of: [$0]) } }
}
