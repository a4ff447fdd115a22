import Foundation
import Kinematics
import Linear

/// Motions of one length as numbers that hardly depend on one another: principal components of a frame, by cosine
/// frequency over time.
///
/// Both changes are rotations of ``MotionLatents``, so that nothing is lost and distances stay. A latent is
/// frequency-major: the components of frequency 0, then those of frequency 1, and so on.
struct LatentSpace: Sendable {
  let rows: MotionLatents
  /// The length of the motions.
  let frames: Int
  private let mean: [Double]
  /// Column-major, one column a component.
  private let basis: [Double]
  /// Orthonormal cosine transform (DCT-II), frequency-major.
  private let cosines: [Double]

  /// The numbers of a frequency.
  var width: Int { rows.width }
  /// The numbers of a motion.
  var count: Int { frames * width }

  /// Fitted to motions of one skeleton, rate and length.
  ///
  /// - Parameter biped: The skeleton's joints that make a biped.
  init(fitting motions: [Motion], biped: some Sequence<Int>) {
    rows = MotionLatents(fitting: motions, biped: biped)
    frames = motions[0].count
    let width = rows.width
    var mean = [Double](repeating: 0, count: width)
    let encoded = motions.map(rows.encode)
    for motion in encoded { for (index, value) in motion.enumerated() { mean[index % width] += value } }
    let total = Double(motions.count * frames)
    for column in 0..<width { mean[column] /= total }
    var covariance = [Double](repeating: 0, count: width * width)
    for motion in encoded {
      for start in stride(from: 0, to: motion.count, by: width) {
        let row = (0..<width).map { motion[start + $0] - mean[$0] }
        for i in 0..<width { for j in 0...i { covariance[j * width + i] += row[i] * row[j] / total } }
      }
    }
    for i in 0..<width { for j in 0..<i { covariance[i * width + j] = covariance[j * width + i] } }
    var identity = [Double](repeating: 0, count: width * width)
    for i in 0..<width { identity[i * width + i] = 1 }
    self.mean = mean
    basis = SymmetricEigen(covariance, size: width)?.vectors ?? identity
    let length = frames
    cosines = (0..<length).flatMap { k in
      (0..<length).map { t in
        let scale = (k == 0 ? 1.0 : 2.0) / Double(length)
        return scale.squareRoot() * cos(.pi * (Double(t) + 0.5) * Double(k) / Double(length))
      }
    }
  }

  /// The latent of a motion of the space's skeleton, rate and length.
  func encode(_ motion: Motion) -> [Double] {
    let values = rows.encode(motion)
    var components = [Double](repeating: 0, count: count)
    for frame in 0..<frames {
      let row = (0..<width).map { values[frame * width + $0] - mean[$0] }
      for k in 0..<width {
        var sum = 0.0
        for i in 0..<width { sum += basis[k * width + i] * row[i] }
        components[frame * width + k] = sum
      }
    }
    var latent = [Double](repeating: 0, count: count)
    for frequency in 0..<frames {
      for frame in 0..<frames {
        let cosine = cosines[frequency * frames + frame]
        for k in 0..<width { latent[frequency * width + k] += cosine * components[frame * width + k] }
      }
    }
    return latent
  }

  /// The motion of a latent, from where a sample begins; see ``MotionLatents/decode(_:like:)``.
  func decode(_ latent: [Double], like sample: Motion) -> Motion {
    var components = [Double](repeating: 0, count: count)
    for frequency in 0..<frames {
      for frame in 0..<frames {
        let cosine = cosines[frequency * frames + frame]
        for k in 0..<width { components[frame * width + k] += cosine * latent[frequency * width + k] }
      }
    }
    var values = [Double](repeating: 0, count: count)
    for frame in 0..<frames {
      for i in 0..<width { values[frame * width + i] = mean[i] }
      for k in 0..<width {
        let value = components[frame * width + k]
        for i in 0..<width { values[frame * width + i] += basis[k * width + i] * value }
      }
    }
    return rows.decode(values, like: sample)
  }
}
