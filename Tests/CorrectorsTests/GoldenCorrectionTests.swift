import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appending(path: "../..").standardizedFileURL

/// The program to check; `nil` if the suite is not asked for.
private let goldenProgram: URL? = ProcessInfo.processInfo.environment["SUREFOOT_GOLDEN"].map {
  $0 == "1" ? root.appending(path: ".build/release/surefoot") : URL(fileURLWithPath: $0)
}

/// The program as it ships, at its default settings, on clips whose results are known: `Tests/Golden/corrections.json`.
///
/// `tools/checks/corrector` builds the program with optimisation and runs this suite. `SUREFOOT_GOLDEN` is the program's
/// path, or 1 for the one in `.build/release`.
@Suite(.serialized, .enabled(if: goldenProgram != nil)) struct GoldenCorrectionTests {
  /// One clip and its known correction.
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    /// The BVH file: beside the golden values, or in `SUREFOOT_MOCAP`.
    var clip: String
    /// Why this clip is here.
    var purpose: String
    var verdict: String
    /// [mm]
    var mpjpe: Double
    /// [body weights]
    var maxAppliedResidual: Double
    var replans: Int
    var fallbacks: Int
    /// [N m]
    var peakTorques: [String: Double]

    var testDescription: String { clip }
  }

  /// The golden values, and how far a result may be from them: the last digits differ with the processor's kernels,
  /// and a plan in contact amplifies them.
  private struct GoldenFile: Decodable {
    var tolerances: Tolerances
    var corrections: [Golden]

    struct Tolerances: Decodable {
      /// [mm]
      var mpjpe: Double
      /// [body weights]
      var appliedResidual: Double
      /// Share of the value.
      var peakTorque: Double
      /// How many more or fewer.
      var replans: Int
    }
  }

  private static let golden = try? JSONDecoder().decode(
    GoldenFile.self, from: Data(contentsOf: root.appending(path: "Tests/Golden/corrections.json")))

  /// The clips that this machine has.
  private static let clips: [(Golden, URL)] = (golden?.corrections ?? []).compactMap { golden in
    let folders =
      [root.appending(path: "Tests/Golden")]
      + [ProcessInfo.processInfo.environment["SUREFOOT_MOCAP"].map { URL(fileURLWithPath: $0) }].compactMap(\.self)
    let file = folders.map { $0.appending(path: golden.clip) }
      .first { FileManager.default.fileExists(atPath: $0.path) }
    return file.map { (golden, $0) }
  }

  /// A corrected clip's report file, as far as it is compared.
  private struct Record: Decodable {
    struct Figures: Decodable { var mpjpe: Double }
    struct Planning: Decodable { var replans, fallbacks: Int }
    struct Report: Decodable {
      var appliedResidual: [Double]
      /// Absent where nothing had to be simulated.
      var peakTorques: [String: Double]?
      var planning: Planning?
    }
    var verdict: String
    var figures: Figures
    var report: Report
  }

  @Test("The golden file has a clip for a replan and one for a fallback")
  func theFileIsComplete() throws {
    let golden = try #require(Self.golden)
    #expect(golden.corrections.contains { $0.replans > 0 && $0.fallbacks == 0 })
    #expect(golden.corrections.contains { $0.fallbacks > 0 })
    #expect(Self.clips.count >= 3)
  }

  @Test("The default corrector gives the known result", arguments: clips.map(\.0))
  func theResultIsTheKnownOne(golden: Golden) throws {
    let tolerances = try #require(Self.golden).tolerances
    let source = try #require(Self.clips.first { $0.0.clip == golden.clip }).1
    let record = try correct(source)
    #expect(record.verdict == golden.verdict)
    #expect(abs(record.figures.mpjpe - golden.mpjpe) <= tolerances.mpjpe)
    let applied = record.report.appliedResidual.max() ?? 0
    #expect(abs(applied - golden.maxAppliedResidual) <= tolerances.appliedResidual)
    #expect(abs((record.report.planning?.replans ?? 0) - golden.replans) <= tolerances.replans)
    #expect(((record.report.planning?.fallbacks ?? 0) > 0) == (golden.fallbacks > 0))
    let torques = record.report.peakTorques ?? [:]
    #expect(Set(torques.keys) == Set(golden.peakTorques.keys))
    for (joint, torque) in golden.peakTorques {
      let peak = torques[joint] ?? 0
      #expect(abs(peak - torque) <= tolerances.peakTorque * torque, "\(joint): \(peak), not \(torque) N m")
    }
  }

  private func correct(_ source: URL) throws -> Record {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-golden-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = goldenProgram
    process.arguments = ["correct", source.path, "-o", folder.path, "--quiet"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let name = source.deletingPathExtension().lastPathComponent
    return try JSONDecoder().decode(
      Record.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
  }
}
