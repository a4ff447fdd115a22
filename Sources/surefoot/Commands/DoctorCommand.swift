import ArgumentParser
import Foundation
import Tensors

/// Prints versions, libraries and threads, and the command that mends what is missing.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show versions and libraries, and how to install what is missing.",
    discussion: "Exits 0 if all is there, 1 if something is missing or slow.")

  @OptionGroup var output: OutputOptions

  /// One thing that was looked at.
  struct Finding: Encodable {
    var name: String
    var found: String
    /// The command that mends it; none if it is well.
    var mend: String?
  }

  func run() throws {
    let console = output.console
    let findings = DoctorCommand.findings()
    var table = TextTable(["what", "found"])
    findings.forEach { table.add([$0.name, $0.found]) }
    console.result(table.text)
    for finding in findings {
      if let mend = finding.mend { console.result("\n\(finding.name): \(mend)") }
    }
    try console.emit(findings)
    if findings.contains(where: { $0.mend != nil }) { throw ExitCode.failure }
  }

  private static func findings() -> [Finding] {
    let process = ProcessInfo.processInfo
    return [
      Finding(name: "surefoot", found: Surefoot.configuration.version),
      Finding(name: "system", found: process.operatingSystemVersionString),
      Finding(name: "processors", found: "\(process.activeProcessorCount)"),
      Finding(name: "libtorch", found: "\(Torch.version), \(Torch.threads) threads"),
      algebra(),
      Finding(name: "ODE", found: "linked"),
      Finding(name: "Eigen", found: "compiled in"),
      tool("python3", needed: "to fetch the sample motion capture", mend: "apt-get install -y python3 python3-pip"),
    ]
  }

  /// libtorch without a fast BLAS is 40 times slower, and says nothing.
  private static func algebra() -> Finding {
    let blas = "/proc/self/maps"
    let maps = (try? String(contentsOfFile: blas, encoding: .utf8)) ?? ""
    if maps.isEmpty || maps.contains("openblas") || maps.contains("mkl") {
      return Finding(name: "BLAS", found: maps.isEmpty ? "not looked at on this system" : "fast")
    }
    return Finding(
      name: "BLAS", found: "reference (40 times slower)", mend: "apt-get install -y libopenblas0-openmp")
  }

  private static func tool(_ name: String, needed: String, mend: String) -> Finding {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let path = folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    return Finding(name: name, found: path == nil ? "missing: \(needed)" : "found", mend: path == nil ? mend : nil)
  }
}
