import Foundation
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct SubprocessTests {
  private func shell(_ script: String, input: Subprocess.Input = .none, timeLimit: Double? = 60) -> Subprocess {
    Subprocess(["/bin/sh", "-c", script], input: input, timeLimit: timeLimit)
  }

  private func isAlive(_ process: pid_t) -> Bool {
    guard kill(process, 0) == 0 else { return false }
    // A killed process that nobody has reaped yet still has a number.
    let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    return !status.contains(") Z ")
  }

  private func ends(_ process: pid_t) async throws -> Bool {
    for _ in 0..<100 where isAlive(process) { try await Task.sleep(for: .milliseconds(20)) }
    return !isAlive(process)
  }

  @Test("Output, errors and the exit code come back")
  func output() async throws {
    let result = try await shell("echo out; echo err >&2; exit 3").run()
    #expect(result.end == .exit(3))
    #expect(result.text == "out\nerr\n")
    #expect(try shell("kill -TERM $$").runBlocking().end == .signal(SIGTERM))
  }

  @Test("A megabyte of input goes in while the output comes out")
  func input() async throws {
    let data = Data((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) })
    #expect(try await shell("cat", input: .data(data)).run().output == data)
    let chunks = Counter()
    let result = try await shell("wc -c", input: .chunks { chunks.next() < 5 ? Data(count: 100_000) : nil }).run()
    #expect(result.text.trimmingCharacters(in: .whitespacesAndNewlines) == "500000")
  }

  @Test("A program that does not read its input ends normally")
  func unreadInput() async throws {
    #expect(try await shell("exit 0", input: .data(Data(count: 1_000_000))).run().end == .exit(0))
  }

  @Test("At the time limit the program ends with its children")
  func timeLimit() async throws {
    let result = try await shell("sleep 100 & echo $!; wait", timeLimit: 0.3).run()
    #expect(result.end == .timeLimit)
    let child = try #require(pid_t(result.text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(try await ends(child))
  }

  @Test("Children that a program leaves behind end, also those that left its group", .enabled(if: hasSetsid))
  func leftBehind() async throws {
    let result = try await shell("sleep 100 & echo $!; setsid sleep 100 & echo $!; exit 0").run()
    #expect(result.end == .exit(0))
    let children = result.text.split(separator: "\n").compactMap { pid_t($0) }
    #expect(children.count == 2)
    for child in children { #expect(try await ends(child)) }
  }

  @Test("Cancellation of the task ends the program")
  func cancellation() async throws {
    let task = Task { try await shell("sleep 100").run() }
    try await Task.sleep(for: .milliseconds(200))
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    // The program would run for 100 s; the whole suite at once makes seconds of a moment.
    #expect(ContinuousClock.now - start < .seconds(50))
  }

  @Test("A program that is missing or no program is an error")
  func missing() {
    let missing = #expect(throws: SurefootError.self) { try Subprocess(["no-such-program"]).runBlocking() }
    #expect(missing?.code == .subprocessFailed && missing?.message == "is not installed")
    let folder = #expect(throws: SurefootError.self) { try Subprocess(["/etc/passwd"]).runBlocking() }
    #expect(folder?.message == "cannot be started (Permission denied)")
  }

  @Test("Only the last bytes of much output are kept")
  func muchOutput() async throws {
    let result = try await shell("yes | head -c 70000000; echo the end").run()
    #expect(result.output.count <= Subprocess.outputLimit)
    #expect(result.lastLines.hasSuffix("the end"))
  }

  private static let hasSetsid = FileManager.default.isExecutableFile(atPath: "/usr/bin/setsid")
}
