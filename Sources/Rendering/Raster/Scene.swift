import Kinematics

/// Solids to be drawn, with a floor at height 0.
struct Scene {
  /// A solid of one colour.
  struct Solid {
    var cone: RoundCone
    var colour: SIMD3<Float>
  }

  var solids: [Solid] = []
  /// The figures' ways from where they really are to where they are drawn, by their places along the camera's right.
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
struct Palette {
  static let series: [SIMD3<Float>] = [
    SIMD3(0.64, 0.66, 0.70), SIMD3(0.25, 0.50, 0.82), SIMD3(0.85, 0.47, 0.24), SIMD3(0.54, 0.37, 0.69),
  ]
  static let resting = SIMD3<Float>(0.19, 0.66, 0.40)
  static let sliding = SIMD3<Float>(0.88, 0.20, 0.17)
  static let back = SIMD3<Float>(1, 1, 1)
  static let floor = SIMD3<Float>(0.925, 0.933, 0.945)
  static let text = SIMD3<Float>(0.16, 0.17, 0.19)
  static let line = SIMD3<Float>(0.80, 0.82, 0.85)

  /// The one of a motion among `count`.
  static func colour(_ index: Int, of count: Int) -> SIMD3<Float> { series[count == 1 ? 1 : index % series.count] }
}
