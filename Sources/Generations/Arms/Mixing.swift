public import Randomness

/// How real windows and the generations' synthetic clips make a training set.
///
///     struct HalfForgotten: Mixing {
///       let name = "half-forgotten"
///       func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] {
///         real + (synthetic.last ?? []) + synthetic.dropLast().flatMap { $0.prefix($0.count / 2) }
///       }
///     }
///
/// Hand it to ``Loop/Parts`` in `mixings`; `mixing: half-forgotten` in a specification then means it.
public protocol Mixing: Sendable {
  /// What `mixing` in a specification calls it.
  var name: String { get }

  /// The real windows of a generation; what is not implemented gives the run's n windows in every one.
  func real(of pool: RealPool, generation: Int) -> [Int]

  /// The training set of the newest generation.
  ///
  /// - Parameters:
  ///   - real: The generation's real windows.
  ///   - synthetic: The clips that each generation chose, oldest first; the last is the newest.
  func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item]
}

extension Mixing {
  /// The run's n windows.
  public func real(of pool: RealPool, generation: Int) -> [Int] { pool.chosen }
}

/// The dataset's training windows that a run may take, by their places.
public struct RealPool: Sendable, Hashable {
  /// How many windows there are.
  public var count: Int
  /// The places of the run's n windows.
  public var chosen: [Int]
  /// The seed of draws from it.
  public var seed: UInt64

  /// A pool by its parts.
  public init(count: Int, chosen: [Int], seed: UInt64) {
    self.count = count
    self.chosen = chosen
    self.seed = seed
  }
}

/// All real windows and the newest synthetic clips; older ones are forgotten (Gillman et al. 2024, Bertrand et al. 2023).
public struct RealAndNewest: Mixing {
  /// `augment`.
  public let name = "augment"
  /// The one way to mix so.
  public init() {}
  /// Real, then newest.
  public func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] { real + (synthetic.last ?? []) }
}

/// All real windows and every synthetic clip ever chosen (Gerstgrasser et al. 2024, arXiv:2404.01413).
public struct Accumulation: Mixing {
  /// `accumulate`.
  public let name = "accumulate"
  /// The one way to mix so.
  public init() {}
  /// Real, then all generations', oldest first.
  public func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] { real + synthetic.flatMap { $0 } }
}

/// The newest synthetic clips alone: the loop that nothing real holds (Alemohammad et al. 2023, arXiv:2307.01850).
public struct FullySynthetic: Mixing {
  /// `synthetic`.
  public let name = "synthetic"
  /// The one way to mix so.
  public init() {}
  /// The newest.
  public func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] { synthetic.last ?? [] }
}

/// As many real windows as the run has, drawn anew each generation, and the newest synthetic clips (the fresh-data loop
/// of Alemohammad et al. 2023).
///
/// Windows are drawn without replacement until the pool is empty; then it is filled again.
public struct FreshReal: Mixing {
  /// `fresh`.
  public let name = "fresh"
  /// The one way to mix so.
  public init() {}

  /// The next n places of an endless shuffled walk through the pool that begins with the run's own n.
  public func real(of pool: RealPool, generation: Int) -> [Int] {
    guard pool.count > 0 else { return [] }
    let n = pool.chosen.count
    let rest = Set(0..<pool.count).subtracting(pool.chosen).sorted()
    var random = SeededGenerator(seed: Seed.derive(pool.seed, "fresh"))
    var walk = rest.shuffled(using: &random)
    while walk.count < generation * n { walk += (0..<pool.count).shuffled(using: &random) }
    return walk[(generation - 1) * n..<generation * n].sorted()
  }

  /// Real, then newest.
  public func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] { real + (synthetic.last ?? []) }
}
