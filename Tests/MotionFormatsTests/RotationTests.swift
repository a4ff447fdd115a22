import Foundation
@testable import Kinematics
import Randomness
@testable import Support
import Testing

@Suite struct RotationTests {
  @Test func quarterTurnTakesForwardToLeft() {
    let turned = Quaternion(angle: .pi / 2, axis: .unitY).act(.unitZ)
    #expect((turned - .unitX).length < 1e-15)
  }

  @Test(arguments: 0..<50) func matrixAndLogarithmRoundTrip(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let vector = SIMD3((0..<3).map { _ in random.normal() })
    let rotation = Quaternion(rotationVector: vector)
    let (a, b, c) = rotation.columns
    #expect(Quaternion(columns: a, b, c).angle(to: rotation) < 1e-7)
    #expect(Quaternion(rotationVector: rotation.rotationVector).angle(to: rotation) < 1e-7)
    #expect((rotation.inverse.act(rotation.act(vector)) - vector).length < 1e-12)
  }

  @Test func digestOfKnownText() {
    #expect(
      SHA256.hexadecimal(of: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hexadecimal(of: Array(repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
