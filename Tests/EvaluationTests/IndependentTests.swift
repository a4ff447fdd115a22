import Dynamics
@testable import Evaluation
import Foundation
import Kinematics
import Testing

/// The figures against an independent numpy and scipy implementation, `tools/checks/metrics.py`.
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
    var sets: Sets?
  }

  private struct Sets: Codable {
    var set: [[[[Double]]]]
    var evaluation: [[[[Double]]]]
    var training: [[[[Double]]]]
    var encoded: [String: [[Double]]]
    var frameTime: Double
    var upperArm: Double
    var shoulderWidth: Double
    var hipWidth: Double
    var figures: [String: Double]
    var intervals: [String: [Double]]
    var pair: [[[[Double]]]]
    var mpjpe: Double
    var rootRelativeMPJPE: Double
    var accelerationError: Double
  }

  /// Where the body is in the mean, and how fast: enough of an encoder for a report.
  private struct Summary: MotionFeatures {
    let name = "encoder"
    let dimension = 6
    func features(of motions: [Motion]) throws -> FeatureMatrix {
      FeatureMatrix(
        rows: motions.map { motion in
          let hands = motion.jointPositions.map { $0[20] - $0[0] }
          let middle = hands.reduce(SIMD3<Double>.zero, +) / Double(hands.count)
          let spread = hands.reduce(SIMD3<Double>.zero) { $0 + ($1 - middle) * ($1 - middle) } / Double(hands.count)
          return [middle.x, middle.y, middle.z, spread.x, spread.y, spread.z]
        })
    }
  }

  /// A whole report of made motions, as the loop writes it every generation.
  private static func sets() throws -> Sets {
    func motions(_ seeds: Range<UInt64>) -> [Motion] { seeds.map { Made.motion(seed: $0, frames: 24) } }
    let (set, evaluation, training) = (motions(1..<31), motions(100..<125), motions(200..<222))
    let body = try BodyModel(
      skeleton: .canonical,
      joints: Dictionary(uniqueKeysWithValues: CanonicalJoint.allCases.map { ($0, $0.rawValue) }))
    let measure: EvaluationSet.Measure = { PlausibilityMetrics.measure($0, body: body) }
    let (encoder, bootstrap) = (Summary(), Bootstrap(resamples: 1000, seed: 5))
    let frozen = try EvaluationSet(
      evaluation: evaluation.enumerated().map { ("\($0)", $1) }, training: training, encoder: encoder,
      measure: measure, bootstrap: bootstrap)
    let report = try frozen.report(on: set, encoder: encoder, measure: measure, bootstrap: bootstrap)
    let difference = MotionDifference(set[0], set[1])
    let lengths = BodyLengths(.canonical)
    func numbers(_ motion: Motion) -> [[[Double]]] { motion.jointPositions.map { $0.map { [$0.x, $0.y, $0.z] } } }
    func encoded(_ motions: [Motion]) throws -> [[Double]] {
      let features = try encoder.features(of: motions)
      return (0..<features.count).map { Array(features[$0]) }
    }
    return Sets(
      set: set.map(numbers), evaluation: evaluation.map(numbers), training: training.map(numbers),
      encoded: [
        "set": try encoded(set), "evaluation": try encoded(evaluation), "training": try encoded(training),
      ], frameTime: set[0].frameTime, upperArm: lengths.upperArm, shoulderWidth: lengths.shoulderWidth,
      hipWidth: lengths.hipWidth,
      figures: Dictionary(uniqueKeysWithValues: report.figures.map { ($0.key.rawValue, $0.value.value) }),
      intervals: Dictionary(
        uniqueKeysWithValues: report.figures.map { ($0.key.rawValue, [$0.value.lower, $0.value.upper]) }),
      pair: [numbers(set[0]), numbers(set[1])], mpjpe: difference.mpjpe,
      rootRelativeMPJPE: difference.rootRelativeMPJPE, accelerationError: difference.accelerationError)
  }

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("tools/checks/metrics.py")

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

  @Test("Agrees with numpy and scipy", .enabled(if: hasPython), arguments: [UInt64(1), 2, 3])
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
      shoulderWidth: lengths.shoulderWidth, hipWidth: lengths.hipWidth,
      sets: seed == 1 ? try IndependentTests.sets() : nil)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("surefoot-metrics-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try JSONEncoder().encode(made).write(to: file)
    let (status, output) = try IndependentTests.python([IndependentTests.script.path, file.path])
    #expect(status == 0, "\(output)")
    #expect(output.contains(seed == 1 ? "28 figures agree" : "9 figures agree"), "\(output)")
  }
}
