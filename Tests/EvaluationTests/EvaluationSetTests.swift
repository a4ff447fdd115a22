import Dynamics
@testable import Evaluation
import Foundation
import Support
import Testing
import Kinematics

@Suite struct EvaluationSetTests {
  /// A made-up measure of physics: jerk differs between motions, the rest is zero.
  static let measure: EvaluationSet.Measure = { motion in
    PlausibilityMetrics(
      penetrate: 1, float: 2, skate: 3, skateSpeed: 0, skatingRatio: 0, residualWrench: 0, residualWrench95: 0,
      selfPenetration: 0, jointLimitExcess: 0, jerk: Double(motion.count))
  }
  private let bootstrap = Bootstrap(resamples: 8, seed: 1)

  private func frozen() throws -> EvaluationSet {
    try EvaluationSet(
      evaluation: (0..<20).map { ("e\($0)", Made.motion(seed: UInt64($0))) },
      training: (0..<20).map { Made.motion(seed: 100 + UInt64($0)) }, encoder: KineticFeatures(),
      measure: EvaluationSetTests.measure, bootstrap: bootstrap)
  }

  @Test("A set against itself scores perfectly") func aSetAgainstItselfScoresPerfectly() throws {
    let set = try frozen()
    let report = try set.report(
      on: (0..<20).map { Made.motion(seed: UInt64($0)) }, encoder: KineticFeatures(),
      measure: EvaluationSetTests.measure, bootstrap: bootstrap)
    #expect(try #require(report[.fidKinetic]).value < 1e-6)
    #expect(try #require(report[.fidGeometric]).value < 1e-6)
    #expect(report.count == 20)
    #expect(report[.physErr]?.value == 6)
    #expect(report[.jerk]?.value == 40)
  }

  /// The example in the comment of ``EvaluationSet``, with fewer resamples.
  @Test("Samples are compared with real windows") func samplesAreComparedWithRealWindows() throws {
    let (walk, jump) = (Made.motion(seed: 1), Made.motion(seed: 2))
    let (windows, samples) = ((3..<9).map { Made.motion(seed: $0) }, (9..<15).map { Made.motion(seed: $0) })
    let body = try BodyModel(
      skeleton: .canonical,
      joints: Dictionary(uniqueKeysWithValues: CanonicalJoint.allCases.map { ($0, $0.rawValue) }))

    let bootstrap = Bootstrap(resamples: 8, seed: 1)
    let measure: EvaluationSet.Measure = { PlausibilityMetrics.measure($0, body: body) }
    let set = try EvaluationSet(
      evaluation: [("walk-1", walk), ("jump-1", jump)], training: windows, encoder: nil, measure: measure,
      bootstrap: bootstrap)
    let report = try set.report(on: samples, encoder: nil, measure: measure, bootstrap: bootstrap)

    #expect(report[.fidKinetic] != nil && set.realAgainstReal[.fidKinetic] != nil && report[.fid] == nil)
  }

  @Test("Worse motion scores worse") func worseMotionScoresWorse() throws {
    let set = try frozen()
    let frozenBodies = (0..<20).map { _ in Made.motion(seed: 7, speed: 0) }
    let report = try set.report(
      on: frozenBodies, encoder: KineticFeatures(), measure: EvaluationSetTests.measure, bootstrap: bootstrap)
    #expect(try #require(report[.fidKinetic]).value > 2 * #require(set.realAgainstReal[.fidKinetic]).value)
    #expect(report[.diversityKinetic]?.value == 0)
  }

  @Test("Survives its file") func survivesItsFile() throws {
    let set = try frozen()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("surefoot-set-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let hash = try set.save(to: file)
    let read = try EvaluationSet.load(from: file)
    #expect(read.windows == set.windows && read.spaces == set.spaces && read.realAgainstReal == set.realAgainstReal)
    #expect(try read.save(to: file) == hash, "the same set has the same bytes")
  }

  @Test("An encoder that the set does not know is refused") func anEncoderThatTheSetDoesNotKnowIsRefused() throws {
    let set = try frozen()
    #expect(throws: SurefootError.self) {
      try set.report(
        on: [Made.motion(seed: 1)], encoder: nil, measure: EvaluationSetTests.measure, bootstrap: bootstrap)
    }
  }

  @Test("Every metric has one definition", arguments: Metric.allCases) func everyMetricHasOneDefinition(metric: Metric)
  {
    #expect(!metric.title.isEmpty && metric.definition.hasSuffix("."))
    #expect(Metric.allCases.count { $0.title == metric.title } == 1)
  }
}
