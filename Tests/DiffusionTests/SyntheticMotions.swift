import Diffusion
import Foundation
import Kinematics
import Randomness

/// Smooth made-up motions of the canonical skeleton.
enum Synthetic {
  /// Joints swing with random amplitude, frequency and phase while the root walks a curve. `style` shifts the swing.
  static func motion(seed: UInt64, frames: Int = 24, frameRate: Double = 20, style: Double = 0) -> Motion {
    var random = SeededGenerator(seed: seed)
    let skeleton = Skeleton.canonical
    let waves = (0..<skeleton.count).map { _ in
      (
        axis: SIMD3((0..<3).map { _ in random.normal() }).normalized, amplitude: 0.4 * random.uniform(),
        frequency: 0.5 + random.uniform(), phase: 6 * random.uniform()
      )
    }
    let (speed, turn, start) = (0.5 + random.uniform(), random.normal(), 6 * random.uniform())
    var (yaw, position) = (start, SIMD3(random.normal(), 0, random.normal()))
    let poses = (0..<frames).map { index -> Pose in
      let time = Double(index) / frameRate
      var rotations = waves.map { wave in
        Quaternion(
          angle: style + wave.amplitude * sin(wave.phase + 2 * .pi * wave.frequency * time), axis: wave.axis)
      }
      rotations[0] = Quaternion(angle: yaw, axis: .unitY) * rotations[0]
      defer {
        yaw += turn / frameRate
        position += SIMD3(sin(yaw), 0, cos(yaw)) * (speed / frameRate)
      }
      return Pose(rootPosition: SIMD3(position.x, 0.9 + 0.02 * sin(5 * time), position.z), rotations: rotations)
    }
    return Motion(skeleton: skeleton, frameTime: 1 / frameRate, poses: poses)
  }

  /// Windows of two actions that differ in style; lengths alternate if `short` is given.
  static func windows(_ count: Int, frames: Int = 24, short: Int? = nil) -> [TrainingWindow] {
    (0..<count).map { index in
      let length = index % 3 == 2 ? short ?? frames : frames
      return TrainingWindow(
        motion: motion(seed: UInt64(index), frames: length, style: index % 2 == 0 ? 0.3 : -0.3),
        action: index % 2 == 0 ? "swing" : "walk")
    }
  }

  /// The largest distance between joints of two motions of one length [m].
  static func distance(_ a: Motion, _ b: Motion) -> Double {
    zip(a.jointPositions, b.jointPositions).flatMap { zip($0, $1).map { ($0 - $1).length } }.max() ?? 0
  }

  static func temporary(_ name: String) -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())-\(name)")
  }
}
