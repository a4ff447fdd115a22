import Foundation
import Support

/// The reward of an external program: `PROGRAM FOLDER` receives a folder with the clips `0000.bvh`, `0001.bvh`, ... and
/// `actions.txt` with one label a line, and prints one number a line, in the files' order.
struct ProgramReward: Reward {
  let name = "program"
  private let program: String
  private let format: any ClipFormat

  /// - Parameter program: Its path, or its name on the PATH.
  init(program: String, format: any ClipFormat) {
    self.program = program
    self.format = format
  }

  /// Runs the program once for all candidates.
  ///
  /// - Throws: ``SurefootError`` if it cannot be started, fails, or does not print one finite number for each clip.
  func rewards(of candidates: [Candidate]) async throws -> [Double] {
    guard !candidates.isEmpty else { return [] }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("surefoot-reward-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (index, candidate) in candidates.enumerated() {
      let name = "\(index.padded(to: 4)).\(format.fileExtension)"
      try AtomicFile.write(try format.encode(candidate.motion), to: folder.appendingPathComponent(name))
    }
    try AtomicFile.write(
      candidates.map { $0.action + "\n" }.joined(), to: folder.appendingPathComponent("actions.txt"))
    let lines = try output(folder).split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    let numbers = lines.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }.filter(\.isFinite)
    guard numbers.count == lines.count, numbers.count == candidates.count else {
      throw SurefootError(
        file: program,
        message: "printed \(numbers.count) numbers in \(lines.count) lines for \(candidates.count) clips",
        suggestion: "print one finite number a line for each BVH file of the folder, in the order of their names")
    }
    return numbers
  }

  private func output(_ folder: URL) throws(SurefootError) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program, folder.path]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.standardError
    let pipe = Pipe()
    process.standardOutput = pipe
    do {
      try process.run()
    } catch {
      throw SurefootError(file: program, message: "cannot be started (\(error.localizedDescription))")
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw SurefootError(
        file: program, message: "ended with status \(process.terminationStatus)",
        suggestion: process.terminationStatus == 127
          ? "name a program that can be run: curation.program is its path or its name on the PATH"
          : "what it wrote to standard error says why")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
