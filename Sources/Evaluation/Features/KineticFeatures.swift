public import Kinematics

/// How energetically each joint moves: the features behind FID_k.
///
/// Three numbers for each of the 22 canonical joints, in the joints' order (66 in all): the mean over frames of the
/// squared horizontal speed [m²/s²], of the squared vertical speed [m²/s²], and of the magnitude of acceleration
/// [m/s²]. Speed and acceleration at a frame are those of the difference quotients averaged, as vectors, over a window
/// about it.
///
/// After Onuma, Faloutsos and Hodgins, "FMDistance: a fast and effective distance function for motion capture data"
/// (Eurographics 2008), as AIST++ (Li et al., "AI Choreographer", ICCV 2021, arXiv:2101.08779) measures dances. Where it
/// differs from the code published with AIST++, on purpose:
/// - its acceleration subtracts `p[i] - p[i-1] / dt` where it means a velocity (a missing pair of brackets makes it
///   depend on where the origin is); here it is the second difference quotient;
/// - its window is two frames to either side at 60 frames a second; here it is the same time, at least one frame to
///   either side, whatever the rate;
/// - its frame time is fixed; here it is the motion's own;
/// - SMPL's two hand joints are not among the 22.
public struct KineticFeatures: MotionFeatures {
  /// `kinetic`.
  public let name = "kinetic"
  /// 66, three for each joint.
  public let dimension = 3 * CanonicalJoint.allCases.count

  /// Features without settings.
  public init() {}

  /// Averages over a window this long to either side [s]: two frames at 60 a second.
  static let reach = 2.0 / 60

  /// Half the mean squared speed of the joints of motions with the given features [J/kg].
  package static func energies(of features: FeatureMatrix) -> [Double] {
    (0..<features.count).map { row in
      let values = Array(features[row])
      var squares = 0.0
      for joint in stride(from: 0, to: values.count, by: 3) { squares = squares + values[joint] + values[joint + 1] }
      return squares / Double(2 * max(1, values.count / 3))
    }
  }

  /// One vector a motion of at least three frames.
  public func features(of motions: [Motion]) throws -> FeatureMatrix {
    FeatureMatrix(
      rows: try motions.map { motion in
        let trajectory = try CanonicalTrajectory(motion, minimumFrames: 3)
        return CanonicalJoint.allCases.flatMap { features(of: $0, in: trajectory) }
      })
  }

  private func features(of joint: CanonicalJoint, in trajectory: CanonicalTrajectory) -> [Double] {
    let velocities = (1..<trajectory.count).map { trajectory.velocity(joint, $0) }
    let accelerations = zip(velocities.dropFirst(), velocities).map { ($0 - $1) / trajectory.frameTime }
    let reach = max(1, Int((KineticFeatures.reach / trajectory.frameTime).rounded()))
    let smoothVelocities = windowMeans(velocities, reach: reach)
    let smoothAccelerations = windowMeans(accelerations, reach: reach)
    return [
      mean(smoothVelocities.map { $0.horizontal.squaredLength }),
      mean(smoothVelocities.map { $0.y * $0.y }),
      mean(smoothAccelerations.map(\.length)),
    ]
  }

  private func windowMeans(_ values: [SIMD3<Double>], reach: Int) -> [SIMD3<Double>] {
    values.indices.map { centre in
      let window = values[max(0, centre - reach)...min(values.count - 1, centre + reach)]
      return window.reduce(.zero, +) / Double(window.count)
    }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
