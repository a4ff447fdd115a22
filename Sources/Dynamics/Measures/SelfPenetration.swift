import Mocap

extension BodyModel {
  /// The deepest overlap of two segments that are not parent, sibling or grandparent of each other [m]; 0 for none.
  ///
  /// A foot's box counts as the capsule along its middle.
  public func selfPenetration(in state: BodyState) -> Double {
    let lines = bodies.indices.map { index in
      let (from, to, radius) = bodies[index].shape.core
      return (state.world(index, from), state.world(index, to), radius)
    }
    var deepest = 0.0
    for (a, b) in BodyModel.distantPairs {
      let distance = segmentDistance(lines[a].0, lines[a].1, lines[b].0, lines[b].1)
      deepest = max(deepest, lines[a].2 + lines[b].2 - distance)
    }
    return deepest
  }

  private static let distantPairs: [(Int, Int)] = Segment.allCases.flatMap { a in
    Segment.allCases.filter { $0.rawValue > a.rawValue && !a.isNeighbour(of: $0) }.map { (a.rawValue, $0.rawValue) }
  }
}

extension Shape {
  /// The line and radius of the capsule that stands for the shape.
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

/// The least distance between two straight segments (C. Ericson, "Real-Time Collision Detection" (2004), 5.1.9).
func segmentDistance(_ p: SIMD3<Double>, _ pEnd: SIMD3<Double>, _ q: SIMD3<Double>, _ qEnd: SIMD3<Double>) -> Double {
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
  return (w + u * s - v * t).length
}
