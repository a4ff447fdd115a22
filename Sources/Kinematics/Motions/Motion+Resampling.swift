import Foundation

extension Motion {
  /// The same motion at another frame rate, from the first frame on for as long as it lasts.
  ///
  /// Fewer frames a second are taken through a low-pass filter (a Lanczos kernel of three lobes at the new rate), so
  /// that fast movement does not come back as slow movement; more are interpolated along the shorter arc. Rotations
  /// are averaged as rotation vectors about the middle frame, which no change of a quaternion's sign can upset.
  ///
  /// - Precondition: `rate` is positive and finite.
  public func resampled(to rate: Double) -> Motion {
    precondition(rate > 0 && rate.isFinite, "a frame rate is positive")
    guard count > 1, abs(rate * frameTime - 1) > 1e-4 else {
      return Motion(skeleton: skeleton, frameTime: 1 / rate, poses: poses)
    }
    // A hair more than the duration, for rates written with seven digits.
    let frames = Int((duration * rate + 0.01).rounded(.down)) + 1
    let times = (0..<frames).map { min(Double($0) / rate, duration) }
    let isSlower = rate < frameRate * 0.999
    let filter = LowPass(motion: self, ratio: frameRate / rate)
    let poses = times.map { isSlower ? filter.pose(at: $0 / frameTime) : pose(at: $0) }
    return Motion(skeleton: skeleton, frameTime: 1 / rate, poses: poses)
  }
}

/// Poses through a low-pass filter; beyond the ends a motion goes on as its point reflection.
private struct LowPass {
  let motion: Motion
  /// Source frames for one of the result.
  let ratio: Double
  private let lobes = 3.0

  init(motion: Motion, ratio: Double) {
    self.motion = motion
    self.ratio = ratio
  }

  func pose(at frame: Double) -> Pose {
    let middle = min(max(Int(frame.rounded()), 0), motion.count - 1)
    let reach = Int((lobes * ratio).rounded(.up))
    var taps: [(frame: Int, weight: Double)] = []
    for tap in middle - reach...middle + reach {
      let weight = kernel((Double(tap) - frame) / ratio)
      if weight != 0 { taps.append((tap, weight)) }
    }
    let total = taps.reduce(0) { $0 + $1.weight }
    // A frame beyond an end is twice the end less the frame mirrored in it.
    var weights: [Int: Double] = [:]
    let last = motion.count - 1
    for (tap, weight) in taps {
      let share = weight / total
      if (0...last).contains(tap) {
        weights[tap, default: 0] += share
      } else {
        let end = tap < 0 ? 0 : last
        weights[end, default: 0] += 2 * share
        weights[min(max(2 * end - tap, 0), last), default: 0] -= share
      }
    }
    return mix(weights.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, around: middle)
  }

  private func mix(_ weights: [(frame: Int, weight: Double)], around middle: Int) -> Pose {
    let reference = motion.poses[middle]
    var result = reference
    result.rootPosition = weights.reduce(.zero) { $0 + motion.poses[$1.frame].rootPosition * $1.weight }
    for joint in reference.rotations.indices {
      let inverse = reference.rotations[joint].inverse
      let vector = weights.reduce(SIMD3<Double>.zero) { sum, tap in
        sum + (inverse * motion.poses[tap.frame].rotations[joint]).rotationVector * tap.weight
      }
      result.rotations[joint] = (reference.rotations[joint] * Quaternion(rotationVector: vector)).normalized
    }
    for joint in reference.translations.keys {
      result.translations[joint] = weights.reduce(.zero) { sum, tap in
        sum + (motion.poses[tap.frame].translations[joint] ?? .zero) * tap.weight
      }
    }
    return result
  }

  private func kernel(_ x: Double) -> Double {
    guard abs(x) < lobes else { return 0 }
    guard abs(x) > 1e-9 else { return 1 }
    let (a, b) = (Double.pi * x, Double.pi * x / lobes)
    return sin(a) / a * sin(b) / b
  }
}
