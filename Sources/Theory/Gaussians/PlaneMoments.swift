/// Sums of a set of points from which a Gaussian is fitted; sets are joined by adding their sums.
struct PlaneMoments: Sendable {
  var count = 0.0
  var x = 0.0
  var y = 0.0
  var xx = 0.0
  var yy = 0.0
  var xy = 0.0

  mutating func add(_ point: PlanePoint) {
    count += 1
    x += point.x
    y += point.y
    xx += point.x * point.x
    yy += point.y * point.y
    xy += point.x * point.y
  }

  mutating func add(_ point: PlanePoint, weight: Double) {
    count += weight
    x += weight * point.x
    y += weight * point.y
    xx += weight * point.x * point.x
    yy += weight * point.y * point.y
    xy += weight * point.x * point.y
  }

  mutating func add(_ other: PlaneMoments) {
    count += other.count
    x += other.x
    y += other.y
    xx += other.xx
    yy += other.yy
    xy += other.xy
  }
}
