public import Kinematics

/// The forces that a motion needs: at every part that touches the floor, on the root, and in the joints.
///
///     let forces = MotionForces(motion, body: body, standing: [left, right])
///     let foot = forces.reactions[frame][MotionForces.Part.leftFoot.rawValue]
///     print(foot.force.y, "N at", foot.centreOfPressure)
///
/// Use it to compare a motion with force plates, or to hand its loads to other programs. The method is that of
/// ``InverseDynamics``: the body's rate of change of momentum minus gravity is shared out among contact forces inside the
/// friction cone; what they cannot give is the residual. In every frame the sum of all reactions and of the residual force
/// is the mass times the centre of mass's acceleration minus gravity's.
///
/// Not guaranteed: which share of a force each of two standing feet bears. The motion fixes their sum; of all shares the
/// one with the least squares is taken.
public struct MotionForces: Sendable {
  /// What can touch the floor, in the order of a frame's reactions.
  public enum Part: Int, CaseIterable, Sendable, Hashable {
    case leftFoot, rightFoot, leftHand, rightHand
    /// Everything else together.
    case rest

    init(_ segment: Segment) {
      switch segment {
      case .leftFoot: self = .leftFoot
      case .rightFoot: self = .rightFoot
      case .leftForearm: self = .leftHand
      case .rightForearm: self = .rightHand
      default: self = .rest
      }
    }
  }

  /// The force of the floor on one part.
  public struct Reaction: Sendable, Hashable {
    /// In the world [N]; zero for a part that bears nothing.
    public var force = SIMD3<Double>.zero
    /// The point of the floor at which the force has no horizontal torque [m]; `nil` for a part that bears nothing.
    public var centreOfPressure: SIMD3<Double>?
    /// The torque about the vertical there [N m].
    public var freeMoment = 0.0

    /// A part that bears nothing.
    public init() {}
  }

  /// By frame and ``Part``.
  public let reactions: [[Reaction]]
  /// By frame: the force and the torque about the root's origin that no contact gives.
  public let residuals: [Wrench]
  /// By frame and ``Segment``: the torque of the parent on the segment at the joint between them, in the world [N m]. The
  /// pelvis's is the residual's.
  public let torques: [[SIMD3<Double>]]
  /// By frame [m].
  public let centresOfMass: [SIMD3<Double>]

  /// Less than this counts as no force [N].
  private static let leastForce = 1e-3

  /// Finds the forces of a motion on the body's skeleton.
  ///
  /// - Parameter standing: Which frames the left and the right foot may bear force in; a foot's height says so if absent.
  /// - Precondition: Standing has a row for each foot and an entry for each frame.
  public init(_ motion: Motion, body: BodyModel, standing: [[Bool]]? = nil) {
    precondition(standing?.allSatisfy { $0.count == motion.count } ?? true, "an entry for each frame")
    let states = motion.poses.map(body.state(of:))
    let required = RequiredWrench(states: states, frameTime: motion.frameTime, body: body)
    let solver = WrenchSolver(body: body)
    var reactions: [[Reaction]] = []
    var residuals: [Wrench] = []
    var torques: [[SIMD3<Double>]] = []
    for (index, state) in states.enumerated() {
      let segmentForces = required.forces(index)
      let centre = body.centreOfMass(in: state)
      var points = body.pointsBelow(InverseDynamics.contactHeight, in: state)
      if let standing {
        points.removeAll { point in
          let part = Part(body.bodies[point.body].segment)
          return (part == .leftFoot && !standing[0][index]) || (part == .rightFoot && !standing[1][index])
        }
      }
      let (residual, forces) = solver.solve(
        segmentForces.total(about: centre), about: centre, points: points)
      torques.append(segmentForces.torques(body, state, contacts: points, forces: forces))
      reactions.append(Self.reactions(points, forces, body))
      residuals.append(
        Wrench(
          force: residual.force, torque: residual.torque + (centre - state.positions[0]).cross(residual.force)))
    }
    self.reactions = reactions
    self.residuals = residuals
    self.torques = torques
    centresOfMass = states.map(body.centreOfMass(in:))
  }

  /// The forces at points as one force a part.
  private static func reactions(
    _ points: [ContactPoint], _ forces: [SIMD3<Double>], _ body: BodyModel
  ) -> [Reaction] {
    var totals = [Wrench](repeating: Wrench(), count: Part.allCases.count)
    var levels = [Double](repeating: 0, count: Part.allCases.count)
    for (point, force) in zip(points, forces) {
      let part = Part(body.bodies[point.body].segment).rawValue
      totals[part].force += force
      // About the world's origin.
      totals[part].torque += point.point.cross(force)
      if !body.ground.isFlat { levels[part] += force.y * point.point.y }
    }
    return zip(totals, levels).map { total, level in
      var reaction = Reaction()
      guard total.force.y > leastForce else { return reaction }
      let (force, torque) = (total.force, total.torque)
      // On the floor, or on the surface where most of the force acts.
      let height = body.ground.isFlat ? 0 : level / force.y
      let place =
        height == 0
        ? SIMD3(torque.z / force.y, 0, -torque.x / force.y)
        : SIMD3((torque.z + height * force.x) / force.y, height, (height * force.z - torque.x) / force.y)
      reaction.force = force
      reaction.centreOfPressure = place
      reaction.freeMoment = torque.y - place.cross(force).y
      return reaction
    }
  }
}
