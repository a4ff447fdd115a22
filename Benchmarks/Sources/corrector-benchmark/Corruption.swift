import Foundation
import Kinematics
import Retargeting

/// Ways in which motions are broken, to be fixed.
enum Corruption {
  static func apply(_ kind: String, to motion: Motion) -> Motion {
    var result = motion
    var noise = Noise(seed: 1)
    let time = { (i: Int) in Double(i) * motion.frameTime }
    let middle = motion.count / 2
    for i in result.poses.indices {
      let t = time(i)
      switch kind {
      case "sink": result.poses[i].rootPosition.y -= 0.05
      case "float": result.poses[i].rootPosition.y += 0.05
      case "jitter":
        for j in result.poses[i].rotations.indices {
          result.poses[i].rotations[j] =
            result.poses[i].rotations[j] * Quaternion(rotationVector: 0.04 * noise.vector())
        }
        result.poses[i].rootPosition += 0.01 * noise.vector()
      case "drift":
        result.poses[i].rootPosition += SIMD3(
          0.08 * sin(2 * .pi * t / 1.3) + 0.05 * t, 0, 0.08 * sin(2 * .pi * t / 1.7 + 1))
      case "hover":
        // A stretch of one second that floats 10 cm up, with ramps of 0.2 s.
        let ramp = min(max((0.7 - abs(t - time(middle))) / 0.2, 0), 1)
        result.poses[i].rootPosition.y += 0.10 * ramp
      case "pop":
        if (middle..<middle + 3).contains(i) {
          result.poses[i].rootPosition += SIMD3(0.1, 0.05, -0.1)
          for j in result.poses[i].rotations.indices {
            result.poses[i].rotations[j] =
              result.poses[i].rotations[j] * Quaternion(rotationVector: SIMD3(0.15, -0.1, 0.1))
          }
        }
      case "swap":
        // What the legs do is exchanged for a second, at once: contacts are on the wrong side, and both ends are leaps.
        if abs(t - time(middle)) < 0.5 { exchangeLegs(&result.poses[i], motion.skeleton) }
      default: break
      }
    }
    return result
  }

  /// Each leg's joints turned as the other's, mirrored in the body's middle plane.
  private static func exchangeLegs(_ pose: inout Pose, _ skeleton: Skeleton) {
    guard let map = try? BipedMap.understanding(skeleton) else { return }
    let side = map.bodyFrame.act(SIMD3(1, 0, 0))
    func mirrored(_ q: Quaternion) -> Quaternion {
      Quaternion(w: q.w, imaginary: 2 * q.imaginary.dot(side) * side - q.imaginary)
    }
    let old = pose.rotations
    for joint in [CanonicalJoint.leftHip, .leftKnee, .leftAnkle, .leftFoot] {
      guard let left = map[joint], let right = map[joint.mirrored] else { continue }
      pose.rotations[left] = mirrored(old[right])
      pose.rotations[right] = mirrored(old[left])
    }
  }
}

/// Normal noise from a small generator of its own (xorshift and Box-Muller).
struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  private mutating func uniform() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
  }

  private mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }

  mutating func vector() -> SIMD3<Double> {
    let x = normal()
    let y = normal()
    return SIMD3(x, y, normal())
  }
}
