public import Kinematics
import Randomness
public import Support
import Synchronization
import Tensors

/// Samples motions from a model.
///
///     let sampler = try Sampler(model)
///     let prompts = Array(repeating: Prompt(action: "walk", frames: 60), count: 100)
///     let motions = try await sampler.sample(prompts, seed: 1)
///
/// The random numbers of a motion depend only on the seed and on its index among all motions of that seed, so that
/// neither ``SamplingOptions/batch`` nor a division of the work changes them. Pass the index of the first prompt when the
/// prompts are a part of a longer list; the two halves below are the hundred motions above:
///
///     let firstHalf = try await sampler.sample(Array(prompts[..<50]), seed: 1)
///     let secondHalf = try await sampler.sample(Array(prompts[50...]), seed: 1, first: 50)
///
/// On a processor a motion's bytes depend on nothing else: not on the batch, its other members, or the number of
/// threads.
///
/// The computation runs on a dedicated thread and stops at the next step when the task is cancelled.
public struct Sampler: Sendable {
  let model: MotionModel
  let options: SamplingOptions
  private let predictor: any CleanPredictor
  private let projection: Projection?

  /// A sampler of a model.
  ///
  /// - Parameters:
  ///   - predictor: A predictor in the model's space to use instead of the model with the options' guidance.
  ///   - projection: A change of the clean motions during sampling, such as a physics projection.
  /// - Throws: ``SurefootError`` if an option is outside its range.
  public init(
    _ model: MotionModel, _ options: SamplingOptions = SamplingOptions(), predictor: (any CleanPredictor)? = nil,
    projection: Projection? = nil
  ) throws(SurefootError) {
    try options.validate(for: model)
    self.model = model
    self.options = options
    self.predictor =
      predictor ?? ClassifierFreeGuidance(model, scale: options.guidance, computeType: options.computeType)
    self.projection = projection
  }

  /// One motion a prompt, in the prompts' order. Each starts at the origin and faces +Z, or where its constraints say.
  ///
  /// - Parameters:
  ///   - constraints: What each motion must do: one a prompt, or none at all. They are met by guiding every step of
  ///     sampling, and exactly at its end; a motion that cannot meet them comes as near as it can, which
  ///     ``MotionConstraints/error(of:)`` tells.
  ///   - seed: With a prompt's index it decides the motion: prompt `i` draws from `(seed, first + i)`.
  ///   - first: The index of the first prompt among all prompts of this seed.
  ///   - progress: Called after each batch with the number of motions done.
  /// - Precondition: As many constraints as prompts, or none.
  /// - Throws: ``SurefootError`` for an unknown action, a length that the model cannot make, constraints that no motion
  ///   can meet, or numbers that are not finite; `CancellationError` if the task is cancelled; what the projection throws.
  public func sample(
    _ prompts: [Prompt], constraints: [MotionConstraints] = [], seed: UInt64, first: Int = 0,
    progress: (Int) -> Void = { _ in }
  ) async throws -> [Motion] {
    for (prompt, constraints) in zip(prompts, constraints) {
      try constraints.validate(frames: prompt.frames, frameRate: model.frameRate, skeleton: model.skeleton)
    }
    return try await sample(
      prompts, constraints, labels: labels(prompts, seed: seed, first: first), seed: seed, first: first,
      progress: progress)
  }

  /// The classes of prompts: of an action with several, each prompt draws one.
  func labels(_ prompts: [Prompt], seed: UInt64, first: Int) throws(SurefootError) -> [Int] {
    try prompts.enumerated().map { index, prompt throws(SurefootError) in
      var random = SeededGenerator(seed: Seed.derive(seed, "class", first + index))
      return try model.label(of: prompt.action, share: random.uniform())
    }
  }

  /// Motions of given classes.
  func sample(
    _ prompts: [Prompt], _ constraints: [MotionConstraints], labels: [Int], seed: UInt64, first: Int,
    progress: (Int) -> Void
  ) async throws -> [Motion] {
    precondition(constraints.isEmpty || constraints.count == prompts.count, "one set of constraints a prompt")
    for prompt in prompts {
      guard (2...model.longestMotion).contains(prompt.frames) else {
        throw SurefootError(
          .motion, message: "\(prompt.frames) frames are asked for",
          suggestion: "the model makes motions of 2 to \(model.longestMotion) frames, \(model.frameRate) a second")
      }
    }
    var motions: [Motion] = []
    for start in stride(from: 0, to: prompts.count, by: options.batch) {
      let part = start..<min(prompts.count, start + options.batch)
      let solvers =
        constraints.isEmpty
        ? [] : try solvers(Array(prompts[part]), Array(constraints[part]), labels: Array(labels[part]))
      motions += try await batch(
        Array(prompts[part]), solvers, labels: Array(labels[part]), seed: seed, first: first + start)
      progress(motions.count)
    }
    return motions
  }

  private func batch(
    _ prompts: [Prompt], _ solvers: [ConstraintSolver?], labels: [Int], seed: UInt64, first: Int
  ) async throws -> [Motion] {
    let lengths = prompts.map { model.space.fixedFrames ?? $0.frames }
    let predictor =
      solvers.isEmpty
      ? self.predictor : ConstrainedPredictor(base: self.predictor, model: model, solvers: solvers)
    let noise = BatchNoise(
      seeds: prompts.indices.map { Seed.derive(seed, "sample", first + $0) },
      lengths: lengths.map(model.space.rows(frames:)), channels: model.space.channels, scale: options.temperature)
    return try await denoised(
      prompts, predictor, solvers, lengths: lengths, labels: labels, first: first, noise,
      timesteps: model.schedule.strided(options.steps ?? model.schedule.steps)
    ) { noise.next() }
  }

  /// Takes the noise away from a batch, timestep by timestep.
  ///
  /// - Parameters:
  ///   - timesteps: From the noisiest to 0.
  ///   - start: The batch at the first of them.
  private func denoised(
    _ prompts: [Prompt], _ predictor: any CleanPredictor, _ solvers: [ConstraintSolver?], lengths: [Int],
    labels: [Int], first: Int, _ noise: BatchNoise, timesteps: [Int], start: @escaping @Sendable () -> Tensor
  ) async throws -> [Motion] {
    let projections = projection?.steps(of: timesteps.count) ?? []
    let texts = try model.texts(of: prompts)
    let projected = projections.min() ?? timesteps.count
    // Up to the first projection nothing suspends; after that, every step waits for one.
    var noisy = try await DedicatedThread.run(name: "sampling") {
      var noisy = start()
      for index in 0..<min(projected, timesteps.count - 1) {
        try DedicatedThread.checkCancellation()
        let clean = predict(predictor, noisy, timesteps[index], labels: labels, texts, lengths: lengths, first: first)
        noisy = advance(noisy, clean, from: timesteps[index], to: timesteps[index + 1], noise)
      }
      return noisy
    }
    for index in min(projected, timesteps.count - 1)..<timesteps.count {
      let (current, left) = (noisy, timesteps.count - 1 - index)
      var clean = try await DedicatedThread.run(name: "sampling") {
        try DedicatedThread.checkCancellation()
        return predict(predictor, current, timesteps[index], labels: labels, texts, lengths: lengths, first: first)
      }
      if let projection, projections.contains(index) {
        let set = try await project(clean, lengths: lengths, first: first, projection, stepsLeft: left)
        clean = Torch.withoutGradients { model.space.encode(set.features) }
        if left == 0 { return settled(set.rows, solvers, lengths: prompts.map(\.frames)) }
      }
      guard left > 0 else {
        return settled(try rows(clean, lengths: lengths, first: first), solvers, lengths: prompts.map(\.frames))
      }
      noisy = advance(current, clean, from: timesteps[index], to: timesteps[index + 1], noise)
    }
    return []
  }

  /// Motions that are like some given ones: noise is added to those up to a level and taken away again.
  ///
  ///     let cleaner = try await sampler.denoised(motions, prompts: prompts, level: 0.3, seeds: seeds)
  ///
  /// SDEdit: Meng et al., "SDEdit: Guided Image Synthesis and Editing with Stochastic Differential Equations" (ICLR 2022),
  /// arXiv 2108.01073. Each starts at the origin and faces +Z. A motion's bytes depend on itself, its prompt, the level
  /// and its seed, and on nothing else.
  ///
  /// - Parameters:
  ///   - motions: Of the model's skeleton and rate.
  ///   - prompts: One a motion, of its length.
  ///   - level: The share of the schedule that is added, in 0...1; at 0 a motion goes through the model's space alone.
  ///   - seeds: One a motion.
  /// - Throws: ``SurefootError`` for a motion that does not fit the model or an action that it does not know;
  ///   `CancellationError` if the task is cancelled.
  public func denoised(
    _ motions: [Motion], prompts: [Prompt], level: Double, seeds: [UInt64]
  ) async throws -> [Motion] {
    precondition(
      motions.count == prompts.count && motions.count == seeds.count && (0...1).contains(level),
      "a prompt and a seed for each motion, and a level in 0...1")
    var results: [Motion] = []
    for start in stride(from: 0, to: motions.count, by: options.batch) {
      let range = start..<min(motions.count, start + options.batch)
      results += try await denoised(
        Array(motions[range]), Array(prompts[range]), level, Array(seeds[range]), first: start)
    }
    return results
  }

  private func denoised(
    _ motions: [Motion], _ prompts: [Prompt], _ level: Double, _ seeds: [UInt64], first: Int
  ) async throws -> [Motion] {
    let windows = motions.map { TrainingWindow(motion: $0, action: "") }
    let longest = model.space.fixedFrames ?? motions.map(\.count).max() ?? 0
    let isFixed = model.space.fixedFrames != nil
    let set = try WindowSet(windows, model.representation, actions: nil, frames: longest, exact: isFixed)
    let lengths = motions.map { model.space.fixedFrames ?? $0.count }
    // A motion keeps the class that it is of: as lively as it is.
    let known = try prompts.map { prompt throws(SurefootError) in try model.label(of: prompt.action) }
    var labels = known
    if let modes = model.space.modes {
      let actions = prompts.map { prompt in prompt.action.flatMap { model.actions.firstIndex(of: $0) } }
      let classes = model.space.classes(set.features, actions: actions.map { $0 ?? 0 })
      labels = labels.indices.map { actions[$0] == nil ? modes.classes : classes[$0] }
    }
    let noise = BatchNoise(
      seeds: seeds.map { Seed.derive($0, "sample") }, lengths: lengths.map(model.space.rows(frames:)),
      channels: model.space.channels, scale: options.temperature)
    let all = model.schedule.strided(options.steps ?? model.schedule.steps)
    let noisiest = level * Double(model.schedule.steps)
    let timesteps = all.filter { Double($0 + 1) <= noisiest }
    let clean = Torch.withoutGradients { model.space.encode(set.features) }
    guard let start = timesteps.first else {
      return try self.motions(clean, lengths: motions.map(\.count), first: first)
    }
    let signal = model.schedule.alphaBar[start]
    return try await denoised(
      prompts, predictor, [], lengths: lengths, labels: labels, first: first, noise, timesteps: timesteps
    ) {
      Torch.withoutGradients { clean * signal.squareRoot() + noise.next() * (1 - signal).squareRoot() }
    }
  }

  /// The motions that are computed together, by their place in the batch.
  ///
  /// On a processor a product of another shape, or one that is divided among threads, adds up in another order. So a
  /// part is computed on one thread, several parts at once, and its shape depends on nothing but the motion's index: it
  /// is one motion at its own length, or eight consecutive ones of a model whose motions have one length. At the ends of
  /// a batch other motions fill the part up. On an accelerator the whole batch is one part.
  private func parts(_ count: Int, first: Int) -> [Part] {
    guard Torch.device == .cpu else { return [Part(members: Array(0..<count), results: 0..<count)] }
    let size = model.space.fixedFrames == nil ? 1 : 8
    return (first / size...(first + count - 1) / size).map { block in
      let members = (0..<size).map { block * size + $0 - first }
      let inside = members.indices.filter { (0..<count).contains(members[$0]) }
      return Part(
        members: members.map { min(max($0, 0), count - 1) }, results: inside[0]..<inside[inside.count - 1] + 1)
    }
  }

  private struct Part: Sendable {
    /// The places in the batch.
    let members: [Int]
    /// The places in ``members`` that belong to this batch.
    let results: Range<Int>
  }

  /// The predicted clean samples of a batch whose first motion has the index `first`.
  private func predict(
    _ predictor: any CleanPredictor, _ noisy: Tensor, _ step: Int, labels: [Int], _ texts: Tensor?, lengths: [Int],
    first: Int
  ) -> Tensor {
    let longest = noisy.shape[1]
    return separately(labels.count, first: first) { part in
      let rows = model.space.rows(frames: part.members.map { lengths[$0] }.max() ?? 0)
      let clean = predictor.clean(
        NoisyBatch(
          noisy: Sampler.selected(noisy, part.members).narrowed(1, 0..<rows),
          steps: part.members.map { _ in step }, labels: part.members.map { labels[$0] },
          lengths: part.members.map { lengths[$0] }, texts: texts.map { Sampler.selected($0, part.members) },
          members: part.members.indices.map { part.results.contains($0) ? part.members[$0] : nil }))
      guard rows < longest else { return clean }
      let padding = Tensor(repeating: 0, shape: [clean.shape[0], longest - rows, clean.shape[2]], on: Torch.device)
      return Tensor.concatenated([clean, padding], 1)
    }
  }

  /// The results of a computation for all parts of a batch, in the batch's order.
  private func separately(_ count: Int, first: Int, _ body: @Sendable (Part) -> Tensor) -> Tensor {
    let parts = parts(count, first: first)
    guard parts.count > 1 || Torch.device == .cpu else { return Torch.withoutGradients { body(parts[0]) } }
    let results = Mutex([Tensor?](repeating: nil, count: parts.count))
    Torch.concurrently(parts.count) { index in
      let result = Torch.withoutGradients { body(parts[index]).narrowed(0, parts[index].results) }
      results.withLock { $0[index] = result }
    }
    return Torch.withoutGradients { Tensor.concatenated(results.withLock { $0.compactMap { $0 } }, 0) }
  }

  private static func selected(_ batch: Tensor, _ members: [Int]) -> Tensor {
    guard let first = members.first, members != Array(first..<first + members.count) else {
      return batch.narrowed(0, members[0]..<members[0] + members.count)
    }
    return Tensor.concatenated(members.map { batch.narrowed(0, $0..<$0 + 1) }, 0)
  }

  /// One step of the DDIM family: less noise, a part of it new.
  private func advance(_ noisy: Tensor, _ clean: Tensor, from step: Int, to next: Int, _ noise: BatchNoise) -> Tensor {
    let (a, b) = (model.schedule.alphaBar[step], model.schedule.alphaBar[next])
    let deviation = options.eta * ((1 - b) / (1 - a) * (1 - a / b)).squareRoot()
    return Torch.withoutGradients {
      let direction = (noisy - clean * a.squareRoot()) / (1 - a).squareRoot()
      let kept = clean * b.squareRoot() + direction * max(0, 1 - b - deviation * deviation).squareRoot()
      return deviation > 0 ? kept + noise.next() * deviation : kept
    }
  }

  private func project(
    _ clean: Tensor, lengths: [Int], first: Int, _ projection: Projection, stepsLeft: Int
  ) async throws -> WindowSet {
    let before = try motions(clean, lengths: lengths, first: first)
    let after = try await projection.project(before, stepsLeft, first)
    guard after.map(\.count) == before.map(\.count) else {
      throw SurefootError(
        .motion, message: "a projection returned motions of other lengths",
        suggestion: "return as many motions of the same lengths")
    }
    let windows = after.map { TrainingWindow(motion: $0, action: "") }
    let longest = lengths.max() ?? 0
    return try WindowSet(windows, model.representation, actions: nil, frames: longest, exact: false)
  }

  /// Motions of clean samples, cut to their lengths.
  private func motions(_ clean: Tensor, lengths: [Int], first: Int) throws(SurefootError) -> [Motion] {
    try rows(clean, lengths: lengths, first: first).map { model.representation.decode($0) }
  }

  /// Rows of features of clean samples, cut to their lengths.
  private func rows(_ clean: Tensor, lengths: [Int], first: Int) throws(SurefootError) -> [[Float]] {
    let features = separately(lengths.count, first: first) { model.space.decode(Sampler.selected(clean, $0.members)) }
    guard features.isFinite else { throw SurefootError.notFinite("the sampled features") }
    let (size, values) = (features.shape[1] * model.representation.width, features.floats)
    return lengths.enumerated().map { index, length in
      Array(values[index * size..<index * size + length * model.representation.width])
    }
  }
}
