import Evaluation
import Foundation
import Testing
@testable import Generations

@Suite struct TensorBoardTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("tools/checks/tensorboard-events.py")

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: Data) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  private static let hasReader =
    ProcessInfo.processInfo.environment["SUREFOOT_REQUIRE_READERS"] == "1"
    || (try? python(["-c", "import tensorboard"]).status) == 0

  /// Values of RFC 3720, appendix B.4, masked.
  @Test("Checksums are those of the standard") func checksumsAreThoseOfTheStandard() {
    func unmasked(_ value: UInt32) -> UInt32 {
      let rotated = value &- 0xA282_EAD8
      return (rotated >> 17) | (rotated << 15)
    }
    #expect(unmasked(MaskedCRC.of([UInt8](repeating: 0, count: 32))) == 0x8A91_36AA)
    #expect(unmasked(MaskedCRC.of([UInt8](repeating: 0xFF, count: 32))) == 0x62A8_AB43)
    #expect(unmasked(MaskedCRC.of((0..<32).map { UInt8($0) })) == 0x46DD_794E)
    #expect(unmasked(MaskedCRC.of("123456789".utf8)) == 0xE306_9283)
  }

  @Test("The real package reads every figure", .enabled(if: hasReader)) func theRealPackageReadsEveryFigure()
    async throws
  {
    var specification = try Fake.specification()
    specification.arms = [.raw, "curated"]
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let results = try await Fake.loop(specification, in: folder).run()
    let log = folder.appendingPathComponent("tensorboard")
    try TensorBoardLog.write(results, to: log, time: 1_700_000_000)
    let (status, output) = try TensorBoardTests.python([TensorBoardTests.script.path, log.path])
    #expect(status == 0)
    let read = try JSONDecoder().decode([String: [String: [[Double]]]].self, from: output)
    #expect(read.keys.sorted() == ["curated", "raw", "real"])
    for arm in results.arms {
      for (figure, estimate) in arm.generations[1].samples.figures {
        let group = Figure.physics.contains(figure) ? "physics" : "sets"
        let curve = try #require(read[arm.name]?["\(group)/\(figure.rawValue)"], "\(figure)")
        #expect(curve.map { $0[0] } == [0, 1, 2])
        #expect(abs(curve[2][1] - estimate.value) <= 1e-6 * max(1, abs(estimate.value)))
      }
    }
    #expect(read["curated"]?["synthetic/chosen reward"]?.count == 2)
  }
}
