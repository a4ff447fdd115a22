import Foundation
import Kinematics

/// Draws a ``Scene`` into a picture by rays, several a pixel.
///
/// The picture is drawn in bands of rows, so that the memory for its samples does not grow with its height.
struct Painter {
  let scene: Scene
  let camera: Orthographic
  /// Pixels a metre.
  let scale: Double
  /// The point at the picture's centre.
  let middle: SIMD3<Double>
  let width: Int
  let height: Int
  /// Rays a pixel each way.
  var samples = 3

  /// The samples of some rows of the picture: their colours, and how far away they are.
  private struct Band {
    /// Rows of pixels.
    let rows: Range<Int>
    /// Rows of samples.
    let lines: Range<Int>
    /// Samples a line.
    let across: Int
    var depths: [Double]
    var colours: [SIMD3<Float>]

    init(rows: Range<Int>, width: Int, samples: Int) {
      self.rows = rows
      lines = rows.lowerBound * samples..<rows.upperBound * samples
      across = width * samples
      depths = [Double](repeating: .infinity, count: across * lines.count)
      colours = [SIMD3<Float>](repeating: Palette.back, count: across * lines.count)
    }

    func index(_ x: Int, _ y: Int) -> Int { (y - lines.lowerBound) * across + x }
  }

  private static let rowsPerBand = 64

  /// The picture.
  func picture() -> Picture {
    let light = sunlight
    let shadow = ShadowMap(scene: scene, light: light)
    var picture = Picture(width: width, height: height)
    for start in stride(from: 0, to: height, by: Painter.rowsPerBand) {
      var band = Band(rows: start..<min(start + Painter.rowsPerBand, height), width: width, samples: samples)
      paintFloor(&band, shadow)
      for solid in scene.solids { paint(solid, &band, light) }
      for block in scene.blocks { paint(block, &band, light) }
      reduce(band, into: &picture)
    }
    return picture
  }

  /// The light comes over the viewer's left shoulder.
  private var sunlight: SIMD3<Double> {
    (camera.back.horizontal.normalized * 0.55 - camera.right * 0.42 + .unitY * 0.85).normalized
  }

  private func origin(_ x: Int, _ y: Int) -> SIMD3<Double> {
    let step = scale * Double(samples)
    let right = (Double(x) + 0.5 - Double(width * samples) / 2) / step
    let up = (Double(height * samples) / 2 - Double(y) - 0.5) / step
    return middle + camera.right * right + camera.up * up + camera.back * 40
  }

  /// The samples that a ball may cover.
  private func range(of centre: SIMD3<Double>, _ radius: Double) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    let step = scale * Double(samples)
    let from = centre - middle
    let x = from.dot(camera.right) * step + Double(width * samples) / 2
    let y = Double(height * samples) / 2 - from.dot(camera.up) * step
    return (x - radius * step...x + radius * step, y - radius * step...y + radius * step)
  }

  private func paint(_ solid: Scene.Solid, _ band: inout Band, _ light: SIMD3<Double>) {
    let (a, b) = (range(of: solid.cone.a, solid.cone.aRadius), range(of: solid.cone.b, solid.cone.bRadius))
    // Clamped before they become whole numbers: a solid may be farther away than an Int reaches.
    func sample(_ place: Double) -> Int { Int(min(max(place, -2), 1e9)) }
    let left = max(0, sample(min(a.x.lowerBound, b.x.lowerBound)))
    let right = min(band.across - 1, sample(max(a.x.upperBound, b.x.upperBound)) + 1)
    let top = max(band.lines.lowerBound, sample(min(a.y.lowerBound, b.y.lowerBound)))
    let bottom = min(band.lines.upperBound - 1, sample(max(a.y.upperBound, b.y.upperBound)) + 1)
    guard left <= right, top <= bottom else { return }
    let direction = -camera.back
    for y in top...bottom {
      for x in left...right {
        let start = origin(x, y)
        let at = band.index(x, y)
        guard let hit = solid.cone.hit(from: start, direction), hit.distance < band.depths[at] else { continue }
        band.depths[at] = hit.distance
        let place = start + direction * hit.distance
        // Whatever is below the floor is drawn over it in red.
        let colour = isSunk(place) ? solid.colour * 0.25 + Palette.sliding * 0.75 : solid.colour
        band.colours[at] = shade(colour, hit.normal, light)
      }
    }
  }

  /// Whether a point is below the floor or in a block that is drawn there.
  private func isSunk(_ place: SIMD3<Double>) -> Bool {
    place.y < -0.004
      || scene.blocks.contains {
        $0.slab.contains(place.dot(camera.right)) && $0.box.nearest(to: place).distance < -0.004
      }
  }

  /// Draws a block, but not over what is sunk in one.
  private func paint(_ block: Scene.Block, _ band: inout Band, _ light: SIMD3<Double>) {
    let ball = range(of: block.box.centre, block.box.halfExtents.length)
    func sample(_ place: Double) -> Int { Int(min(max(place, -2), 1e9)) }
    let columns = max(0, sample(ball.x.lowerBound))...max(0, min(band.across - 1, sample(ball.x.upperBound) + 1))
    let top = max(band.lines.lowerBound, sample(ball.y.lowerBound))
    let bottom = min(band.lines.upperBound - 1, sample(ball.y.upperBound) + 1)
    guard top <= bottom else { return }
    let direction = -camera.back
    for y in top...bottom {
      for x in columns {
        let start = origin(x, y)
        let at = band.index(x, y)
        guard let hit = block.hit(from: start, direction, right: camera.right), hit.distance < band.depths[at] else {
          continue
        }
        if band.depths[at].isFinite, isSunk(start + direction * band.depths[at]) { continue }
        // What is below the floor is not seen.
        guard (start + direction * hit.distance).y >= 0 else { continue }
        band.depths[at] = hit.distance
        band.colours[at] = shade(Palette.block, hit.normal, light)
      }
    }
  }

  private func shade(_ colour: SIMD3<Float>, _ normal: SIMD3<Double>, _ light: SIMD3<Double>) -> SIMD3<Float> {
    let key = Float(max(0, normal.dot(light)))
    let sky = Float(0.5 + 0.5 * normal.y)
    let front = Float(max(0, normal.dot(camera.back)))
    let shine = Float(pow(max(0, normal.dot((light + camera.back).normalized)), 40))
    let rim = (1 - front) * (1 - front) * (1 - front)
    let level = 0.26 + 0.26 * sky + 0.5 * key + 0.16 * front
    return colour * level + SIMD3(repeating: 0.10 * shine + 0.06 * rim)
  }

  // MARK: Floor

  /// The floor is brightest under the figures and fades in front of and behind them. Solids below it are drawn over it.
  private func paintFloor(_ band: inout Band, _ shadow: ShadowMap) {
    for y in band.lines {
      for x in 0..<band.across {
        let start = origin(x, y)
        let place = start - camera.back * (start.y / camera.back.y)
        let behind = (place - middle).horizontal.dot(camera.back.horizontal.normalized)
        let fade = Float(exp(-pow(behind / 0.95, 4)))
        guard fade > 0.004 else { continue }
        var colour = Palette.back + (floorColour(place) - Palette.back) * fade
        colour *= 1 - 0.36 * shadow.darkness(at: place)
        band.colours[band.index(x, y)] = colour
      }
    }
  }

  private func floorColour(_ place: SIMD3<Double>) -> SIMD3<Float> {
    guard scene.hasGrid else { return Palette.floor }
    let world = scene.world(place, right: camera.right)
    let near = [world.x, world.z].contains { (coordinate: Double) -> Bool in
      let halves = coordinate * 2
      return abs(halves - halves.rounded()) < 0.02
    }
    return near ? Palette.line : Palette.floor
  }

  /// The means of the samples of each pixel.
  private func reduce(_ band: Band, into picture: inout Picture) {
    let share = 1 / Float(samples * samples)
    for y in band.rows {
      for x in 0..<width {
        var sum = SIMD3<Float>.zero
        for j in 0..<samples {
          let row = band.index(x * samples, y * samples + j)
          for i in 0..<samples { sum += band.colours[row + i].clamped(lowerBound: .zero, upperBound: .one) }
        }
        let byte = (sum * share * 255).rounded(.toNearestOrAwayFromZero)
        let at = 3 * (y * width + x)
        for channel in 0..<3 { picture.bytes[at + channel] = UInt8(byte[channel]) }
      }
    }
  }
}
