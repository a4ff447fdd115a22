internal import COpenDynamics
import Kinematics

/// The motors of the residual wrench: a linear and an angular one between the pelvis and the world.
///
/// Each of the three axes gives at most the bound divided by the square root of 3, so that the norm keeps to the bound.
struct RootMotor {
  private let linear: dJointID
  private let angular: dJointID
  private let feedback: UnsafeMutablePointer<dJointFeedback>
  private let stiffness: (linear: Double, angular: Double)
  private let damping: (linear: Double, angular: Double)
  private let step: Double

  init(world: dWorldID, pelvis: dBodyID, body: BodyModel, settings: SimulationSettings) {
    linear = dJointCreateLMotor(world, nil)
    angular = dJointCreateAMotor(world, nil)
    feedback = .allocate(capacity: 2)
    feedback.initialize(repeating: dJointFeedback(), count: 2)
    step = settings.step
    let spring = body.weight / settings.residualDeflection
    stiffness = (spring, spring * body.legLength.squared * 0.1)
    damping = (
      2 * settings.residualDamping * (spring * body.mass).squareRoot(),
      settings.residualDamping * stiffness.angular / 10
    )
    dJointAttach(linear, pelvis, nil)
    dJointAttach(angular, pelvis, nil)
    dJointSetLMotorNumAxes(linear, 3)
    dJointSetAMotorMode(angular, Int32(dAMotorUser))
    dJointSetAMotorNumAxes(angular, 3)
    let maxForce = settings.residualBound * body.weight / 3.0.squareRoot()
    for (axis, unit) in [SIMD3<Double>.unitX, .unitY, .unitZ].enumerated() {
      dJointSetLMotorAxis(linear, Int32(axis), 0, unit.x, unit.y, unit.z)
      dJointSetAMotorAxis(angular, Int32(axis), 0, unit.x, unit.y, unit.z)
      let (force, soft) = MotorParameter.forceAndMixing[axis]
      dJointSetLMotorParam(linear, force, maxForce)
      dJointSetLMotorParam(linear, soft, 1 / (step * stiffness.linear + damping.linear))
      dJointSetAMotorParam(angular, force, maxForce * body.legLength)
      dJointSetAMotorParam(angular, soft, 1 / (step * stiffness.angular + damping.angular))
    }
    dJointSetFeedback(linear, feedback)
    dJointSetFeedback(angular, feedback + 1)
  }

  /// Sets the position error [m], the rotation error (a rotation vector) and the velocities that the next step follows, all
  /// in the world.
  func setTarget(
    error: SIMD3<Double>, velocity: SIMD3<Double>, rotationError: SIMD3<Double>, angularVelocity: SIMD3<Double>
  ) {
    let v = velocity + error * (stiffness.linear / (step * stiffness.linear + damping.linear))
    let w = angularVelocity + rotationError * (stiffness.angular / (step * stiffness.angular + damping.angular))
    for axis in 0..<3 {
      dJointSetLMotorParam(linear, MotorParameter.velocity[axis], v[axis])
      dJointSetAMotorParam(angular, MotorParameter.velocity[axis], w[axis])
    }
  }

  /// The wrench of the last step.
  var applied: Wrench {
    let (f, t) = (feedback[0].f1, feedback[1].t1)
    return Wrench(force: SIMD3(f.0, f.1, f.2), torque: SIMD3(t.0, t.1, t.2))
  }

  func free() { feedback.deallocate() }
}
