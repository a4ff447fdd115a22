import ArgumentParser
import Correctors
import Kinematics
import MotionFormats
import Support

/// What is assumed of a clip, beyond its file: surfaces that it rests on, and where its path leads.
struct TreatmentOptions: ParsableArguments, Sendable {
  @Flag(
    name: .long,
    help: "Propose seats and steps where the body rests on what is not there, and write them to NAME.scene.yaml.")
  var inferSurfaces = false

  @Flag(
    inversion: .prefixedNo,
    help: "The clip is in place: its path was cut out, or it is on a treadmill. (default: where it is clear)")
  var inPlace: Bool?

  @Flag(name: .long, help: "Make a loop: the last pose and velocity meet the first.")
  var cycle = false

  @Flag(name: .long, help: "The clip ends where it began: take its drift out.")
  var endAtStart = false

  func validate() throws {
    guard !(cycle && endAtStart) else {
      throw ValidationError("--cycle and --end-at-start exclude each other: a cycle without a path ends at its start")
    }
  }

  /// What differs from the defaults, for the record; `nil` for nothing.
  var recorded: String? {
    var words: [String] = []
    if inferSurfaces { words.append("infer-surfaces") }
    if let inPlace { words.append(inPlace ? "in-place" : "no-in-place") }
    if cycle { words.append("cycle") }
    if endAtStart { words.append("end-at-start") }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}

/// A clip as it is corrected: over a floor that stands still, on all that it rests on.
struct TreatedClip {
  /// The motion to correct.
  var motion: Motion
  /// What is taken out again.
  private(set) var path: InPlacePath?
  /// What was assumed, a sentence each.
  private(set) var notes: [String] = []
  /// The whole scene, if some of it was inferred.
  private(set) var inferred: SceneFile?

  /// Applies the options to a clip; `body` gets the surfaces that are inferred.
  ///
  /// - Throws: A `SurefootError` for a clip that an option does not fit.
  init(
    _ clip: Clip, _ options: TreatmentOptions, scene: SceneFile?, body: inout CorrectorBody, isOurs: Bool
  ) throws {
    motion = clip.motion
    if options.endAtStart {
      let before = motion.poses.last?.rootPosition ?? .zero
      motion = try motion.endingAtStart()
      let moved = (before - (motion.poses.last?.rootPosition ?? .zero)).horizontal.length
      notes.append("A drift of \(Int((1000 * moved).rounded())) mm was taken out: the clip ends where it began.")
    }
    try findPath(options, body, isOurs)
    if options.inferSurfaces { try infer(clip, scene, &body) }
  }

  private mutating func findPath(_ options: TreatmentOptions, _ body: CorrectorBody, _ isOurs: Bool) throws {
    guard options.inPlace ?? (isOurs && !options.endAtStart) else { return }
    let found: InPlacePath?
    do {
      found = try InPlacePath(of: motion, body: body)
    } catch {
      // What no corrector takes is the corrector's to refuse.
      guard options.inPlace == true else { return }
      throw error
    }
    guard options.inPlace == true || found?.isClear == true else { return }
    guard let found else {
      throw SurefootError(
        .invalidMotion, message: "no foot stands in the clip, so that the floor's speed is unknown",
        suggestion: "leave --in-place out")
    }
    path = found
    motion = found.added(to: motion)
    notes.append(
      "The clip is in place: corrected on a floor that moves at \(Numbers.fixed(found.speed, digits: 2)) m/s by the "
        + "standing feet, and written in place"
        + (options.inPlace == true ? "." : " (--no-in-place takes it as it is)."))
  }

  private mutating func infer(_ clip: Clip, _ scene: SceneFile?, _ body: inout CorrectorBody) throws {
    let surfaces = try SurfaceInference.surfaces(in: motion, body: body)
    guard !surfaces.isEmpty else {
      notes.append("No surface was inferred: the floor bears the body throughout.")
      return
    }
    body.ground.boxes += surfaces.map(\.box)
    let isZUp = clip.convention.up == .z
    var file = scene ?? SceneFile(entries: [])
    for surface in surfaces {
      let (centre, size) = (surface.box.centre, surface.size)
      let turn = surface.yaw * 180 / .pi
      file.entries.append(
        SceneFile.Entry(
          .box(
            centre: isZUp ? SIMD3(centre.x, -centre.z, centre.y) : centre,
            size: isZUp ? SIMD3(size.x, size.z, size.y) : size, turn: isZUp ? SIMD3(0, 0, turn) : SIMD3(0, turn, 0))))
      notes.append("\(TreatedClip.words(surface)) was assumed.")
    }
    inferred = file
  }

  /// `A seat 0.46 m high (1.2 to 5.0 s)`.
  static func words(_ surface: InferredSurface) -> String {
    "A \(surface.kind.rawValue) \(Numbers.fixed(surface.top.y, digits: 2)) m high "
      + "(\(Numbers.fixed(surface.times.lowerBound, digits: 1)) to "
      + "\(Numbers.fixed(surface.times.upperBound, digits: 1)) s)"
  }

  /// The corrected motion as it is written.
  func written(_ corrected: Motion) -> Motion { path?.removed(from: corrected) ?? corrected }
}
