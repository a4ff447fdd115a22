import Foundation
import Support

/// The reward of an external program: `PROGRAM FOLDER` receives a folder with the clips `0000.bvh`, `0001.bvh`, ... and
/// `actions.txt` with one label a line, and prints one number a line, in the files' order.
struct ProgramReward: Reward {
  let name = "program"
  private let program: String
  private let format: any ClipFormat
  private let timeLimit: Double

  /// Seconds that a program may take for all candidates, unless another limit is given: an hour.
  public static let defaultTimeLimit = 3600.0

  /// The opinion of a program, by its path or its name on the PATH.
  ///
  /// - Parameter timeLimit: Seconds that the program may take for all candidates.
  init(program: String, format: any ClipFormat, timeLimit: Double = ProgramReward.defaultTimeLimit) {
    self.timeLimit = timeLimit
    self.program = program
    self.format = format
  }

  /// Runs the program once for all candidates.
  ///
  /// - Throws: ``SurefootError`` if it cannot be started, fails, or does not print one finite number for each clip.
  func rewards(of candidates: [Candidate]) async throws -> [Double] {
    guard !candidates.isEmpty else { return [] }
    let temporary = try TemporaryFolder("reward")
    let folder = temporary.url
    defer { temporary.remove() }
    for (index, candidate) in candidates.enumerated() {
      let name = "\(index.padded(to: 4)).\(format.fileExtension)"
      try AtomicFile.write(try format.encode(candidate.motion), to: folder.appendingPathComponent(name))
    }
    try AtomicFile.write(
      candidates.map { $0.action + "\n" }.joined(), to: folder.appendingPathComponent("actions.txt"))
    let lines = try await output(folder).split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    let numbers = lines.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }.filter(\.isFinite)
    guard numbers.count == lines.count, numbers.count == candidates.count else {
      throw SurefootError(
        file: program,
        message: "printed \(numbers.count) numbers in \(lines.count) lines for \(candidates.count) clips",
        suggestion: "print one finite number a line for each BVH file of the folder, in the order of their names")
    }
    return numbers
  }

  private func output(_ folder: URL) async throws -> String {
    let result = try await Subprocess([program, folder.path], errors: .inherited, timeLimit: timeLimit).run()
    switch result.end {
    case .exit(0): return result.text
    case .exit(let status):
      throw SurefootError(
        .subprocessFailed, file: program, message: "ended with status \(status)",
        suggestion: "what it wrote to standard error says why")
    case .signal(let number):
      throw SurefootError(
        .subprocessFailed, file: program, message: "was ended by signal \(number)",
        suggestion: "what it wrote to standard error says why")
    case .timeLimit, .cancelled:
      throw SurefootError(
        .subprocessFailed, file: program, message: "did not end within \(timeLimit) s and was stopped",
        suggestion: "make curation.program faster, or give it fewer clips")
    }
  }
}
