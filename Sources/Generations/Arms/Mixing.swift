/// How real windows and the generations' synthetic clips make a training set.
protocol Mixing: Sendable {
  /// The training set of the newest generation.
  ///
  /// - Parameter synthetic: The clips that each generation chose, oldest first; the last is the newest.
  func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item]
}

/// All real windows and the newest synthetic clips; older ones are forgotten (Gillman et al. 2024, Bertrand et al. 2023).
struct RealAndNewest: Mixing {
  func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] { real + (synthetic.last ?? []) }
}
