import Foundation
import Testing

/// Completions for shells, and manual pages.
@Suite struct ShellTests {
  private static func run(_ command: [String]) -> (status: Int32, output: String)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let (output, errors) = (Pipe(), FileHandle.nullDevice)
    process.standardOutput = output
    process.standardError = errors
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  private static let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "tools")
  private static let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "surefoot")
  private static let hasManual =
    run(["man", "--version"])?.status == 0 && run(["python3", "--version"])?.status == 0

  @Test(
    "Completions are made",
    arguments: [
      ("bash", "complete -o filenames -F _surefoot surefoot"), ("zsh", "#compdef surefoot"),
      ("fish", "complete -c 'surefoot'"),
    ]) func completionsAreMade(shell: String, mark: String) throws
  {
    let script = try ConvertCommandTests.surefoot(["--generate-completion-script", shell])
    #expect(script.status == 0 && script.output.contains(mark), "\(script.output.prefix(300))")
    for word in ["correct", "convert", "skeleton-units"] { #expect(script.output.contains(word)) }
    try ConvertCommandTests.withFolder { folder in
      // The shell itself must take it, where it is installed.
      let file = folder.appending(path: "completion")
      try Data(script.output.utf8).write(to: file)
      guard let there = Self.run([shell, "--version"]), there.status == 0 else { return }
      let check = try #require(Self.run([shell, shell == "fish" ? "--no-execute" : "-n", file.path]))
      #expect(check.status == 0)
    }
  }

  @Test("Man renders every page", .enabled(if: hasManual)) func manRendersEveryPage() throws {
    try ConvertCommandTests.withFolder { folder in
      let pages = folder.appending(path: "man")
      let made = Self.run([Self.tools.appending(path: "man-pages").path, Self.program.path, pages.path])
      try #require(made?.status == 0)
      let files = try FileManager.default.contentsOfDirectory(atPath: pages.path)
      #expect(files.contains("surefoot.1") && files.contains("surefoot-data-prepare.1"))
      for file in files {
        let page = try #require(Self.run(["man", "-l", "--warnings", pages.appending(path: file).path]))
        #expect(page.status == 0 && page.output.contains("EXIT STATUS"), "\(file)")
      }
      let text = try #require(Self.run(["man", "-l", pages.appending(path: "surefoot-convert.1").path])).output
      #expect(text.contains("surefoot convert walk.bvh -o walk-metres.bvh --units m --up z"))
      #expect(text.contains("--input-units input-units"))
    }
  }
}
