import Foundation
import Kinematics
import Testing

@testable import Dynamics

/// The wrench that a motion requires is found once for all that is asked of it.
@Suite struct ResidualTests {
  private let body: BodyModel
  private let states: [BodyState]
  private let frameTime = 1.0 / 30

  /// A body that tumbles over the floor.
  init() throws {
    body = try Figures.canonical()
    let motion = Figures.motion(body, count: 24) { pose, t in
      pose.rootPosition.y += 0.1 * abs(sin(6 * t))
      pose.rotations[0] = Quaternion(rotationVector: SIMD3(0.3 * sin(5 * t), 2 * t, 0.1))
      pose.rotations[3] = Quaternion(rotationVector: SIMD3(t * t, 0, 0.5 * t))
    }
    states = motion.poses.map(body.state(of:))
  }

  @Test("Two contact heights at once give what each gives by itself") func heightsAreIndependent() {
    let heights = [0.03, 0.15]
    let both = InverseDynamics.residuals(of: states, frameTime: frameTime, body: body, contactHeights: heights)
    #expect(both[0] != both[1])
    for (height, residuals) in zip(heights, both) {
      let alone = InverseDynamics(states: states, frameTime: frameTime, body: body, contactHeight: height)
      #expect(residuals == alone.residuals)
    }
  }

  @Test("The torques that turn the segments follow from logarithms relative to each frame", arguments: [2, 3, 5, 24])
  func derivativesAreThoseOfTheLogarithms(count: Int) {
    let states = Array(states.prefix(count))
    let whole = RequiredWrench(states: states, frameTime: frameTime, body: body)
    let fits = LocalQuadratic(count: count, step: frameTime, width: InverseDynamics.smoothing).fits
    for (frame, fit) in fits.enumerated() {
      let forces = whole.forces(frame)
      for (b, part) in body.bodies.enumerated() {
        let rotation = states[frame].rotations[b]
        let logarithm = { (k: Int) in (states[k].rotations[b] * rotation.inverse).rotationVector }
        let velocity = LocalQuadratic.sum(fit.slope, fit.range, logarithm)
        let acceleration = LocalQuadratic.sum(fit.curvature, fit.range, logarithm)
        let inertia = { (x: SIMD3<Double>) in rotation.act(part.inertia(rotation.inverse.act(x))) }
        #expect((forces.torques[b] - inertia(acceleration) - velocity.cross(inertia(velocity))).length < 1e-9)
      }
    }
  }

  @Test("A part of a motion has the forces of the whole, to the last bit") func partsHaveTheForcesOfTheWhole() {
    let whole = RequiredWrench(states: states, frameTime: frameTime, body: body)
    let part = RequiredWrench(states: states, frames: 9..<12, frameTime: frameTime, body: body)
    for frame in 9..<12 {
      #expect(whole.forces(frame).torques == part.forces(frame).torques)
      #expect(whole.forces(frame).forces == part.forces(frame).forces)
    }
  }
}
