import Mocap

/// How much a correction changed what a motion does: each a ratio of the corrected to the given motion, at about 30
/// frames a second.
struct Harm {
  /// The sum of the joints' squared speeds.
  let energy: Double
  /// The mean of the joints' speeds.
  let speed: Double
  /// The length of the root's path over the floor.
  let path: Double

  init(_ a: Motion, _ b: Motion) {
    let step = max(1, Int((1.0 / 30 / a.frameTime).rounded()))
    func figures(_ motion: Motion) -> (Double, Double, Double) {
      let positions = stride(from: 0, to: motion.count, by: step).map { motion.jointPositions(of: $0) }
      var result = (1e-9, 1e-9, 1e-9)
      for (p, q) in zip(positions, positions.dropFirst()) {
        for (x, y) in zip(p, q) {
          result.0 += (y - x).squaredLength
          result.1 += (y - x).length
        }
        result.2 += (q[0] - p[0]).horizontal.length
      }
      return result
    }
    let (x, y) = (figures(a), figures(b))
    energy = y.0 / x.0
    speed = y.1 / x.1
    // A figure that stays where it is has no path to speak of.
    path = x.2 > 0.3 ? y.2 / x.2 : 1
  }
}

extension Motion {
  fileprivate func jointPositions(of frame: Int) -> [SIMD3<Double>] { skeleton.frames(of: poses[frame]).positions }
}
