public import Kinematics
import Randomness
import Support

/// Samples motions of any length: window by window, each beginning with the last frames of what was made.
///
///     let sampler = LongSampler(try Sampler(model))
///     let minute = try await sampler.sample([Prompt(action: "walk", frames: 1200)], seed: 1)
///
/// A motion that the model can make at once is the ``Sampler``'s own, byte for byte. Of a longer one every window is
/// constrained to begin as the one before went on, so that nothing is blended. The memory that sampling takes depends on
/// the batch and not on the length; only the motion itself grows.
public struct LongSampler: Sendable {
  private let sampler: Sampler
  private let windows: WindowPlan

  /// A sampler of any length.
  public init(_ sampler: Sampler) {
    self.sampler = sampler
    windows = WindowPlan(window: sampler.model.longestMotion, frameRate: sampler.model.frameRate)
  }

  /// One motion a prompt, as ``Sampler/sample(_:constraints:seed:first:progress:)`` gives them, of at least 2 frames.
  ///
  /// Places that lie beyond a window draw it: its root goes the share of the way that is due by its end.
  public func sample(
    _ prompts: [Prompt], constraints: [MotionConstraints] = [], seed: UInt64, first: Int = 0,
    progress: (Int) -> Void = { _ in }
  ) async throws -> [Motion] {
    precondition(constraints.isEmpty || constraints.count == prompts.count, "one set of constraints a prompt")
    let model = sampler.model
    for (prompt, constraints) in zip(prompts, constraints) {
      try constraints.validate(frames: prompt.frames, frameRate: model.frameRate, skeleton: model.skeleton)
    }
    var motions: [Motion] = []
    for start in stride(from: 0, to: prompts.count, by: sampler.options.batch) {
      let part = start..<min(prompts.count, start + sampler.options.batch)
      motions += try await batch(
        Array(prompts[part]), constraints.isEmpty ? nil : Array(constraints[part]), seed: seed, first: first + start)
      progress(motions.count)
    }
    return motions
  }

  private func batch(
    _ prompts: [Prompt], _ constraints: [MotionConstraints]?, seed: UInt64, first: Int
  ) async throws -> [Motion] {
    let labels = try sampler.labels(prompts, seed: seed, first: first)
    let plans = prompts.map { windows.starts(frames: $0.frames) }
    var motions: [Motion?] = Array(repeating: nil, count: prompts.count)
    for round in 0..<(plans.map(\.count).max() ?? 0) {
      // Random numbers belong to a prompt's index, so that those that are sampled together follow one another.
      for run in prompts.indices.filter({ plans[$0].count > round }).runs {
        let parts = run.map { windows.range(round, of: plans[$0], frames: prompts[$0].frames) }
        let asked = zip(run, parts).map { Prompt(action: prompts[$0].action, frames: $1.count, text: prompts[$0].text) }
        let wanted = zip(run, parts).map { index, part in
          self.constraints(constraints?[index] ?? MotionConstraints(), part, after: motions[index])
        }
        let made = try await sampler.sample(
          asked, wanted.allSatisfy(\.isEmpty) ? [] : wanted, labels: Array(labels[run]),
          seed: round == 0 ? seed : Seed.derive(seed, "window", round), first: first + run.lowerBound
        ) { _ in }
        for ((index, part), motion) in zip(zip(run, parts), made) {
          guard var whole = motions[index] else {
            motions[index] = motion
            continue
          }
          whole.poses.replaceSubrange(part.lowerBound..., with: motion.poses)
          motions[index] = whole
        }
      }
    }
    return motions.compactMap { $0 }
  }

  /// What a window must do: its part of the whole, and to begin as what was made before.
  private func constraints(
    _ whole: MotionConstraints, _ part: Range<Int>, after made: Motion?
  ) -> MotionConstraints {
    var constraints = whole.frames(part)
    var here = whole.poses[0] == nil ? nil : (frame: 0, place: whole.poses[0])
    if let made {
      constraints.points.removeAll { $0.frame < windows.overlap }
      let end = part.lowerBound + windows.overlap
      constraints.hold(made.frames(part.lowerBound..<end), from: 0)
      here = (end - 1, made.poses[end - 1])
    } else {
      while let frame = here?.frame, let next = whole.poses[frame + 1] { here = (frame + 1, next) }
    }
    guard let here, let pose = here.place, let goal = whole.nextPlace(after: part.upperBound - 1),
      !constraints.points.contains(where: { $0.frame > part.count / 2 }),
      !constraints.poses.keys.contains(where: { $0 > part.count / 2 })
    else { return constraints }
    // Several along the way: with one at the window's end the root stays behind, and the last window has to hurry.
    for frame in stride(from: part.upperBound - 1 - windows.margin, to: here.frame + 4, by: -8) {
      let share = Double(frame - here.frame) / Double(goal.frame - here.frame)
      var way = MotionConstraints.Point(
        frame: frame - part.lowerBound, joint: 0,
        position: pose.rootPosition + (goal.position - pose.rootPosition) * share, isOnFloor: true)
      way.tolerance = 0.1
      constraints.points.append(way)
    }
    return constraints
  }
}

/// How a long motion is divided into windows.
struct WindowPlan: Sendable {
  /// The frames of a window.
  let window: Int
  /// The frames that a window has in common with the one before: enough to go on in step.
  let overlap: Int
  /// The last frames of a window, which are made anew: at its ends a model is least sure.
  let margin: Int

  init(window: Int, frameRate: Double) {
    self.window = window
    overlap = max(1, min(window / 4, Int((0.75 * frameRate).rounded())))
    margin = min(window / 10, Int((0.2 * frameRate).rounded()))
  }

  /// The first frame of every window, evenly spread.
  func starts(frames: Int) -> [Int] {
    let (rest, step) = (frames - window, max(1, window - overlap - margin))
    guard rest > 0 else { return [0] }
    let count = (rest + step - 1) / step
    return (0...count).map { rest * $0 / count }
  }

  func range(_ round: Int, of starts: [Int], frames: Int) -> Range<Int> {
    starts[round]..<min(frames, starts[round] + window)
  }
}

extension MotionConstraints {
  /// The first place that the root, or any joint, must reach after a frame.
  func nextPlace(after frame: Int) -> (frame: Int, position: SIMD3<Double>)? {
    let pose = poses.filter { $0.key > frame }.min { $0.key < $1.key }
    let point = points.filter { $0.frame > frame }.min { ($0.frame, $0.joint) < ($1.frame, $1.joint) }
    guard let point, point.frame < pose?.key ?? .max else { return pose.map { ($0.key, $0.value.rootPosition) } }
    return (point.frame, point.position)
  }
}

extension [Int] {
  /// Rising numbers as ranges without gaps.
  fileprivate var runs: [Range<Int>] {
    reduce(into: []) { runs, index in
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
  }
}
