import Foundation
import Mocap
import Testing

@testable import Evaluation

/// The figures against an independent numpy and scipy implementation, `tools/check_metrics.py`.
@Suite struct IndependentTests {
  private struct Case: Codable {
    var generated: [[Double]]
    var real: [[Double]]
    var k: Int
    var figures: [String: Double]
    var positions: [[[Double]]]
    var frameTime: Double
    var kinetic: [Double]
    var geometric: [Double]
    var upperArm: Double
    var shoulderWidth: Double
    var hipWidth: Double
  }

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("tools/check_metrics.py")

  /// Whether a Python with numpy and scipy is here, or must be.
  private static var hasPython: Bool {
    ProcessInfo.processInfo.environment["SUREFOOT_REQUIRE_READERS"] == "1"
      || (try? python(["-c", "import numpy, scipy"]).status) == 0
  }

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test(.enabled(if: hasPython), arguments: [UInt64(1), 2, 3])
  func agreesWithNumpyAndScipy(seed: UInt64) throws {
    let generated = Made.gaussian(seed: seed, count: 50, dimension: 6, mean: 0.3, scale: 1.4)
    let real = Made.gaussian(seed: seed + 100, count: 70, dimension: 6)
    let (a, b) = (FeatureMatrix(rows: generated), FeatureMatrix(rows: real))
    let around = try Neighbourhoods(generated: a, real: b, k: 5)
    func mean(_ terms: [Double]) -> Double { terms.reduce(0, +) / Double(terms.count) }
    let frameTime = seed == 3 ? 1.0 / 60 : 1.0 / 20
    let motion = Made.motion(seed: seed, frameTime: frameTime)
    let lengths = BodyLengths(motion.skeleton)
    let made = Case(
      generated: generated, real: real, k: 5,
      figures: [
        "frechet": try FrechetDistance.between(a, b), "diversity": try Diversity.of(a),
        "precision": mean(around.precisionTerms), "recall": mean(around.recallTerms),
        "density": mean(around.densityTerms), "coverage": mean(around.coverageTerms),
        "nearest": mean(around.nearestTerms),
      ],
      positions: motion.jointPositions.map { $0.map { [$0.x, $0.y, $0.z] } }, frameTime: frameTime,
      kinetic: try KineticFeatures().features(of: [motion]).values,
      geometric: try GeometricFeatures().features(of: [motion]).values, upperArm: lengths.upperArm,
      shoulderWidth: lengths.shoulderWidth, hipWidth: lengths.hipWidth)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("surefoot-metrics-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try JSONEncoder().encode(made).write(to: file)
    let (status, output) = try IndependentTests.python([IndependentTests.script.path, file.path])
    #expect(status == 0, "\(output)")
    #expect(output.contains("9 figures agree"), "\(output)")
  }
}
