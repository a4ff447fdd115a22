import Randomness

/// Puts a training set together from real windows and the generations' synthetic clips.
///
///     struct HalfForgotten: Mixing {
///       let name = "half-forgotten"
///       func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] {
///         real + (synthetic.last ?? []) + synthetic.dropLast().flatMap { $0.prefix($0.count / 2) }
///       }
///     }
///
/// Add it to `mixings` of ``Loop/Parts``; `mixing: half-forgotten` in a specification then selects it.
public protocol Mixing: Sendable {
  /// Its name in `mixing`.
  var name: String { get }

  /// The real windows of a generation, as indices into the pool. The default gives the run's n windows in every
  /// generation.
  func real(of pool: RealPool, generation: Int) -> [Int]

  /// The training set of the newest generation.
  ///
  /// - Parameters:
  ///   - real: The generation's real windows.
  ///   - synthetic: The clips that entered from each generation, oldest first; the last is the newest.
  func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item]
}

extension Mixing {
  /// The run's n windows.
  public func real(of pool: RealPool, generation: Int) -> [Int] { pool.chosen }
}

/// The training windows that a run may take: those whose action label the n windows teach.
public struct RealPool: Sendable, Hashable {
  /// The number of windows in the pool.
  public var count: Int
  /// The indices of the run's n windows.
  public var chosen: [Int]
  /// The seed of draws from the pool.
  public var seed: UInt64
}

/// All real windows and the newest synthetic clips; older ones are dropped (Gillman et al. 2024, Bertrand et al. 2023).
struct RealAndNewest: Mixing {
  let name = "augment"

  func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] { real + (synthetic.last ?? []) }
}

/// All real windows and every synthetic clip so far (Gerstgrasser et al. 2024, arXiv:2404.01413).
struct Accumulation: Mixing {
  let name = "accumulate"

  func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] { real + synthetic.flatMap { $0 } }
}

/// The newest synthetic clips alone: the fully synthetic loop (Alemohammad et al. 2023, arXiv:2307.01850).
struct FullySynthetic: Mixing {
  let name = "synthetic"

  func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] { synthetic.last ?? [] }
}

/// As many real windows as the run has, drawn anew each generation, and the newest synthetic clips (the fresh-data loop
/// of Alemohammad et al. 2023).
///
/// Windows are drawn without replacement until the pool is empty; then it is filled again.
struct FreshReal: Mixing {
  let name = "fresh"

  /// The next n indices of an endless shuffled walk through the pool that begins with the run's own n windows.
  func real(of pool: RealPool, generation: Int) -> [Int] {
    guard pool.count > 0 else { return [] }
    let n = pool.chosen.count
    let rest = Set(0..<pool.count).subtracting(pool.chosen).sorted()
    var random = SeededGenerator(seed: Seed.derive(pool.seed, "fresh"))
    var walk = rest.shuffled(using: &random)
    while walk.count < generation * n { walk += (0..<pool.count).shuffled(using: &random) }
    return walk[(generation - 1) * n..<generation * n].sorted()
  }

  func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] { real + (synthetic.last ?? []) }
}

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
