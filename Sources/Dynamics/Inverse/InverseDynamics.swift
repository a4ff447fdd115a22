public import Kinematics
import Linear

/// The residual wrench of a motion: the force and torque that the root needs in addition to the best contact forces.
///
///     let inverse = InverseDynamics(motion, body: body)
///     print(inverse.mean, inverse.percentile95)        // body weights
///
/// Use it to measure how far a motion is from physics: 0 for a motion that gravity and the floor explain, 1 body weight
/// for a body that stands still in the air. For every frame it compares the body's rate of change of momentum, from
/// smoothed differences, with gravity and contact forces. Contact forces act at all points of the solids that are lower
/// than 3 cm; each is a non-negative sum of eight edges of a pyramid inside the friction cone (coefficient 1).
/// Non-negative least squares finds the forces that leave the least wrench, with the torque about the centre of mass
/// divided by the legs' length; the rest is the residual. Parabolas fitted with Gaussian weights of 0.05 s smooth the
/// motion (see `LocalQuadratic`), so that free fall is exact and noise above that band does not count as force.
///
/// Not checked: whether muscles could produce the torques.
public struct InverseDynamics: Sendable {
  /// The norm of each frame's residual [body weights].
  public let residuals: [Double]
  /// Each frame's residual force [N] and torque about the centre of mass [N m].
  public let wrenches: [Wrench]
  /// The number of points at which each frame allows contact forces.
  public let contactCounts: [Int]
  /// The torque that each segment needs from its parent, in the world, by frame and segment [N m].
  public let torques: [[SIMD3<Double>]]

  /// The standard deviation of the smoothing's weights [s].
  public static let smoothing = 0.05
  /// The height below which a point may bear force [m].
  public static let contactHeight = 0.03
  /// Coulomb's friction coefficient.
  public static let friction = 1.0

  /// The frames that long motions are measured at a time, apart from margins for smoothing.
  static let chunkFrames = 512

  /// The mean residual [body weights].
  public var mean: Double { residuals.isEmpty ? 0 : residuals.reduce(0, +) / Double(residuals.count) }
  /// The 95th percentile of the residuals [body weights].
  public var percentile95: Double { residuals.quantile(0.95) }

  /// Measures a motion on the body's skeleton.
  public init(_ motion: Motion, body: BodyModel) {
    self.init(states: motion.poses.map(body.state(of:)), frameTime: motion.frameTime, body: body)
  }

  /// Measures a body's states, `frameTime` seconds apart.
  ///
  /// - Parameters:
  ///   - contactHeight: Points lower than this may bear force [m].
  ///   - hasTorques: Whether the joints' torques are asked for as well.
  package init(
    states: [BodyState], frameTime: Double, body: BodyModel, contactHeight: Double = InverseDynamics.contactHeight,
    hasTorques: Bool = true
  ) {
    self.init(
      states: states, frames: states.indices, frameTime: frameTime, body: body, contactHeight: contactHeight,
      hasTorques: hasTorques)
  }

  /// The residuals' norms with several heights below which a point may bear force; what the motion requires is found once.
  ///
  /// - Returns: By height, then by frame [body weights].
  package static func residuals(
    of states: [BodyState], frameTime: Double, body: BodyModel, contactHeights: [Double]
  ) -> [[Double]] {
    let solver = WrenchSolver(body: body)
    let required = RequiredWrench(states: states, frameTime: frameTime, body: body)
    var residuals = [[Double]](repeating: [], count: contactHeights.count)
    for (index, state) in states.enumerated() {
      let centre = body.centreOfMass(in: state)
      let wrench = required.forces(index).total(about: centre)
      var last: (count: Int, residual: Double)?
      for (k, height) in contactHeights.enumerated() {
        let points = body.pointsBelow(height, in: state)
        // A higher limit that adds no point changes nothing.
        let known = last.flatMap { $0.count == points.count ? $0.residual : nil }
        let residual =
          known ?? solver.solve(wrench, about: centre, points: points).0.bodyWeights(of: body)
        residuals[k].append(residual)
        last = (points.count, residual)
      }
    }
    return residuals
  }

  /// The number of frames on either side that smoothing uses.
  static func smoothingRadius(frameTime: Double) -> Int { LocalQuadratic.radius(step: frameTime, width: smoothing) }

  /// Measures the states of `frames` alone, with or without the joints' torques.
  ///
  /// A range with ``smoothingRadius(frameTime:)`` states on either side, or up to the motion's ends, gets the same figures
  /// as in the whole motion.
  init(
    states: [BodyState], frames: Range<Int>, frameTime: Double, body: BodyModel, contactHeight: Double,
    hasTorques: Bool
  ) {
    let solver = WrenchSolver(body: body)
    let required = RequiredWrench(states: states, frames: frames, frameTime: frameTime, body: body)
    var residuals: [Double] = []
    var wrenches: [Wrench] = []
    var counts: [Int] = []
    var torques: [[SIMD3<Double>]] = []
    for index in frames {
      let state = states[index]
      let segmentForces = required.forces(index)
      let centre = body.centreOfMass(in: state)
      let wrench = segmentForces.total(about: centre)
      let points = body.pointsBelow(contactHeight, in: state)
      let (residual, forces) = solver.solve(wrench, about: centre, points: points)
      if hasTorques { torques.append(segmentForces.torques(body, state, contacts: points, forces: forces)) }
      residuals.append(residual.bodyWeights(of: body))
      wrenches.append(residual)
      counts.append(points.count)
    }
    self.residuals = residuals
    self.wrenches = wrenches
    contactCounts = counts
    self.torques = torques
  }
}

/// The wrench that the floor must exert for the body to move as it does: the rate of change of momentum minus gravity.
struct RequiredWrench {
  let states: [BodyState]
  let body: BodyModel
  private let fit: LocalQuadratic
  private let centres: [[SIMD3<Double>]]
  private let spins: SegmentSpins

  /// - Parameter frames: The states whose forces will be asked for; all unless given.
  init(states: [BodyState], frames: Range<Int>? = nil, frameTime: Double, body: BodyModel) {
    self.states = states
    self.body = body
    fit = LocalQuadratic(count: states.count, step: frameTime, width: InverseDynamics.smoothing)
    centres = states.map { state in body.bodies.indices.map { state.world($0, body.bodies[$0].centreOfMass) } }
    spins = SegmentSpins(states, frames: frames ?? states.indices, segments: body.bodies.count, fit: fit)
  }

  /// Every segment's rate of change of momentum at a frame, by Newton's and Euler's laws.
  func forces(_ index: Int) -> SegmentForces {
    let fit = fit.fits[index]
    let accelerations = accelerations(fit)
    var result = SegmentForces(centres: centres[index], forces: [], torques: [])
    result.forces.reserveCapacity(accelerations.count)
    result.torques.reserveCapacity(accelerations.count)
    for (b, part) in body.bodies.enumerated() {
      let (angularVelocity, angularAcceleration) = spins.derivatives(of: b, at: index)
      let rotation = states[index].rotations[b]
      let toBody = rotation.inverse
      let momentum = rotation.act(part.inertia(toBody.act(angularVelocity)))
      result.forces.append(part.mass * (accelerations[b] + SIMD3(0, BodyModel.gravity, 0)))
      result.torques.append(
        rotation.act(part.inertia(toBody.act(angularAcceleration))) + angularVelocity.cross(momentum))
    }
    return result
  }

  private func accelerations(_ fit: LocalQuadratic.Fit) -> [SIMD3<Double>] {
    var sums = [SIMD3<Double>](repeating: .zero, count: body.bodies.count)
    for (k, frame) in fit.range.enumerated() {
      let weight = fit.curvature[k]
      centres[frame].withUnsafeBufferPointer { centres in
        for b in sums.indices { sums[b] += weight * centres[b] }
      }
    }
    return sums
  }
}

/// The segments' angular velocities and accelerations, from the rotations' logarithms relative to each frame's rotation:
/// there they are the logarithm's first two derivatives.
///
/// The logarithm of one frame's rotation relative to another's is the opposite of that the other way round, to the last
/// bit, so that each pair of frames needs one.
private struct SegmentSpins {
  private let frames: Range<Int>
  /// By segment and frame.
  private var velocities: [SIMD3<Double>]
  private var accelerations: [SIMD3<Double>]

  init(_ states: [BodyState], frames: Range<Int>, segments: Int, fit: LocalQuadratic) {
    self.frames = frames
    velocities = [SIMD3<Double>](repeating: .zero, count: segments * frames.count)
    accelerations = velocities
    guard !frames.isEmpty else { return }
    let first = fit.fits[frames].reduce(states.count) { min($0, $1.range.lowerBound) }
    let end = fit.fits[frames].reduce(0) { max($0, $1.range.upperBound) }
    for b in 0..<segments {
      let rotations = (first..<end).map { states[$0].rotations[b] }
      add(rotations, first, fit, row: b * frames.count)
    }
  }

  /// The first and second derivative of a segment's rotation [rad/s], [rad/s^2].
  func derivatives(of segment: Int, at frame: Int) -> (SIMD3<Double>, SIMD3<Double>) {
    let place = segment * frames.count + frame - frames.lowerBound
    return (velocities[place], accelerations[place])
  }

  /// Adds up one segment's derivatives. Each frame takes its neighbours in their order.
  private mutating func add(_ rotations: [Quaternion], _ first: Int, _ fit: LocalQuadratic, row: Int) {
    let end = first + rotations.count
    for i in first..<end {
      let range = fit.fits[i].range
      let inverse = rotations[i - first].inverse
      // Near the ends of a short motion a fit reaches two frames further than its radius.
      let radius = max(range.upperBound - i - 1, i - range.lowerBound, 2)
      for j in i..<min(end, i + radius + 1) where j > i {
        let takesLater = frames.contains(i) && range.contains(j)
        let takesEarlier = frames.contains(j) && fit.fits[j].range.contains(i)
        guard takesLater || takesEarlier else { continue }
        let turn = (rotations[j - first] * inverse).rotationVector
        if takesLater { add(turn, of: j, to: i, fit, row) }
        if takesEarlier { add(-turn, of: i, to: j, fit, row) }
      }
    }
  }

  private mutating func add(_ turn: SIMD3<Double>, of neighbour: Int, to frame: Int, _ fit: LocalQuadratic, _ row: Int)
  {
    let k = neighbour - fit.fits[frame].range.lowerBound
    let place = row + frame - frames.lowerBound
    velocities[place] += fit.fits[frame].slope[k] * turn
    accelerations[place] += fit.fits[frame].curvature[k] * turn
  }
}

/// The force at each segment's centre of mass, and the torque about it, that its motion requires in addition to gravity.
struct SegmentForces {
  var centres: [SIMD3<Double>]
  var forces: [SIMD3<Double>]
  var torques: [SIMD3<Double>]

  func total(about point: SIMD3<Double>) -> Wrench {
    var wrench = Wrench()
    for b in centres.indices {
      wrench.force += forces[b]
      wrench.torque += torques[b] + (centres[b] - point).cross(forces[b])
    }
    return wrench
  }

  /// The torque at each segment's joint: the requirement of the segment and all its descendants minus their contact
  /// forces.
  func torques(
    _ body: BodyModel, _ state: BodyState, contacts: [ContactPoint],
    forces contactForces: [SIMD3<Double>]
  ) -> [SIMD3<Double>] {
    var below = zip(centres, forces).map { Wrench(force: $1, torque: $0.cross($1)) }
    for b in below.indices { below[b].torque += torques[b] }
    for (contact, force) in zip(contacts, contactForces) {
      below[contact.body].force -= force
      below[contact.body].torque -= contact.point.cross(force)
    }
    for b in below.indices.reversed() {
      guard let parent = body.bodies[b].parent else { continue }
      below[parent].force += below[b].force
      below[parent].torque += below[b].torque
    }
    return below.indices.map { b in
      below[b].torque - state.world(b, body.bodies[b].pivot).cross(below[b].force)
    }
  }
}

/// The contact forces that leave the least residual wrench.
struct WrenchSolver {
  let body: BodyModel
  private let edges: [SIMD3<Double>]

  init(body: BodyModel) {
    self.body = body
    let half = 0.5.squareRoot()
    let sides: [(Double, Double)] = [
      (1, 0), (half, half), (0, 1), (-half, half), (-1, 0), (-half, -half), (0, -1), (half, -half),
    ]
    edges = sides.map { SIMD3(InverseDynamics.friction * $0.0, 1, InverseDynamics.friction * $0.1) }
  }

  /// The edges of the friction pyramid about a surface's normal.
  private func edges(at point: ContactPoint) -> [SIMD3<Double>] {
    guard point.normal != .unitY else { return edges }
    let turn = Quaternion(from: .unitY, to: point.normal)
    return edges.map(turn.act)
  }

  /// Solves in units of body weight and leg length, so that the ridge (which only breaks ties) means the same for any body.
  ///
  /// - Returns: The residual, and the force at every point [N].
  func solve(_ wrench: Wrench, about centre: SIMD3<Double>, points: [ContactPoint])
    -> (Wrench, [SIMD3<Double>])
  {
    guard !points.isEmpty else { return (wrench, []) }
    let length = body.legLength
    var matrix: [Double] = []
    matrix.reserveCapacity(48 * points.count)
    for point in points {
      let arm = (point.point - centre) / length
      for edge in edges(at: point) {
        let torque = arm.cross(edge)
        // One by one: an array of six would be allocated for each edge.
        for row in 0..<3 { matrix.append(edge[row]) }
        for row in 0..<3 { matrix.append(torque[row]) }
      }
    }
    let (f, t) = (wrench.force / body.weight, wrench.torque / (body.weight * length))
    var rest = [f.x, f.y, f.z, t.x, t.y, t.z]
    let columns = matrix.count / 6
    guard
      let forces = LeastSquares.solveNonNegative(matrix, rows: 6, columns: columns, rest, ridge: 1e-6)
    else { return (wrench, points.map { _ in .zero }) }
    var pointForces = [SIMD3<Double>](repeating: .zero, count: points.count)
    for (column, force) in forces.enumerated() where force > 0 {
      pointForces[column / 8] += edges(at: points[column / 8])[column % 8] * (force * body.weight)
      for row in 0..<6 { rest[row] -= force * matrix[6 * column + row] }
    }
    let left = Wrench(
      force: SIMD3(rest[0], rest[1], rest[2]) * body.weight,
      torque: SIMD3(rest[3], rest[4], rest[5]) * (body.weight * length))
    return (left, pointForces)
  }
}
