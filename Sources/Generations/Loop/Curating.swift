public import Evaluation
public import Randomness
public import Support

extension Loop {
  /// Draws candidates for each prompt and keeps the one that is chosen.
  ///
  /// A step of the journal a prompt would redraw a batch for each: a part of the prompts is one step. What is recorded of
  /// a prompt without a choice is a `choice` event, so that the ledger tells every step's events beforehand.
  func curated(
    _ drawing: Drawing, _ prompts: [ClipPrompt], _ curation: Arm.Curation, _ journal: Journal
  ) async throws -> [ChoiceRecord] {
    var kept: [ChoiceRecord] = []
    let part = max(1, 4 * specification.sampling.batch / curation.choices)
    for start in stride(from: 0, to: prompts.count, by: part) {
      let these = Array(prompts[start..<min(prompts.count, start + part)])
      let identities = these.indices.map { "choice \(drawing.prefix)\(ClipStore.padded(start + $0, 4))" }
      let events = try await journal.step(identities) {
        try await choices(drawing, these, first: start, curation).map { .choice($0) }
      }
      kept += events.choices
      observe(
        .progress(step: drawing.title, done: kept.count, total: prompts.count, unit: "choices", detail: ""))
    }
    return kept
  }

  /// The choices of some prompts; the chosen clips are written.
  private func choices(
    _ drawing: Drawing, _ prompts: [ClipPrompt], first: Int, _ curation: Arm.Curation
  ) async throws -> [ChoiceRecord] {
    var drawing = drawing
    drawing.offset = first * curation.choices
    let repeated = prompts.flatMap { Array(repeating: $0, count: curation.choices) }
    let clips = try await draw(drawing, repeated)
    let rewards = try await curation.reward.rewards(
      of: clips.enumerated().map { index, clip in
        Candidate(
          motion: clip.motion, action: clip.record.action, metrics: clip.record.metrics,
          seed: seed(drawing.generation, "reward", drawing.offset + index))
      })
    guard rewards.count == clips.count, rewards.allSatisfy(\.isFinite) else {
      throw SurefootError.badReward(
        "the reward \(curation.reward.name) gave \(rewards.count) numbers for \(clips.count) clips, or infinite ones")
    }
    return try prompts.indices.map { index in
      let range = index * curation.choices..<(index + 1) * curation.choices
      return try choice(drawing, Array(clips[range]), Array(rewards[range]), index: first + index, curation)
    }
  }

  private func choice(
    _ drawing: Drawing, _ clips: [MadeClip], _ rewards: [Double], index: Int, _ curation: Arm.Curation
  ) throws -> ChoiceRecord {
    let name = drawing.prefix + ClipStore.padded(index, 4)
    var random = SeededGenerator(seed: seed(drawing.generation, "choice", index))
    let place = curation.curator.choose(rewards, temperature: curation.temperature, using: &random)
    var record = ChoiceRecord(id: name, reward: curation.reward.name, rewards: rewards, chosen: place, clip: nil)
    guard let place else { return record }
    guard clips.indices.contains(place) else {
      throw SurefootError.badReward("the curator \(curation.curator.name) chose number \(place) of \(clips.count)")
    }
    var clip = clips[place].record
    clip.id = name
    clip.file = "\(drawing.folder)/\(name).\(store.format.fileExtension)"
    try AtomicFile.write(clips[place].data, to: store.url(clip.file))
    record.clip = clip
    return record
  }
}
