import Foundation
import Testing

/// `--help` of every command, as the real program prints it, pinned in `Help/`; and what a usage error exits with.
///
/// After a wanted change: `SUREFOOT_PIN_HELP=1 swift test --filter HelpTests` writes the files anew; read the difference.
@Suite struct HelpTests {
  private static let commands = [
    "", "data", "data fetch", "data fetch deepmimic", "data fetch cmu", "data fetch text-encoder",
    "data prepare", "data captions", "train", "sample", "measure",
    "contacts",
    "correct",
    "new", "new corrector", "loop", "sweep", "lineage", "evaluate", "convert", "skeleton", "skeleton show", "config",
    "config explain", "config schema", "config check", "doctor", "theory", "view", "report", "render",
  ]

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Help")

  @Test("Help is pinned", arguments: commands) func helpIsPinned(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let (status, output, _) = try ConvertCommandTests.surefoot(words + ["--help"])
    #expect(status == 0)
    let file = HelpTests.folder.appending(path: "\((["surefoot"] + words).joined(separator: "-")).txt")
    if ProcessInfo.processInfo.environment["SUREFOOT_PIN_HELP"] != nil {
      try Data(output.utf8).write(to: file)
    }
    #expect(output == (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test(
    "Usage errors exit 64",
    arguments: [
      ["nonsense"], ["train"], ["correct", "--corrector"], ["loop", "--data", "x", "-o", "y", "--jobs", "0"],
      ["sample", "m", "-o", "d", "--count", "many"], ["data", "fetch", "elsewhere"], ["doctor", "--frobnicate"],
    ]) func usageErrorsExit64(arguments: [String]) throws
  {
    #expect(try ConvertCommandTests.surefoot(arguments).status == 64)
  }
}
