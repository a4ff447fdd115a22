import Dynamics
import Foundation
public import Kinematics
public import Support

/// Corrects by running any program that reads a BVH file and writes one.
///
///     let corrector = try ExternalCorrector(command: "python3 fix.py {input} {output} {report}")
///
/// The program gets the motion as BVH in metres, Y up, and must write the same figure with the same frames to
/// `{output}`; what comes back is checked. `{report}` names a JSON file that it may write (``ExternalReport``), `{seed}`
/// its seed; a command that names none of these gets input, output and report as its last arguments. It runs in the
/// current folder, without a shell, with no standard input; the environment holds `SUREFOOT_METRES_PER_UNIT`,
/// `SUREFOOT_UP` and `SUREFOOT_SEED`. A program of the group that it starts does not outlive it.
///
/// A program that fails, runs too long or writes something else causes a ``SurefootError`` with its last messages: the
/// clip fails, and a batch goes on. One that cannot be found is refused at once.
///
/// Not guaranteed: that the same seed gives the same bytes; that is up to the program.
public struct ExternalCorrector: Corrector {
  /// The command, as the user wrote it.
  public let command: String
  /// Seconds that the program may take for one motion.
  public let timeLimit: Double
  /// On whose body the result is measured.
  public let body: CorrectorBody
  private let template: CommandTemplate

  /// The default of ``timeLimit``.
  public static let defaultTimeLimit = 300.0

  /// `external:` and the command.
  public var name: String { "external:\(command)" }

  /// A corrector that runs `command`.
  ///
  /// - Throws: ``SurefootError`` for a command that cannot be read, or whose program is not there or not executable.
  public init(
    command: String, timeLimit: Double = ExternalCorrector.defaultTimeLimit, body: CorrectorBody = CorrectorBody()
  ) throws(SurefootError) {
    precondition(timeLimit > 0, "a time limit is positive, not \(timeLimit)")
    self.command = command
    self.timeLimit = timeLimit
    self.body = body
    template = try CommandTemplate(command)
    guard ExternalCorrector.isProgram(template.words[0]) else {
      throw SurefootError(
        .correctionFailed,
        message: "the program \(template.words[0]) is not there or cannot be run",
        suggestion: "install it, or give its path; make a script executable or name its interpreter")
    }
  }

  /// The files among the command's words, so that a changed script is noticed: their paths as written.
  public var scripts: [String] {
    template.words.filter { word in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: word, isDirectory: &isFolder) && !isFolder.boolValue
    }
  }

  private static func isProgram(_ name: String) -> Bool {
    func isRunnable(_ path: String) -> Bool {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        && FileManager.default.isExecutableFile(atPath: path)
    }
    if name.contains("/") { return isRunnable(name) }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").contains { isRunnable("\($0)/\(name)") }
  }

  /// Corrects one motion; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    try await RestPoseTrimmer(motion).correct { try await correctHere($0, seed: seed) }
  }

  private func correctHere(_ motion: Motion, seed: UInt64) async throws -> Correction {
    let body = try body.body(for: motion)
    let exchange = try ExchangeFolder()
    defer { exchange.remove() }
    let sent = try exchange.send(motion)
    let run = try await run(exchange, seed: seed)
    guard run.end == .exit(0) else { throw failure(run) }
    let report = try exchange.report()
    try report.check(frames: motion.count)
    let notes = report.notes ?? []
    if report.verdict == .rejected {
      return .rejected(motion, reason: report.reason ?? "the program gave no reason", body: body, notes: notes)
    }
    let output: Motion
    do {
      output = try exchange.receive(for: motion, sent: sent)
    } catch {
      throw with(run.lastLines, error)
    }
    var correction = Correction.measured(
      from: motion, to: output, body: body, appliedResidual: report.appliedResidual ?? [],
      contacts: report.contacts ?? [], notes: notes)
    if let said = report.verdict, said != correction.verdict.kind {
      correction.report.notes.append(
        "The program says \(said.rawValue); by its motion the clip is \(correction.verdict).")
    }
    return correction
  }

  private func run(_ exchange: ExchangeFolder, seed: UInt64) async throws -> Subprocess.Result {
    let words = template.filled([
      "input": exchange.input.path, "output": exchange.output.path, "report": exchange.reportFile.path,
      "seed": String(seed),
    ])
    do {
      return try await Subprocess(
        words, environment: ["SUREFOOT_METRES_PER_UNIT": "1", "SUREFOOT_UP": "y", "SUREFOOT_SEED": String(seed)],
        timeLimit: timeLimit
      ).run()
    } catch let error as SurefootError {
      throw SurefootError(
        .correctionFailed, message: "the program \(words[0]) \(error.message)", suggestion: error.suggestion)
    }
  }

  private func failure(_ run: Subprocess.Result) -> SurefootError {
    let (problem, suggestion) =
      switch run.end {
      case .exit(let status):
        ("the program \(template.words[0]) ended with exit code \(status)", "run it by hand on this clip")
      case .signal(let number):
        ("the program \(template.words[0]) was ended by signal \(number)", "run it by hand on this clip")
      case .timeLimit, .cancelled:
        (
          "the program \(template.words[0]) did not end within \(timeLimit) s and was stopped",
          "allow it more with --time-limit, or give it a shorter clip"
        )
      }
    return with(run.lastLines, SurefootError(.correctionFailed, message: problem, suggestion: suggestion))
  }

  private func with(_ messages: String, _ error: SurefootError) -> SurefootError {
    guard !messages.isEmpty else { return error }
    let lines = messages.split(separator: "\n").map { "\n  | \($0)" }.joined()
    return SurefootError(
      .correctionFailed, message: error.message,
      suggestion: (error.suggestion.map { "\($0). " } ?? "") + "It said:\(lines)")
  }
}
