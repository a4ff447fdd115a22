/// How dark the floor is under a scene's solids: squares of 12 mm, smoothed to a soft edge.
struct ShadowMap {
  private static let cell = 0.012
  private var left = 0.0
  private var near = 0.0
  private var columns = 0
  private var rows = 0
  private var darkness: [Float] = []

  init(scene: Scene, light: SIMD3<Double>) {
    guard !scene.solids.isEmpty else { return }
    let margin = 0.1
    let ends = scene.solids.map { ShadowMap.bounds($0.cone, light) }
    left = (ends.map(\.low.x).min() ?? 0) - margin
    near = (ends.map(\.low.z).min() ?? 0) - margin
    let across = ((ends.map(\.high.x).max() ?? 0) + margin - left) / ShadowMap.cell
    let deep = ((ends.map(\.high.z).max() ?? 0) + margin - near) / ShadowMap.cell
    // Shadows that are kilometres apart have no place in a picture, and an Int may not hold their cells.
    guard (across + 1) * (deep + 1) < 0x1p26 else { return }
    columns = Int(across) + 1
    rows = Int(deep) + 1
    darkness = [Float](repeating: 0, count: columns * rows)
    for (solid, bounds) in zip(scene.solids, ends) { cast(solid.cone, bounds, light) }
    for _ in 0..<2 { soften() }
  }

  /// 0 in the light, 1 in full shadow.
  func darkness(at place: SIMD3<Double>) -> Float {
    guard columns > 1, rows > 1 else { return 0 }
    let x = (place.x - left) / ShadowMap.cell - 0.5
    let z = (place.z - near) / ShadowMap.cell - 0.5
    guard x >= 0, z >= 0, x < Double(columns - 1), z < Double(rows - 1) else { return 0 }
    let (i, j) = (Int(x), Int(z))
    let (s, t) = (Float(x - Double(i)), Float(z - Double(j)))
    let at = j * columns + i
    let front = darkness[at] * (1 - s) + darkness[at + 1] * s
    let behind = darkness[at + columns] * (1 - s) + darkness[at + columns + 1] * s
    return front * (1 - t) + behind * t
  }

  /// The rectangle of the floor that a solid may darken.
  private static func bounds(
    _ cone: RoundCone, _ light: SIMD3<Double>
  ) -> (low: SIMD3<Double>, high: SIMD3<Double>) {
    var (low, high) = (SIMD3(repeating: Double.infinity), SIMD3(repeating: -Double.infinity))
    for (centre, radius) in [(cone.a, cone.aRadius), (cone.b, cone.bRadius)] {
      let foot = centre - light * (centre.y / light.y)
      let reach = SIMD3(repeating: radius / light.y)
      low = pointwiseMin(low, foot - reach)
      high = pointwiseMax(high, foot + reach)
    }
    return (low, high)
  }

  private mutating func cast(
    _ cone: RoundCone, _ bounds: (low: SIMD3<Double>, high: SIMD3<Double>), _ light: SIMD3<Double>
  ) {
    let size = ShadowMap.cell
    let i = max(0, Int((bounds.low.x - left) / size))...min(columns - 1, Int((bounds.high.x - left) / size) + 1)
    let j = max(0, Int((bounds.low.z - near) / size))...min(rows - 1, Int((bounds.high.z - near) / size) + 1)
    for row in j {
      for column in i where darkness[row * columns + column] == 0 {
        let place = SIMD3(left + (Double(column) + 0.5) * size, 0, near + (Double(row) + 0.5) * size)
        // From far below, so that a solid in the floor is met as well.
        if cone.hit(from: place - light * 5, light) != nil { darkness[row * columns + column] = 1 }
      }
    }
  }

  /// A mean of five cells each way.
  private mutating func soften() {
    for (step, length, count, stride) in [(1, columns, rows, columns), (columns, rows, columns, 1)] {
      var line = [Float](repeating: 0, count: length)
      for k in 0..<count {
        for i in 0..<length { line[i] = darkness[k * stride + i * step] }
        for i in 0..<length {
          var sum: Float = 0
          for d in -2...2 { sum += line[min(max(i + d, 0), length - 1)] }
          darkness[k * stride + i * step] = sum / 5
        }
      }
    }
  }
}
