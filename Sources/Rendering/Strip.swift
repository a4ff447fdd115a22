import Foundation
public import Kinematics

/// Pictures of motions for papers and issues: rows of poses, or the frames of a film.
///
///     let rows = [
///       Strip.Row(before, label: "before"),
///       Strip.Row(after, trace: MotionTrace(after, body: body), label: "after"),
///     ]
///     let strip = Strip(rows: rows, frames: 8, width: 1600, view: .side)
///     try strip.picture().png.write(to: URL(fileURLWithPath: "before-after.png"))
///
/// Figures stand side by side on one floor, at one scale, in orthographic projection. With a trace, feet are coloured:
/// green at rest, red sliding. Whatever is below the floor is red.
public struct Strip: Sendable {
  /// A motion, and the physics that colours its feet.
  public struct Row: Sendable {
    let motion: Motion
    let mannequin: Mannequin
    let trace: MotionTrace?
    let label: String?
    let ground: Ground

    /// A row of a motion of at least one frame of finite numbers.
    ///
    /// - Parameters:
    ///   - label: Text in the row's corner; in films, above the figure.
    ///   - ground: Boxes that are drawn with the figure.
    public init(
      _ motion: Motion, trace: MotionTrace? = nil, label: String? = nil, ground: Ground = .flat
    ) {
      precondition(motion.count > 0 && motion.isFinite, "frames of finite numbers")
      self.motion = motion
      self.trace = trace
      self.label = label
      self.ground = ground
      mannequin = Mannequin(motion.skeleton, standingIn: motion)
    }
  }

  /// One motion a row.
  public var rows: [Row]
  /// Poses a row, evenly spread over the longest motion.
  public var frames: Int
  /// The picture's width [pixels].
  public var width: Int
  /// The side from which the figures are seen.
  public var view: RenderView

  /// A strip of one row for each motion.
  ///
  /// - Precondition: At least one row, one pose, and 16 pixels.
  public init(rows: [Row], frames: Int = 8, width: Int = 1600, view: RenderView = .threeQuarter) {
    precondition(!rows.isEmpty && frames > 0 && width >= 16, "rows, poses and pixels")
    self.rows = rows
    self.frames = frames
    self.width = width
    self.view = view
  }

  /// A row is at most so many times as tall as it is wide.
  private static let greatestAspect = 6

  /// Seconds of the longest motion.
  public var duration: Double { rows.map(\.motion.duration).max() ?? 0 }

  /// All rows, one above the other.
  public func picture() -> Picture {
    let times = (0..<frames).map { frames == 1 ? duration / 2 : duration * Double($0) / Double(frames - 1) }
    let drawn = rows.indices.map { row in times.map { figure(row, at: $0) } }
    let size = extent(of: drawn.flatMap { $0 })
    let spacing = size.width * 0.92 + 0.1
    // As wide as the picture allows; of figures that climb or fall far, smaller, so that a row is no taller than six
    // times its width.
    let scale = min(
      Double(width) / (spacing * Double(frames) + 0.25), Double(Strip.greatestAspect * width) / (size.height + 0.3))
    // A label has a band above the figures, so that no raised hand covers it.
    let letters = Double(min(max(width / 72, 10), 26))
    let band = rows.contains { $0.label != nil } ? Int(1.6 * letters) : 0
    let height = max(8, Int((size.height + 0.3) * scale))
    var picture = Picture(width: width, height: (band + height) * rows.count)
    for (row, figures) in drawn.enumerated() {
      let part = paint(figures, spacing: spacing, scale: scale, size: size, height: height, hasGrid: false)
      let top = row * (band + height) + band
      picture.bytes.replaceSubrange(3 * width * top..<3 * width * (top + height), with: part.bytes)
      guard let label = rows[row].label else { continue }
      let lettering = Lettering.fitting(label, height: letters, width: Double(width) - 2 * letters)
      lettering.draw(on: &picture, left: letters, top: Double(top - band) + 0.45 * letters)
    }
    return picture
  }

  /// One frame of a film: all motions side by side at a time, over a floor that moves past them.
  ///
  /// - Parameter height: Pixels; video codecs need an even number.
  public func frame(at time: Double, height: Int) -> Picture {
    let figures = rows.indices.map { figure($0, at: time) }
    let spacing = 1.7
    let scale = min(Double(width) / (spacing * Double(rows.count) + 0.2), Double(height) / 2.45)
    var picture = paint(
      figures, spacing: spacing, scale: scale, size: (width: spacing, bottom: -0.35, height: 2.3), height: height,
      hasGrid: true)
    let letters = Double(min(max(height / 32, 9), 26))
    for (index, row) in rows.enumerated() {
      guard let label = row.label else { continue }
      let lettering = Lettering.fitting(label, height: letters, width: spacing * scale - letters)
      let middle = Double(width) / 2 + (Double(index) - Double(rows.count - 1) / 2) * spacing * scale
      lettering.draw(on: &picture, left: middle - lettering.width / 2, top: 0.6 * letters)
    }
    return picture
  }

  // MARK: Figures

  /// A pose's solids around the origin, and its position in the motion.
  private struct Figure {
    var solids: [Scene.Solid]
    var place: SIMD3<Double>
    var ground: Ground
  }

  /// The camera of all rows: at the first one's front in the middle of its motion.
  private var camera: Orthographic { Orthographic(view, facing: rows[0].facing) }

  private func figure(_ row: Int, at time: Double) -> Figure {
    let entry = rows[row]
    let motion = entry.motion
    let points = entry.mannequin.points(of: motion.skeleton.frames(of: motion.pose(at: time)))
    let place = entry.followed(at: time)
    let frame = min(max(Int((time / motion.frameTime).rounded()), 0), motion.count - 1)
    let base = Palette.colour(row, of: rows.count)
    let solids = entry.mannequin.limbs.map { limb in
      Scene.Solid(
        cone: RoundCone(
          from: points[limb.from] - place, limb.fromRadius, to: points[limb.to] - place, limb.toRadius),
        colour: entry.colour(of: limb.part, frame: frame, base: base))
    }
    return Figure(solids: solids, place: place, ground: entry.ground.moved(by: -place))
  }

  /// The width that the widest figure takes, the lowest and the whole height on the picture [m].
  private func extent(of figures: [Figure]) -> (width: Double, bottom: Double, height: Double) {
    let camera = camera
    var (reach, bottom, top) = (0.3, 0.0, 1.0)
    for solid in figures.flatMap(\.solids) {
      let ends = [(solid.cone.a, solid.cone.aRadius), (solid.cone.b, solid.cone.bRadius)]
      for (point, radius) in ends {
        reach = max(reach, abs(point.dot(camera.right)) + radius)
        bottom = min(bottom, point.dot(camera.up) - radius)
        top = max(top, point.dot(camera.up) + radius)
      }
    }
    return (2 * reach, bottom, top - bottom)
  }

  private func paint(
    _ figures: [Figure], spacing: Double, scale: Double, size: (width: Double, bottom: Double, height: Double),
    height: Int, hasGrid: Bool
  ) -> Picture {
    let camera = camera
    var scene = Scene(hasGrid: hasGrid)
    for (index, figure) in figures.enumerated() {
      let place = spacing * (Double(index) - Double(figures.count - 1) / 2)
      let shift = camera.right * place
      scene.shifts.append((place, shift - figure.place))
      // Each figure's boxes end where the next figure's begin.
      let slab = place - spacing / 2...place + spacing / 2
      scene.blocks += figure.ground.moved(by: shift).boxes.map { Scene.Block(box: $0, slab: slab) }
      scene.solids += figure.solids.map { solid in
        let cone = RoundCone(
          from: solid.cone.a + shift, solid.cone.aRadius, to: solid.cone.b + shift, solid.cone.bRadius)
        return Scene.Solid(cone: cone, colour: solid.colour)
      }
    }
    let painter = Painter(
      scene: scene, camera: camera, scale: scale, middle: camera.up * (size.bottom + size.height / 2), width: width,
      height: height, samples: hasGrid ? 2 : 3)
    return painter.picture()
  }
}

extension Strip.Row {
  /// The turn about the vertical that the figure faces in the middle of the motion [rad].
  var facing: Double {
    guard let left = mannequin.joints[.leftHip], let right = mannequin.joints[.rightHip] else { return 0 }
    let places = motion.skeleton.frames(of: motion.pose(at: motion.duration / 2)).positions
    let across = places[left] - places[right]
    return atan2(-across.z, across.x)
  }

  /// The root's place on the floor, averaged over a second: what pictures follow.
  func followed(at time: Double) -> SIMD3<Double> {
    let root = mannequin.joints[.pelvis] ?? 0
    let times = (-4...4).map { min(max(time + 0.125 * Double($0), 0), motion.duration) }
    return times.reduce(SIMD3<Double>.zero) { sum, time in
      sum + motion.skeleton.frames(of: motion.pose(at: time)).positions[root].horizontal / 9
    }
  }

  fileprivate func colour(of part: Mannequin.Part, frame: Int, base: SIMD3<Float>) -> SIMD3<Float> {
    guard let trace, part != .body else { return base }
    switch part == .leftFoot ? trace.touches[frame].left : trace.touches[frame].right {
    case .none: return base
    case .resting: return Palette.resting
    case .sliding: return Palette.sliding
    }
  }
}
