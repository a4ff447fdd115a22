import Foundation
import Kinematics

/// Draws a ``Scene`` into a picture by rays, several a pixel.
struct Painter {
  let scene: Scene
  let camera: Orthographic
  /// Pixels a metre.
  let scale: Double
  /// What is in the picture's middle.
  let middle: SIMD3<Double>
  let width: Int
  let height: Int
  /// Rays a pixel each way.
  var samples = 3

  private static let light = SIMD3(0.35, 0.82, 0.45).normalized

  /// The picture.
  func picture() -> Picture {
    let (across, down) = (width * samples, height * samples)
    var depths = [Double](repeating: .infinity, count: across * down)
    var colours = [SIMD3<Float>](repeating: Palette.back, count: across * down)
    let light = sunlight
    paintFloor(&colours, &depths, light)
    for solid in scene.solids { paint(solid, &colours, &depths, light) }
    return reduced(colours)
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

  private func paint(
    _ solid: Scene.Solid, _ colours: inout [SIMD3<Float>], _ depths: inout [Double], _ light: SIMD3<Double>
  ) {
    let (a, b) = (range(of: solid.cone.a, solid.cone.aRadius), range(of: solid.cone.b, solid.cone.bRadius))
    let (across, down) = (width * samples, height * samples)
    let left = max(0, Int(min(a.x.lowerBound, b.x.lowerBound)))
    let right = min(across - 1, Int(max(a.x.upperBound, b.x.upperBound)) + 1)
    let top = max(0, Int(min(a.y.lowerBound, b.y.lowerBound)))
    let bottom = min(down - 1, Int(max(a.y.upperBound, b.y.upperBound)) + 1)
    guard left <= right, top <= bottom else { return }
    let direction = -camera.back
    for y in top...bottom {
      for x in left...right {
        let start = origin(x, y)
        guard let hit = solid.cone.hit(from: start, direction), hit.distance < depths[y * across + x] else { continue }
        depths[y * across + x] = hit.distance
        let place = start + direction * hit.distance
        // What is in the floor shows through it, in red.
        let colour = place.y < -0.004 ? solid.colour * 0.25 + Palette.sliding * 0.75 : solid.colour
        colours[y * across + x] = shade(colour, hit.normal, light)
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

  /// The floor is brightest under the figures and fades before and behind them; what is below it is drawn over it.
  private func paintFloor(_ colours: inout [SIMD3<Float>], _ depths: inout [Double], _ light: SIMD3<Double>) {
    let shadow = ShadowMap(scene: scene, light: light)
    let across = width * samples
    for y in 0..<height * samples {
      for x in 0..<across {
        let start = origin(x, y)
        let place = start - camera.back * (start.y / camera.back.y)
        let behind = (place - middle).horizontal.dot(camera.back.horizontal.normalized)
        let fade = Float(exp(-pow(behind / 0.95, 4)))
        guard fade > 0.004 else { continue }
        var colour = Palette.back + (floorColour(place) - Palette.back) * fade
        colour *= 1 - 0.36 * shadow.darkness(at: place)
        colours[y * across + x] = colour
      }
    }
  }

  private func floorColour(_ place: SIMD3<Double>) -> SIMD3<Float> {
    guard scene.hasGrid else { return Palette.floor }
    let world = scene.world(place, right: camera.right)
    let near = [world.x, world.z].contains { abs($0 * 2 - ($0 * 2).rounded()) < 0.02 }
    return near ? Palette.line : Palette.floor
  }

  private func reduced(_ colours: [SIMD3<Float>]) -> Picture {
    var picture = Picture(width: width, height: height)
    let share = 1 / Float(samples * samples)
    for y in 0..<height {
      for x in 0..<width {
        var sum = SIMD3<Float>.zero
        for j in 0..<samples {
          let row = (y * samples + j) * width * samples + x * samples
          for i in 0..<samples { sum += colours[row + i].clamped(lowerBound: .zero, upperBound: .one) }
        }
        let byte = (sum * share * 255).rounded(.toNearestOrAwayFromZero)
        let at = 3 * (y * width + x)
        for channel in 0..<3 { picture.bytes[at + channel] = UInt8(byte[channel]) }
      }
    }
    return picture
  }
}
