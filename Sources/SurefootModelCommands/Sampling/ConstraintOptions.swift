import ArgumentParser
import Diffusion
import Foundation
import Kinematics
import MotionFormats
import Retargeting
import Support
import SurefootCommands

/// What a sampled motion must do.
struct ConstraintOptions: ParsableArguments {
  @Option(
    name: .customLong("continue"),
    help: ArgumentHelp(
      "A clip that the motion goes on from; it is written whole, with --seconds of new motion after it.",
      valueName: "clip"))
  var continued: String?

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "Two clips to go from and to, where they lie in the world; both are written whole, with --seconds of new motion "
        + "between them.", valueName: "clip"))
  var between: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A CSV file of places of joints: seconds,joint,x,y,z, in metres. Seconds count from the first new frame; an empty y "
        + "leaves the height free.", valueName: "file"))
  var keyframes: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A CSV file of the root's path on the floor: seconds,x,z, or x,z for an even speed.", valueName: "file"))
  var path: String?

  /// Whether anything is asked for.
  var isAny: Bool { continued != nil || !between.isEmpty || keyframes != nil || path != nil }

  func validate() throws {
    guard between.isEmpty || between.count == 2 else {
      throw ValidationError("--between takes two clips, not \(between.count)")
    }
    guard continued == nil || between.isEmpty else {
      throw ValidationError("--between begins with a clip already: leave out --continue")
    }
  }

  /// What the model is asked for, with what is written around it.
  func plan(_ model: MotionModel, frames: Int) throws -> ConstrainedPlan {
    let (rate, skeleton) = (model.frameRate, model.skeleton)
    let head = try (continued ?? between.first).map { try GivenClip(reading: $0, for: model) }
    let tail = try between.last.map { try GivenClip(reading: $0, for: model) }
    // As much of a given clip as the model needs to go on in step.
    let most = max(1, Int((0.75 * rate).rounded()))
    let begun = min(most, head?.motion.count ?? 0)
    let ended = min(most, tail?.motion.count ?? 0)
    var plan = ConstrainedPlan(frames: begun + frames + ended)
    if let head {
      plan.head = Array(head.motion.poses.dropLast(begun))
      plan.constraints.hold(head.motion.frames(head.motion.count - begun..<head.motion.count), from: 0)
    }
    if let tail {
      plan.tail = Array(tail.motion.poses.dropFirst(ended))
      plan.constraints.hold(tail.motion.frames(0..<ended), from: begun + frames)
    }
    var points: [MotionConstraints.Point] = []
    if let keyframes {
      points += try MotionConstraints.Point.keyframes(
        csv: Self.text(keyframes), file: keyframes, frameRate: rate, skeleton: skeleton)
    }
    if let path {
      points += try MotionConstraints.Point.path(
        csv: Self.text(path), file: path, frameRate: rate, frames: frames)
    }
    plan.constraints.points = points.map { point in
      var point = point
      // A motion of 3 s ends one frame before 3 s; that time means its end.
      point.frame = begun + (point.frame == frames ? frames - 1 : point.frame)
      return point
    }
    try plan.constraints.validate(frames: plan.frames, frameRate: rate, skeleton: skeleton)
    return plan
  }

  private static func text(_ path: String) throws -> String {
    try NamedFile.require(path)
    do {
      return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    } catch {
      throw SurefootError(
        .unreadable, file: path, message: "cannot be read (\(error.localizedDescription))", suggestion: "check the file"
      )
    }
  }
}

/// A sample's constraints, and the parts of given clips that stand before and after it.
struct ConstrainedPlan {
  /// The sample's frames, those that it has in common with given clips included.
  var frames: Int
  var constraints = MotionConstraints()
  var head: [Pose] = []
  var tail: [Pose] = []

  init(frames: Int) { self.frames = frames }

  /// The sample with the rest of the given clips around it.
  func whole(_ sample: Motion) -> Motion {
    var motion = sample
    motion.poses = head + sample.poses + tail
    return motion
  }
}

/// A clip of the user's on the model's skeleton, at its rate, with its feet on the floor.
private struct GivenClip {
  let motion: Motion

  init(reading path: String, for model: MotionModel) throws {
    try NamedFile.require(path)
    let read = try MotionFile.reading(contentsOf: URL(fileURLWithPath: path)).clip.motion.withoutArtificialFrames()
    var motion = try read.retargeted(to: model.skeleton, file: path).resampled(to: model.frameRate, file: path)
    guard motion.count > 1 else {
      throw SurefootError(
        .invalidMotion, file: path, message: "has \(motion.count) frames at the model's \(model.frameRate) a second",
        suggestion: "give a clip of at least two")
    }
    // Clips that were prepared, or sampled, stand on the floor already and stay as they are.
    if motion.skeleton.isCanonical, let floor = try? Floor(under: FootContacts(canonical: motion)),
      abs(floor.height) > 0.02
    {
      motion = motion.levelled(on: floor)
    }
    self.motion = motion
  }
}
