/// A generation's training set: real windows and synthetic clips, in the order in which the mixing puts them.
struct TrainingSet: Sendable {
  private let real: [TrainingClip]
  private let synthetic: [StoredClip]
  /// Indices into the real windows, followed by the synthetic clips.
  private let members: [Int]

  /// - Parameter generations: The clips that entered from each generation, oldest first.
  init(real: [TrainingClip], synthetic generations: [[StoredClip]], by mixing: some Mixing) {
    self.real = real
    synthetic = generations.flatMap { $0 }
    var start = real.count
    let indices = generations.map { clips in
      defer { start += clips.count }
      return Array(start..<start + clips.count)
    }
    members = mixing.mix(real: Array(real.indices), synthetic: indices)
  }

  var count: Int { members.count }
  var isEmpty: Bool { members.isEmpty }

  /// The ledger's record of the set.
  ///
  /// - Parameter usual: The run's n windows, whose ids are left out of the record.
  func record(_ arm: String, _ generation: Int, dropped: Int, usual: [TrainingClip]) -> MixRecord {
    let windows = members.filter { $0 < real.count }.map { real[$0].id }
    let clips = members.filter { $0 >= real.count }.map { synthetic[$0 - real.count].record.id }
    return MixRecord(
      arm: arm, generation: generation, real: windows.count, synthetic: clips,
      windows: windows == usual.map(\.id) ? nil : windows, dropped: dropped)
  }

  /// The clips with their motions. A file is read only where the motion is not at hand, and once.
  func clips(from store: ClipStore) throws -> [TrainingClip] {
    var read: [String: TrainingClip] = [:]
    return try members.map { member in
      guard member >= real.count else { return real[member] }
      let stored = synthetic[member - real.count]
      let clip =
        try read[stored.record.id]
        ?? TrainingClip(
          id: stored.record.id, motion: try store.motion(of: stored), action: stored.record.action)
      read[clip.id] = clip
      return clip
    }
  }
}
