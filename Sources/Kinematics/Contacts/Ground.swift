/// What can bear a body: the floor at height 0, and boxes on or above it (steps, seats, slopes).
///
///     var ground = Ground.flat
///     ground.boxes.append(Ground.Box(centre: SIMD3(0, 0.1, 1), halfExtents: SIMD3(0.4, 0.1, 0.2)))
///     ground.height(at: SIMD3(0, 0.5, 1))          // 0.2: on the box
///     ground.height(at: SIMD3(0, 0.5, 0))          // 0: on the floor
///
/// Every measure, corrector, simulation and picture asks the ground of a body model where its surfaces are. Without boxes
/// all of them compute as on a plane.
public struct Ground: Sendable, Hashable {
  /// A solid block.
  public struct Box: Sendable, Hashable {
    /// Its middle [m].
    public var centre: SIMD3<Double>
    /// Turns the box's own axes into the world.
    public var rotation: Quaternion
    /// Half of its size along its own axes [m].
    public var halfExtents: SIMD3<Double>

    /// A block; upright unless it is turned.
    ///
    /// - Precondition: Extents above 0.
    public init(centre: SIMD3<Double>, rotation: Quaternion = .identity, halfExtents: SIMD3<Double>) {
      precondition(halfExtents.min() > 0, "a box has an extent above 0 along every axis")
      self.centre = centre
      self.rotation = rotation
      self.halfExtents = halfExtents
    }

    /// The corners: the lowest bit of the index chooses the side along X, the next ones along Y and Z.
    public var corners: [SIMD3<Double>] {
      (0..<8).map { i in
        let sign = SIMD3(i & 1 == 0 ? -1.0 : 1, i & 2 == 0 ? -1 : 1, i & 4 == 0 ? -1 : 1)
        return centre + rotation.act(sign * halfExtents)
      }
    }
  }

  /// The nearest place of a surface, seen from a point.
  public struct Nearest: Sendable, Hashable {
    /// The distance to the surface, negative for a point inside [m].
    public var distance: Double
    /// The surface's outward direction, of length 1.
    public var normal: SIMD3<Double>
  }

  /// What bears a foot at a place.
  public struct Surface: Sendable, Hashable {
    /// A point of the surface, under the place that was asked for [m].
    public var point: SIMD3<Double>
    /// The surface's upward direction, of length 1.
    public var normal: SIMD3<Double>

    /// The floor under a place.
    public init(floorUnder place: SIMD3<Double>) { (point, normal) = (place.horizontal, .unitY) }

    init(point: SIMD3<Double>, normal: SIMD3<Double>) { (self.point, self.normal) = (point, normal) }
  }

  /// The blocks.
  public var boxes: [Box]

  /// The floor alone.
  public static let flat = Ground()

  /// The floor and some boxes.
  public init(boxes: [Box] = []) { self.boxes = boxes }

  /// Whether there is nothing but the floor.
  public var isFlat: Bool { boxes.isEmpty }

  /// A point lower than a box's top by less than this is over the box, not under it [m].
  public static let reach = 0.1
  /// A face whose normal rises as steeply as this bears a body from below.
  public static let bearing = 0.7

  /// The height of the highest surface under a point, or that the point is sunk in [m].
  public func height(at point: SIMD3<Double>) -> Double { isFlat ? 0 : surface(at: point).point.y }

  /// The highest surface under a point, or that the point is sunk in.
  public func surface(at point: SIMD3<Double>) -> Surface {
    boxes.reduce(Surface(floorUnder: point)) { highest, box in
      guard let span = box.span(at: point), span.top.point.y > highest.point.y,
        point.y >= min(span.bottom, span.top.point.y - Ground.reach)
      else { return highest }
      return span.top
    }
  }

  /// The height of a point over the surface under it [m].
  public func clearance(of point: SIMD3<Double>) -> Double { isFlat ? point.y : point.y - height(at: point) }

  /// The surface that is nearest to a point, or deepest around it.
  public func nearest(to point: SIMD3<Double>) -> Nearest {
    boxes.reduce(Nearest(distance: point.y, normal: .unitY)) { nearest, box in
      let other = box.nearest(to: point)
      return other.distance < nearest.distance ? other : nearest
    }
  }

  /// How deep a point is below a surface that bears it; 0 above, and where it is only beside what it is in [m].
  public func depth(of point: SIMD3<Double>) -> Double {
    if isFlat { return max(0, -point.y) }
    let nearest = nearest(to: point)
    return nearest.normal.y > Ground.bearing ? max(0, -nearest.distance) : 0
  }

  /// The ground with its boxes moved.
  public func moved(by displacement: SIMD3<Double>) -> Ground {
    var result = self
    for index in boxes.indices { result.boxes[index].centre += displacement }
    return result
  }
}

extension Ground.Box {
  /// Where the vertical through a point enters the box from below, and its surface there from above; `nil` beside it.
  func span(at point: SIMD3<Double>) -> (bottom: Double, top: Ground.Surface)? {
    let toBox = rotation.inverse
    let (origin, up) = (toBox.act(point - centre), toBox.act(.unitY))
    var (low, high) = (-Double.infinity, Double.infinity)
    var face = SIMD3<Double>.unitY
    for axis in 0..<3 {
      guard abs(up[axis]) > 1e-9 else {
        guard abs(origin[axis]) <= halfExtents[axis] else { return nil }
        continue
      }
      let side = up[axis] > 0 ? 1.0 : -1
      low = max(low, (-side * halfExtents[axis] - origin[axis]) / up[axis])
      let exit = (side * halfExtents[axis] - origin[axis]) / up[axis]
      if exit < high {
        high = exit
        face = .zero
        face[axis] = side
      }
    }
    guard low <= high else { return nil }
    var top = point
    top.y += high
    return (point.y + low, Ground.Surface(point: top, normal: rotation.act(face)))
  }

  /// The nearest face, edge or corner; from inside the nearest way out that does not lead into the floor.
  public func nearest(to point: SIMD3<Double>) -> Ground.Nearest {
    let local = rotation.inverse.act(point - centre)
    let inner = local.clamped(lowerBound: -halfExtents, upperBound: halfExtents)
    let gap = local - inner
    if gap != .zero {
      let distance = gap.length
      return Ground.Nearest(distance: distance, normal: rotation.act(gap / distance))
    }
    var best = Ground.Nearest(distance: -.infinity, normal: .unitY)
    for axis in 0..<3 {
      for side in [-1.0, 1] {
        var face = SIMD3<Double>.zero
        face[axis] = side
        let normal = rotation.act(face)
        let middle = centre + normal * halfExtents[axis]
        if normal.y < -Ground.bearing, middle.y < Ground.reach { continue }
        let distance = side * local[axis] - halfExtents[axis]
        if distance > best.distance { best = Ground.Nearest(distance: distance, normal: normal) }
      }
    }
    return best
  }
}
