import Dynamics
import Kinematics

/// Takes frame-to-frame noise out of a motion that has it, and leaves others alone.
///
/// The noise is estimated by fourth differences of the joints' rotations, in which smooth motion all but vanishes and
/// independent noise grows by the square root of 70. Smoothing fits parabolas with Gaussian weights: peaks keep their
/// height better than under a plain Gaussian.
struct MotionSmoothing {
  /// Noise of a frame's rotation below which nothing is smoothed [rad, standard deviation of a component].
  static let tolerated = 0.02
  /// Noise from which on smoothing is full.
  static let strong = 0.03
  /// The weights' standard deviation [s] for noise between the two, and beyond.
  static let widths = (light: 0.045, full: 0.08)
  /// The same for a motion that counts as free of noise, where a planned simulation is to follow it [s]. What is faster
  /// than 10 Hz is halved at least: at 120 frames a second that is mostly measuring noise, which hardly shows in places
  /// but makes speeds from one frame to the next wrong by metres a second, those that a simulation starts with among
  /// them. At 30 frames a second it makes room for the jerk that contacts add.
  static let fine = 0.03

  /// The standard deviation of one component of the driven joints' rotations from smooth motion [rad].
  static func noise(of motion: Motion, body: BodyModel) -> Double {
    guard motion.count >= 5 else { return 0 }
    let joints = body.bodies.flatMap(\.driven)
    let stride = max(1, motion.count / 400)
    var sizes: [Double] = []
    for i in Swift.stride(from: 2, to: motion.count - 2, by: stride) {
      for joint in joints {
        let here = motion.poses[i].rotations[joint].inverse
        let r = { (k: Int) in (here * motion.poses[i + k].rotations[joint]).rotationVector }
        sizes.append((r(-2) - 4 * r(-1) - 4 * r(1) + r(2)).length)
      }
    }
    sizes.sort()
    // The median length of a normal vector in space is 1.538 standard deviations of a component.
    return sizes[sizes.count / 2] / (1.538 * 70.0.squareRoot())
  }

  /// The smoothed motion and the width used [s]; the motion itself and 0 where it is not noisy.
  static func apply(_ motion: PosedMotion, body: BodyModel) -> (PosedMotion, width: Double) {
    let noise = noise(of: motion.motion, body: body)
    guard noise > tolerated else { return (motion, 0) }
    let width = noise > strong ? widths.full : widths.light
    return (smoothed(motion, width: width, joints: motion.motion.skeleton.joints.indices), width)
  }

  /// The motion of some joints and the root by parabolas that are fitted to every frame's neighbours, with Gaussian
  /// weights of standard deviation `width` [s].
  static func smoothed(_ posed: PosedMotion, width: Double, joints: some Collection<Int>) -> PosedMotion {
    let motion = posed.motion
    let fits = LocalQuadratic(count: motion.count, step: motion.frameTime, width: width).fits
    var result = motion
    for i in motion.poses.indices {
      let fit = fits[i]
      result.poses[i].rootPosition = LocalQuadratic.sum(fit.value, fit.range) { motion.poses[$0].rootPosition }
      for joint in joints {
        let here = motion.poses[i].rotations[joint]
        let inverse = here.inverse
        let mean = LocalQuadratic.sum(fit.value, fit.range) {
          (inverse * motion.poses[$0].rotations[joint]).rotationVector
        }
        result.poses[i].rotations[joint] = (here * Quaternion(rotationVector: mean)).normalized
      }
    }
    return PosedMotion(result)
  }
}

extension BodyModel {
  /// The joints that are a part of the biped, in order: what a correction may change. Fingers, faces and props are not.
  var bipedJoints: [Int] { Set(bodies.flatMap(\.driven) + joints.values).sorted() }
}
