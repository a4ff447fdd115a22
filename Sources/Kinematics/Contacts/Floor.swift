public import Support

/// The floor that a motion's feet stand on, found from the feet.
public struct Floor: Sendable, Hashable {
  /// What is still a flat floor.
  public struct Tolerance: Sendable, Hashable {
    /// The smallest share of frames in which a foot rests.
    public var support = 0.05
    /// The largest spread of the resting feet's heights, 10th to 90th percentile [m].
    public var spread = 0.12
    /// The largest rise of a plane through the resting feet over the ground walked [m].
    public var tilt = 0.10

    /// The default tolerances.
    public init() {}
  }

  /// The floor's height [m].
  public var height: Double
  /// The spread of the resting feet's heights, 10th to 90th percentile [m].
  public var spread: Double
  /// The rise of the fitted plane over the ground walked [m]; 0 if too little ground was walked to know.
  public var tilt: Double
  /// The share of frames in which a foot rests.
  public var support: Double

  /// Finds the floor of a motion by the lowest points of its feet while they rest.
  ///
  /// - Throws: ``SurefootError`` if no foot ever rests, or feet rest at different heights (stairs, a stool, a tilted floor).
  public init(under contacts: FootContacts, tolerance: Tolerance = Tolerance()) throws(SurefootError) {
    let speeds = contacts.speeds
    var points: [SIMD3<Double>] = []
    for (frame, positions) in contacts.positions.enumerated() {
      guard let low = positions.indices.min(by: { positions[$0].y < positions[$1].y }) else { continue }
      if speeds[frame][low] < ContactThresholds.floorSearch.speed { points.append(positions[low]) }
    }
    points = Floor.withoutFlight(points)
    support = Double(points.count) / Double(max(1, contacts.positions.count))
    guard support >= tolerance.support, points.count >= 3 else {
      throw SurefootError(
        .unevenFloor, message: "nothing supports the figure: a foot rests in \(Floor.percent(support)) of the frames")
    }
    let heights = points.map(\.y).sorted()
    height = Floor.quantile(heights, 0.2)
    spread = Floor.quantile(heights, 0.9) - Floor.quantile(heights, 0.1)
    tilt = Floor.tilt(points)
    guard tilt <= tolerance.tilt else {
      throw SurefootError(
        .unevenFloor, message: "the floor is tilted: it rises by \(Floor.millimetres(tilt)) over the ground walked")
    }
    guard spread <= tolerance.spread else {
      throw SurefootError(
        .unevenFloor, message: "the floor is not flat: feet rest at heights \(Floor.millimetres(spread)) apart")
    }
  }

  /// The points without those of feet that are slow at the top of a jump: high above the others, and few. Many high
  /// ones are stairs or a stool, and stay.
  private static func withoutFlight(_ points: [SIMD3<Double>]) -> [SIMD3<Double>] {
    guard points.count >= 3 else { return points }
    let low = quantile(points.map(\.y).sorted(), 0.2)
    let near = points.filter { $0.y < low + 0.12 }
    return Double(near.count) > 0.75 * Double(points.count) ? near : points
  }

  static func quantile(_ sorted: [Double], _ q: Double) -> Double {
    let place = q * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }

  /// The rise along the steepest way of the least-squares plane `y = a x + b z + c`, over the points' extent that way.
  private static func tilt(_ points: [SIMD3<Double>]) -> Double {
    let centre = points.reduce(.zero, +) / Double(points.count)
    var (xx, xz, zz, xy, zy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points.map({ $0 - centre }) {
      xx += point.x * point.x
      xz += point.x * point.z
      zz += point.z * point.z
      xy += point.x * point.y
      zy += point.z * point.y
    }
    // A ridge of 5 cm: feet that walked a line or stayed in place do not determine a plane.
    let ridge = 0.05 * 0.05 * Double(points.count)
    let determinant = (xx + ridge) * (zz + ridge) - xz * xz
    guard determinant > 0 else { return 0 }
    let a = ((zz + ridge) * xy - xz * zy) / determinant
    let b = ((xx + ridge) * zy - xz * xy) / determinant
    let slope = SIMD3(a, 0, b)
    guard slope.length > 1e-9 else { return 0 }
    let along = points.map { ($0 - centre).dot(slope.normalized) }.sorted()
    let extent = quantile(along, 0.98) - quantile(along, 0.02)
    return extent < 0.8 ? 0 : slope.length * extent
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
  private static func millimetres(_ metres: Double) -> String { "\(Int((metres * 1000).rounded())) mm" }
}

extension Motion {
  /// The motion raised or lowered so that `floor` is at height 0.
  public func levelled(on floor: Floor) -> Motion { placed(displacement: SIMD3(0, -floor.height, 0)) }
}
