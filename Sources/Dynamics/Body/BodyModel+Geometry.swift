import Kinematics

extension BodyModel {
  /// The height above the floor of the lowest point of segment `index` [m]; with a scene, the least distance to a surface.
  package func lowestPoint(of index: Int, in state: BodyState) -> Double {
    guard ground.isFlat else { return surfacePoints(of: index, in: state).reduce(.infinity) { min($0, $1.distance) } }
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

  /// The heights of ``solePoints(in:)`` above what is under them [m].
  public func soleHeights(in state: BodyState) -> [Double] { solePoints(in: state).map(ground.clearance(of:)) }

  /// How deep a segment is sunk in surfaces that bear it [m]; what is only beside it does not count.
  package func depth(of index: Int, in state: BodyState) -> Double {
    guard !ground.isFlat else { return max(0, -lowestPoint(of: index, in: state)) }
    return surfacePoints(of: index, in: state).reduce(0) { deepest, place in
      place.normal.y > Ground.bearing ? max(deepest, -place.distance) : deepest
    }
  }

  /// The solids' extreme points lower than `height`, at which the floor may exert a force, and the surfaces' normals there.
  func pointsBelow(_ height: Double, in state: BodyState) -> [ContactPoint] {
    guard ground.isFlat else {
      return bodies.indices.flatMap { index in
        surfacePoints(of: index, in: state).filter { $0.distance < height }
      }
    }
    var points: [ContactPoint] = []
    for (index, part) in bodies.enumerated() where state.positions[index].y - part.shape.boundingRadius < height {
      let extremes = part.shape.extremes
      for point in extremes.points {
        var world = state.world(index, point)
        world.y -= extremes.radius
        if world.y < height { points.append(ContactPoint(body: index, point: world, distance: world.y)) }
      }
    }
    return points
  }

  /// The centre of mass of the whole body, in the world [m].
  public func centreOfMass(in state: BodyState) -> SIMD3<Double> {
    bodies.indices.reduce(.zero) { $0 + bodies[$1].mass * state.world($1, bodies[$1].centreOfMass) } / mass
  }
}

/// A point of a segment's surface that may meet the ground.
struct ContactPoint {
  /// The segment's index.
  var body: Int
  /// Its place in the world [m].
  var point: SIMD3<Double>
  /// Its distance to the ground, negative inside [m].
  var distance: Double
  /// The ground's outward direction there.
  var normal = SIMD3<Double>.unitY
}

extension BodyModel {
  /// The points of a segment that may touch a scene's surfaces: corners of a box, points along a capsule, since the edge
  /// of a seat may bear a thigh between its ends.
  private func surfacePoints(of index: Int, in state: BodyState) -> [ContactPoint] {
    let extremes = bodies[index].shape.extremes
    var points = extremes.points
    if extremes.radius > 0, points.count == 2 {
      points += (1..<4).map { points[0] + (points[1] - points[0]) * (Double($0) / 4) }
    }
    return points.map { point in
      let world = state.world(index, point)
      let nearest = ground.nearest(to: world)
      return ContactPoint(
        body: index, point: world - nearest.normal * extremes.radius, distance: nearest.distance - extremes.radius,
        normal: nearest.normal)
    }
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
