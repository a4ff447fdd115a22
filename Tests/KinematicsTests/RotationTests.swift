import Foundation
@testable import Kinematics
import Randomness
import Testing

@Suite struct RotationTests {
  @Test("Quarter turn takes forward to left") func quarterTurnTakesForwardToLeft() {
    let turned = Quaternion(angle: .pi / 2, axis: .unitY).act(.unitZ)
    #expect((turned - .unitX).length < 1e-15)
  }

  @Test("Matrix and logarithm round trip", arguments: 0..<50) func matrixAndLogarithmRoundTrip(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let vector = SIMD3((0..<3).map { _ in random.normal() })
    let rotation = Quaternion(rotationVector: vector)
    let (a, b, c) = rotation.columns
    #expect(Quaternion(columns: a, b, c).angle(to: rotation) < 1e-7)
    #expect(Quaternion(rotationVector: rotation.rotationVector).angle(to: rotation) < 1e-7)
    #expect((rotation.inverse.act(rotation.act(vector)) - vector).length < 1e-12)
  }
}
