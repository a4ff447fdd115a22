public import Foundation
public import Kinematics
public import MotionFormats
public import Support

/// Turns a corrector into a program, which `--corrector external` runs and anybody may run by hand.
///
///     @main struct Main {
///       static func main() async { await CorrectionProgram(Lift()).main() }
///     }
///
///     surefoot correct walk.bvh -o corrected --corrector external --program .build/release/lift
///
/// The program takes `INPUT OUTPUT [REPORT]`: a BVH file, the BVH file to write, and a JSON file for its report
/// (``ExternalReport``). Units and up axis are those that Surefoot names in the environment, or else estimated. Exit codes:
/// 0 also for a clip that is rejected, which writes a report but no output; 1 for one that cannot be read; 64 for wrong
/// use.
public struct CorrectionProgram: Sendable {
  private let corrector: any Corrector

  /// A program around a corrector.
  public init(_ corrector: any Corrector) { self.corrector = corrector }

  /// Runs on the process's arguments and ends the process.
  public func main() async -> Never {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard (2...3).contains(arguments.count), !arguments.contains(where: { $0.hasPrefix("-") }) else {
      complain(
        "usage: \(URL(fileURLWithPath: CommandLine.arguments[0]).lastPathComponent) INPUT.bvh OUTPUT.bvh [REPORT.json]")
      exit(64)
    }
    let files = arguments.map { URL(fileURLWithPath: $0) }
    do {
      let environment = ProcessInfo.processInfo.environment
      let verdict = try await run(
        input: files[0], output: files[1], report: files.count > 2 ? files[2] : nil,
        metresPerUnit: environment["SUREFOOT_METRES_PER_UNIT"].flatMap(Double.init),
        up: environment["SUREFOOT_UP"].flatMap { ["y": Axis.y, "z": .z][$0] },
        seed: environment["SUREFOOT_SEED"].flatMap(UInt64.init) ?? 1)
      if files.count < 3 || !verdict.isUsable { complain("\(verdict)") }
      exit(0)
    } catch {
      complain("\(error)")
      exit(1)
    }
  }

  /// Corrects one file.
  ///
  /// - Parameters:
  ///   - input: A BVH file.
  ///   - output: The BVH file to write; not written if the clip is rejected.
  ///   - report: The JSON file to write, if wanted.
  ///   - metresPerUnit: Metres in one of the input's length units; estimated if absent.
  ///   - up: The input's up axis; estimated from the figure if absent.
  ///   - seed: The only source of randomness.
  /// - Throws: ``SurefootError`` for a clip that cannot be read or understood.
  @discardableResult
  public func run(
    input: URL, output: URL, report: URL? = nil, metresPerUnit: Double? = nil, up: Axis? = nil, seed: UInt64 = 1
  ) async throws -> Verdict {
    var clip = try BVH.reading(contentsOf: input, metresPerUnit: metresPerUnit, up: up).clip
    let correction = try await corrector.correct(clip.motion, seed: seed)
    if correction.verdict.isUsable {
      clip.motion = correction.motion
      try BVH.write(clip, to: output)
    }
    if let report {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      try AtomicFile.write(try encoder.encode(ExternalReport(correction)), to: report)
    }
    return correction.verdict
  }

  private func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }
}

extension ExternalReport {
  /// A correction's report without its figures, which the caller measures again.
  init(_ correction: Correction) {
    self.init(
      appliedResidual: correction.report.appliedResidual, contacts: correction.report.contacts,
      notes: correction.report.notes)
    verdict = correction.verdict.kind
    if case .rejected(let reason) = correction.verdict { self.reason = reason }
  }
}
