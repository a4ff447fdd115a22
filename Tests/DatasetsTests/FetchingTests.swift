@testable import Datasets
import Foundation
@testable import MotionFormats
@testable import Support
import Testing
import TestSupport
import Kinematics

@Suite(.serialized) struct FetchingTests {
  static let trials = ["01", "02"].map {
    CMUTrial(subject: "49", trial: $0, action: "walk", description: "walk")
  }

  /// A folder in the layout of CMU's site, with two walks of one figure.
  private static let site: URL = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cmu-site-\(UUID().uuidString)")
    let subject = folder.appendingPathComponent("subjects/49")
    for (index, trial) in ["01", "02"].enumerated() {
      let clip = MadeUpWalk.clip(seed: UInt64(index))
      _ = try? AMC.write(clip, to: subject.appendingPathComponent("49_\(trial).amc"))
      // One skeleton for the subject.
      let own = subject.appendingPathComponent("49_\(trial).asf")
      try? FileManager.default.moveItem(at: own, to: subject.appendingPathComponent("49.asf"))
      try? FileManager.default.removeItem(at: own)
    }
    return folder
  }()

  /// `tools/checks/faulty-server` over the site for as long as `body` runs.
  private func serving(_ arguments: [String] = [], _ body: (String) async throws -> Void) async throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = Self.site
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = root.appendingPathComponent("tools/checks/faulty-server")
    process.arguments = [folder.path] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    defer {
      try? input.fileHandleForWriting.close()
      process.waitUntilExit()
    }
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    try await body("http://127.0.0.1:\(port)")
  }

  private func inFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cmu-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  @Test("Folder is fetched once and damage is repaired") func folderIsFetchedOnceAndDamageIsRepaired() async throws {
    try await inFolder { folder in
      let source = Self.site.path
      let fetch = try CMUFetch(Self.trials, from: source, to: folder)
      #expect(try await fetch.run() == CMUFetch.Report(fetched: 3, kept: 0))
      #expect(try await fetch.run() == CMUFetch.Report(fetched: 0, kept: 3))
      try AtomicFile.write("half", to: folder.appendingPathComponent("subjects/49/49_01.amc"))
      #expect(try await fetch.run() == CMUFetch.Report(fetched: 1, kept: 2))
      let clip = try MotionFile.reading(contentsOf: folder.appendingPathComponent("subjects/49/49_01.amc")).clip
      #expect(clip.motion.count > 100)
    }
  }

  @Test("Server that cuts off is asked again") func serverThatCutsOffIsAskedAgain() async throws {
    try await serving { address in
      try await inFolder { folder in
        let once = try CMUFetch(Self.trials, from: address, to: folder, attempts: 1, pause: 0, timeout: 10)
        let first = try await once.run()
        #expect(first.fetched == 0 && first.failures.count == 3)
        let report = try await CMUFetch(Self.trials, from: address, to: folder, attempts: 3, pause: 0.01, timeout: 10)
          .run()
        #expect(report == CMUFetch.Report(fetched: 3, kept: 0))
        let original = Self.site
        for path in ["subjects/49/49.asf", "subjects/49/49_01.amc", "subjects/49/49_02.amc"] {
          #expect(
            try Data(contentsOf: folder.appendingPathComponent(path))
              == Data(contentsOf: original.appendingPathComponent(path)))
        }
      }
    }
  }

  @Test("Missing file and missing server are said") func missingFileAndMissingServerAreSaid() async throws {
    try await serving(["--whole"]) { address in
      try await inFolder { folder in
        let ghost = CMUTrial(subject: "49", trial: "99", action: "", description: "")
        let report = try await CMUFetch([ghost], from: address, to: folder, attempts: 2, pause: 0, timeout: 10).run()
        #expect(report.fetched == 1)
        #expect(report.failures.first?.message.contains("404") == true)
      }
    }
    try await inFolder { folder in
      let report = try await CMUFetch(
        Self.trials, from: "http://127.0.0.1:9", to: folder, attempts: 2, pause: 0, timeout: 5
      ).run()
      #expect(report.failures.count == 3)
      #expect(throws: SurefootError.self) { try CMUFetch(Self.trials, from: "/no/such", to: folder) }
    }
  }
}
