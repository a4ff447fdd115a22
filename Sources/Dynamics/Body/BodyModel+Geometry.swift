import Kinematics

extension BodyModel {
  /// The height above the floor of the lowest point of segment `index` [m].
  package func lowestPoint(of index: Int, in state: BodyState) -> Double {
    let extremes = bodies[index].shape.extremes
    var low = Double.infinity
    for point in extremes.points { low = min(low, state.world(index, point).y) }
    return low - extremes.radius
  }

  /// The height of the body's lowest point above the floor [m]: negative if it penetrates.
  public func lowestPoint(in state: BodyState) -> Double {
    bodies.indices.reduce(.infinity) { min($0, lowestPoint(of: $1, in: state)) }
  }

  /// The sole points of both feet in the world: left heel left, heel right, ball left, ball right, then the right foot's.
  public func solePoints(in state: BodyState) -> [SIMD3<Double>] {
    var points: [SIMD3<Double>] = []
    points.reserveCapacity(8)
    for (foot, segment) in zip(feet, BodyModel.footSegments) {
      for point in foot.solePoints { points.append(state.world(legIndex(segment), point)) }
    }
    return points
  }

  /// The solids' extreme points lower than `height`, at which the floor may exert a force.
  func pointsBelow(_ height: Double, in state: BodyState) -> [(body: Int, point: SIMD3<Double>)] {
    var points: [(body: Int, point: SIMD3<Double>)] = []
    for (index, part) in bodies.enumerated() where state.positions[index].y - part.shape.boundingRadius < height {
      let extremes = part.shape.extremes
      for point in extremes.points {
        var world = state.world(index, point)
        world.y -= extremes.radius
        if world.y < height { points.append((index, world)) }
      }
    }
    return points
  }

  /// The centre of mass of the whole body, in the world [m].
  public func centreOfMass(in state: BodyState) -> SIMD3<Double> {
    bodies.indices.reduce(.zero) { $0 + bodies[$1].mass * state.world($1, bodies[$1].centreOfMass) } / mass
  }
}

extension Shape {
  /// The points and the radius about them that contain the shape: a capsule's ends, a box's corners.
  var extremes: (points: [SIMD3<Double>], radius: Double) {
    switch self {
    case .capsule(let from, let to, let radius): return ([from, to], radius)
    case .box(let centre, let rotation, let half):
      let corners = (0..<8).map { i in
        centre
          + rotation.act(
            SIMD3(i & 1 == 0 ? -half.x : half.x, i & 2 == 0 ? -half.y : half.y, i & 4 == 0 ? -half.z : half.z))
      }
      return (corners, 0)
    }
  }
}
