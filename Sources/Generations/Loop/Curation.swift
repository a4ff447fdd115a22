import Evaluation
import Randomness
import Support

extension Loop {
  /// Draws candidates for each prompt, rewards them, and writes the one that the curator chooses.
  ///
  /// The prompts are split into parts of a few batches, each one step of the journal, so that a killed run repeats one
  /// part only. A prompt's event is a `choice` even if no candidate was chosen, so that a step's events are known
  /// beforehand.
  func curate(
    _ request: SamplingRequest, _ prompts: [ClipPrompt], _ curation: Arm.Curation, _ run: Run
  ) async throws -> (clips: [StoredClip?], choices: [ChoiceRecord]) {
    var (clips, choices) = ([StoredClip?](), [ChoiceRecord]())
    let part = max(1, 4 * specification.sampling.batch / curation.choices)
    for start in stride(from: 0, to: prompts.count, by: part) {
      let indices = start..<min(prompts.count, start + part)
      var made: [StoredClip?]?
      let events = try await run.journal.step(indices.map { .choice(id: request.id($0)) }) {
        let chosen = try await choose(request, Array(prompts[indices]), first: start, curation, run)
        made = chosen.map(\.clip)
        return chosen.map { .choice($0.record) }
      }
      choices += events.choices
      clips += made ?? events.choices.map { $0.clip.map { StoredClip(record: $0, motion: nil) } }
      observe(
        .progress(step: request.title, done: choices.count, total: prompts.count, unit: "choices", detail: ""))
    }
    return (clips, choices)
  }

  /// The choices of some prompts.
  private func choose(
    _ request: SamplingRequest, _ prompts: [ClipPrompt], first: Int, _ curation: Arm.Curation, _ run: Run
  ) async throws -> [(record: ChoiceRecord, clip: StoredClip?)] {
    let offset = first * curation.choices
    let repeated = prompts.flatMap { Array(repeating: $0, count: curation.choices) }
    let drawn = try await draw(request, repeated, first: offset, run)
    let candidates = try drawn.enumerated().map { index, drawn in
      Candidate(
        motion: try store.motion(of: drawn.clip), action: drawn.clip.record.action, metrics: drawn.clip.record.metrics,
        seed: seed(request.generation, "reward", offset + index))
    }
    let rewards = try await curation.reward.rewards(of: candidates)
    guard rewards.count == drawn.count, rewards.allSatisfy(\.isFinite) else {
      throw SurefootError.badReward(
        "the reward \(curation.reward.name) gave \(rewards.count) numbers for \(drawn.count) clips, or infinite ones")
    }
    return try prompts.indices.map { prompt in
      let range = prompt * curation.choices..<(prompt + 1) * curation.choices
      let (id, index) = (request.id(first + prompt), first + prompt)
      var random = SeededGenerator(seed: seed(request.generation, "choice", index))
      let place = curation.curator.choose(Array(rewards[range]), temperature: curation.temperature, using: &random)
      var record = ChoiceRecord(id: id, reward: curation.reward.name, rewards: Array(rewards[range]), chosen: place)
      guard let place else { return (record, nil) }
      guard (0..<range.count).contains(place) else {
        throw SurefootError.badReward(
          "the curator \(curation.curator.name) chose number \(place) of \(range.count)")
      }
      var (clip, bytes) = drawn[range.lowerBound + place]
      clip.record.id = id
      clip.record.index = index
      clip.record.file = store.path(request.folder, id)
      try store.write(bytes, of: &clip.record)
      record.clip = clip.record
      return (record, clip)
    }
  }
}
