import Kinematics

/// Solids to be drawn, with a floor at height 0.
struct Scene {
  /// A solid of one colour.
  struct Solid {
    var cone: RoundCone
    var colour: SIMD3<Float>
  }

  /// A box that bodies stand on.
  struct Block {
    var box: Ground.Box
    /// What of it is drawn, by the place along the camera's right.
    var slab: ClosedRange<Double>

    /// Where a ray enters what is drawn of it, and the outward normal there.
    func hit(
      from origin: SIMD3<Double>, _ direction: SIMD3<Double>, right: SIMD3<Double>
    ) -> (distance: Double, normal: SIMD3<Double>)? {
      // All rays run across the camera's right.
      guard slab.contains(origin.dot(right)) else { return nil }
      let toBox = box.rotation.inverse
      let (start, way) = (toBox.act(origin - box.centre), toBox.act(direction))
      var (near, far, face) = (-Double.infinity, Double.infinity, SIMD3<Double>.unitY)
      for axis in 0..<3 {
        guard abs(way[axis]) > 1e-12 else {
          guard abs(start[axis]) <= box.halfExtents[axis] else { return nil }
          continue
        }
        let side = way[axis] > 0 ? -1.0 : 1
        let enter = (side * box.halfExtents[axis] - start[axis]) / way[axis]
        far = min(far, (-side * box.halfExtents[axis] - start[axis]) / way[axis])
        if enter > near {
          near = enter
          face = .zero
          face[axis] = side
        }
      }
      guard near <= far, near > 0 else { return nil }
      return (near, box.rotation.act(face))
    }
  }

  var solids: [Solid] = []
  /// Boxes that bodies stand on, where they are drawn.
  var blocks: [Block] = []
  /// The shift of each figure from its position in the motion to that in the picture, by its place along the camera's
  /// right.
  var shifts: [(place: Double, shift: SIMD3<Double>)] = []
  /// Whether the floor shows lines half a metre apart.
  var hasGrid = false

  /// The true place of a point of the picture.
  func world(_ point: SIMD3<Double>, right: SIMD3<Double>) -> SIMD3<Double> {
    let place = point.dot(right)
    let nearest = shifts.min { abs($0.place - place) < abs($1.place - place) }
    return point - (nearest?.shift ?? .zero)
  }
}

/// The colours of pictures.
enum Palette {
  static let series: [SIMD3<Float>] = [
    SIMD3(0.64, 0.66, 0.70), SIMD3(0.25, 0.50, 0.82), SIMD3(0.85, 0.47, 0.24), SIMD3(0.54, 0.37, 0.69),
  ]
  static let resting = SIMD3<Float>(0.19, 0.66, 0.40)
  static let sliding = SIMD3<Float>(0.88, 0.20, 0.17)
  static let back = SIMD3<Float>(1, 1, 1)
  static let floor = SIMD3<Float>(0.925, 0.933, 0.945)
  static let text = SIMD3<Float>(0.16, 0.17, 0.19)
  static let block = SIMD3<Float>(0.80, 0.74, 0.64)
  static let line = SIMD3<Float>(0.80, 0.82, 0.85)

  /// The colour of one of `count` motions.
  static func colour(_ index: Int, of count: Int) -> SIMD3<Float> { series[count == 1 ? 1 : index % series.count] }
}

/// The solid between two spheres: both, and the cone that touches them.
struct RoundCone {
  let a: SIMD3<Double>
  let b: SIMD3<Double>
  let aRadius: Double
  let bRadius: Double
  private let axis: SIMD3<Double>
  private let length: Double
  /// The sine of the cone's half angle; none where one sphere holds the other.
  private let sine: Double?

  init(from a: SIMD3<Double>, _ aRadius: Double, to b: SIMD3<Double>, _ bRadius: Double) {
    self.a = a
    self.b = b
    self.aRadius = aRadius
    self.bRadius = bRadius
    length = (b - a).length
    axis = length > 1e-9 ? (b - a) / length : .unitY
    sine = length > abs(aRadius - bRadius) + 1e-9 ? (aRadius - bRadius) / length : nil
  }

  /// How far along a ray its surface is met first, and the outward normal there.
  ///
  /// A point of the cone's side is a + y u + w with u the axis and w across it. It lies on the line that touches both
  /// spheres where cos |w| + sin y = aRadius; squared, with |w|^2 = |q|^2 - y^2, that is a quadratic along the ray.
  ///
  /// - Parameter direction: A unit vector.
  func hit(from origin: SIMD3<Double>, _ direction: SIMD3<Double>) -> (distance: Double, normal: SIMD3<Double>)? {
    var best: (distance: Double, normal: SIMD3<Double>)?
    func offer(_ distance: Double, _ normal: SIMD3<Double>) {
      if distance > 0, distance < best?.distance ?? .infinity { best = (distance, normal) }
    }
    for (centre, radius) in [(a, aRadius), (b, bRadius)] {
      let q = origin - centre
      let half = q.dot(direction)
      let root = half * half - q.squaredLength + radius * radius
      if root > 0 {
        let distance = -half - root.squareRoot()
        offer(distance, (q + direction * distance) / radius)
      }
    }
    if let sine { side(sine, origin, direction).map { offer($0.distance, $0.normal) } }
    return best
  }

  private func side(
    _ sine: Double, _ origin: SIMD3<Double>, _ direction: SIMD3<Double>
  ) -> (distance: Double, normal: SIMD3<Double>)? {
    let q = origin - a
    let (y, rise) = (q.dot(axis), direction.dot(axis))
    let square = 1 - sine * sine
    let quadratic = square - rise * rise
    let half = square * q.dot(direction) - y * rise + aRadius * sine * rise
    let constant = square * q.squaredLength - y * y - aRadius * aRadius + 2 * aRadius * sine * y
    let root = half * half - quadratic * constant
    guard abs(quadratic) > 1e-12, root > 0 else { return nil }
    let distance = (-half - root.squareRoot()) / quadratic
    let height = y + rise * distance
    // Between the circles where the cone touches the spheres.
    guard height >= sine * aRadius, height <= length + sine * bRadius else { return nil }
    let across = q + direction * distance - axis * height
    return (distance, across.normalized * square.squareRoot() + axis * sine)
  }
}
