import ArgumentParser
import Dynamics
import Foundation
import Linear
import Support
import Tensors

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

  /// One thing that was looked at.
  struct Finding: Encodable {
    var name: String
    var found: String
    /// Debian's package that fixes it; none if it is well.
    var package: String?
    /// Whether the program works, less well, without.
    var isOptional = false

    /// The command that fixes it.
    var suggestion: String? { package.map { DoctorCommand.installLine(of: [$0]) } }

    private enum CodingKeys: CodingKey { case name, found, suggestion, isOptional }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(found, forKey: .found)
      try container.encodeIfPresent(suggestion, forKey: .suggestion)
      try container.encode(isOptional, forKey: .isOptional)
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
    try console.emit(findings)
    if findings.contains(where: { $0.suggestion != nil && !$0.isOptional }) { throw ExitCode.failure }
  }

  private func suggestion(_ findings: [Finding], _ console: Console) throws {
    let packages = findings.compactMap(\.package)
    guard !packages.isEmpty else { return console.note("nothing is missing") }
    let line = DoctorCommand.installLine(of: packages)
    guard yes else { return console.result(line) }
    console.note(line)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw SurefootError(file: line, message: "ended with \(process.terminationStatus)", suggestion: "run it by hand")
    }
  }

  fileprivate static func installLine(of packages: [String]) -> String {
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
      Finding(name: "surefoot", found: Surefoot.configuration.version),
      Finding(name: "system", found: process.operatingSystemVersionString),
      Finding(name: "processors", found: "\(ProcessorCount.available)"),
      Finding(name: "libtorch", found: "\(Torch.version), \(Torch.threads) threads"), algebra(), physics(),
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

  private static func tool(_ name: String, needed: String, package: String, isOptional: Bool = false) -> Finding {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let isThere = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    return Finding(
      name: name, found: isThere ? "found" : "missing: \(needed)", package: isThere ? nil : package,
      isOptional: isOptional)
  }

  /// Debian's python3 comes without pip.
  private static func pip() -> Finding {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-m", "pip", "--version"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let started = (try? process.run()) != nil
    if started { process.waitUntilExit() }
    let isThere = started && process.terminationStatus == 0
    return Finding(
      name: "pip", found: isThere ? "found" : "missing: to fetch the sample motion capture",
      package: isThere ? nil : "python3-pip")
  }
}
