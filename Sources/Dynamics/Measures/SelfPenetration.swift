import Kinematics

/// An overlap of two segments that are not neighbours.
public struct Overlap: Sendable, Hashable {
  /// The segment that ``normal`` points into.
  public var first: Segment
  /// The other segment.
  public var second: Segment
  /// The depth of the overlap of the two shapes [m].
  public var depth: Double
  /// The place in the world, on the first segment's centre line [m].
  public var point: SIMD3<Double>
  /// The unit vector from the second segment to the first.
  public var normal: SIMD3<Double>
}

extension BodyModel {
  /// The deepest overlap of two segments that are not parent, sibling or grandparent of each other [m]; 0 for none.
  ///
  /// A foot's box counts as the capsule along its middle.
  public func selfPenetration(in state: BodyState) -> Double { deepestOverlap(in: state)?.depth ?? 0 }

  /// The deepest overlap of ``selfPenetration(in:)``; `nil` if there is none.
  public func deepestOverlap(in state: BodyState) -> Overlap? {
    let lines = lines(in: state)
    return distantPairs.compactMap { overlap($0, $1, lines, margin: 0) }.max { $0.depth < $1.depth }
  }

  /// The places where `segment` overlaps others or is nearer to them than `margin` [m]. The segment is the first of each
  /// overlap.
  package func overlaps(of segment: Segment, in state: BodyState, margin: Double) -> [Overlap] {
    let lines = lines(in: state)
    guard let index = index(of: segment) else { return [] }
    return bodies.indices.filter { !bodies[$0].segment.isNeighbour(of: segment) }.compactMap {
      overlap(index, $0, lines, margin: margin)
    }
  }

  private typealias Line = (from: SIMD3<Double>, to: SIMD3<Double>, radius: Double)

  private func lines(in state: BodyState) -> [Line] {
    bodies.indices.map { index in
      let (from, to, radius) = bodies[index].shape.core
      return (state.world(index, from), state.world(index, to), radius)
    }
  }

  private func overlap(_ a: Int, _ b: Int, _ lines: [Line], margin: Double) -> Overlap? {
    let (p, q) = closestPoints(lines[a].from, lines[a].to, lines[b].from, lines[b].to)
    let gap = (p - q).length
    let depth = lines[a].radius + lines[b].radius - gap
    guard depth > -margin else { return nil }
    return Overlap(
      first: bodies[a].segment, second: bodies[b].segment, depth: depth, point: p,
      normal: gap > 1e-9 ? (p - q) / gap : .unitY)
  }

  /// The pairs of bodies that may not overlap.
  package var distantPairs: [(Int, Int)] {
    bodies.indices.flatMap { a in
      bodies.indices.filter { $0 > a && !bodies[a].segment.isNeighbour(of: bodies[$0].segment) }.map { (a, $0) }
    }
  }
}

extension Shape {
  /// The line and radius of the capsule that replaces the shape.
  var core: (SIMD3<Double>, SIMD3<Double>, Double) {
    switch self {
    case .capsule(let from, let to, let radius): return (from, to, radius)
    case .box(let centre, let rotation, let half):
      let radius = min(half.x, half.y)
      let reach = rotation.act(SIMD3(0, 0, max(0, half.z - radius)))
      return (centre - reach, centre + reach, radius)
    }
  }
}

/// The points of two straight segments that are nearest to each other (C. Ericson, "Real-Time Collision Detection"
/// (2004), 5.1.9).
func closestPoints(
  _ p: SIMD3<Double>, _ pEnd: SIMD3<Double>, _ q: SIMD3<Double>, _ qEnd: SIMD3<Double>
) -> (SIMD3<Double>, SIMD3<Double>) {
  let (u, v, w) = (pEnd - p, qEnd - q, p - q)
  let (a, b, c) = (u.dot(u), u.dot(v), v.dot(v))
  let (d, e) = (u.dot(w), v.dot(w))
  let clamp = { (x: Double) in min(max(x, 0), 1) }
  var s = 0.0
  var t = 0.0
  if a > 1e-12 && c > 1e-12 {
    let denominator = a * c - b * b
    s = denominator > 1e-12 ? clamp((b * e - c * d) / denominator) : 0
    t = clamp((b * s + e) / c)
    s = clamp((b * t - d) / a)
  } else if a > 1e-12 {
    s = clamp(-d / a)
  } else if c > 1e-12 {
    t = clamp(e / c)
  }
  return (p + u * s, q + v * t)
}
