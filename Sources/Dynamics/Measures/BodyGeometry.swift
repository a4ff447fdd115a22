extension BodyModel {
  /// The height of a segment's lowest point [m].
  public func lowestPoint(of index: Int, in state: BodyState) -> Double {
    let extremes = bodies[index].shape.extremes
    var low = Double.infinity
    for point in extremes.points { low = min(low, state.world(index, point).y) }
    return low - extremes.radius
  }

  /// The height of the whole body's lowest point [m].
  public func lowestPoint(in state: BodyState) -> Double {
    bodies.indices.reduce(.infinity) { min($0, lowestPoint(of: $1, in: state)) }
  }

  /// The sole points of both feet in the world: left heel left, heel right, ball left, ball right, then the right foot's.
  public func solePoints(in state: BodyState) -> [SIMD3<Double>] {
    var points: [SIMD3<Double>] = []
    points.reserveCapacity(8)
    for (foot, segment) in zip(feet, BodyModel.footSegments) {
      for point in foot.solePoints { points.append(state.world(segment.rawValue, point)) }
    }
    return points
  }

  /// The solids' extreme points lower than `height`: where the floor may push.
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

  /// The centre of mass [m].
  public func centreOfMass(in state: BodyState) -> SIMD3<Double> {
    bodies.indices.reduce(.zero) { $0 + bodies[$1].mass * state.world($1, bodies[$1].centreOfMass) } / mass
  }
}
