import Foundation
@testable import Kinematics
import Randomness
import Testing

@Suite struct EulerAnglesTests {
  /// Every list of up to three axes, repeats included.
  static let lists: [[Axis]] = {
    let one = Axis.allCases.map { [$0] }
    let two = one.flatMap { list in Axis.allCases.map { list + [$0] } }
    let three = two.flatMap { list in Axis.allCases.map { list + [$0] } }
    return [[]] + one + two + three
  }()

  static func random(_ random: inout SeededGenerator) -> Quaternion {
    Quaternion(w: random.normal(), x: random.normal(), y: random.normal(), z: random.normal()).normalized
  }

  @Test("Reachable rotations round trip", arguments: lists) func reachableRotationsRoundTrip(axes: [Axis]) {
    var generator = SeededGenerator(seed: 7)
    let euler = EulerAngles(axes: axes)
    for _ in 0..<200 {
      let rotation =
        euler.reachesAll
        ? Self.random(&generator)
        : Quaternion(eulerAngles: axes.map { _ in 6 * generator.uniform() - 3 }, axes: axes)
      let angles = euler.angles(of: rotation)
      #expect(euler.error(of: rotation, angles: angles) < 1e-7, "\(axes)")
      #expect(angles.allSatisfy { abs($0) <= .pi + 1e-12 })
    }
  }

  @Test("Gimbal lock keeps the rotation", arguments: lists.filter { $0.count == 3 && $0[0] != $0[1] && $0[1] != $0[2] })
  func gimbalLockKeepsTheRotation(axes: [Axis]) {
    let euler = EulerAngles(axes: axes)
    let locked: [Double] = axes[0] == axes[2] ? [0, .pi] : [.pi / 2, -.pi / 2]
    for middle in locked {
      for nudge in [0, 1e-12, 1e-9, 1e-7, 1e-5, 1e-3] {
        let rotation = Quaternion(eulerAngles: [0.7, middle + nudge, -1.9], axes: axes)
        for previous in [nil, [0.7, middle, -1.9], [2, 1, 0]] {
          let angles = euler.angles(of: rotation, near: previous)
          #expect(euler.error(of: rotation, angles: angles) < 2e-7, "\(axes) \(middle) \(nudge)")
        }
        let held = euler.angles(of: rotation, near: [0.7, middle, -1.9])
        #expect(abs(held[0] - 0.7) < 1e-2 && abs(held[2] + 1.9) < 1e-2, "\(axes) \(nudge) \(held)")
      }
    }
  }

  @Test(
    "Angles of a smooth motion run on", arguments: lists.filter { $0.count == 3 && $0[0] != $0[1] && $0[1] != $0[2] })
  func anglesOfASmoothMotionRunOn(axes: [Axis]) {
    // Angles that wind up three turns and pass through the lock's neighbourhood on the second axis.
    let euler = EulerAngles(axes: axes)
    let start: Double = axes[0] == axes[2] ? 1.2 : 0
    var previous: [Double]?
    for frame in 0..<600 {
      let t = Double(frame) / 600
      let wanted = [6 * .pi * t, start + 0.9 * sin(7 * t), -4 * .pi * t]
      let angles = euler.angles(of: Quaternion(eulerAngles: wanted, axes: axes), near: previous ?? wanted)
      for slot in 0..<3 { #expect(abs(angles[slot] - wanted[slot]) < 1e-6) }
      previous = angles
    }
  }

  @Test(
    "Fewer axes give the nearest rotation",
    arguments: lists.filter { $0.count == 2 && $0[0] != $0[1] } + lists.filter { $0.count == 1 })
  func fewerAxesGiveTheNearestRotation(axes: [Axis]) {
    var generator = SeededGenerator(seed: 11)
    let euler = EulerAngles(axes: axes)
    for _ in 0..<20 {
      let rotation = Self.random(&generator)
      let best = euler.error(of: rotation, angles: euler.angles(of: rotation))
      for _ in 0..<200 {
        let other = axes.map { _ in 2 * .pi * generator.uniform() }
        #expect(best <= euler.error(of: rotation, angles: other) + 1e-9)
      }
    }
  }
}
