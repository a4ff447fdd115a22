extension DataPrior {
  /// Balanced transport: a set's samples are assigned one to one to real windows of their action.
  ///
  /// The assignment has the least sum of squared distances. No window gets more samples than its share, so that calm
  /// windows, which are near to everything, cannot attract all. At full strength a sample becomes a copy of its window:
  /// keep gamma at 1 or below, and look at the distance to the nearest training window.
  ///
  /// - Throws: A `SurefootError` for windows that cannot be fitted on.
  public static func transport(
    fittedOn windows: [LabelledMotion], gamma: Double = 1, isLeak: Bool = false, body: CorrectorBody = CorrectorBody()
  ) throws -> DataPrior {
    try DataPrior(fittedOn: windows, gamma: gamma, isLeak: isLeak, body: body) { _ in TransportMap() }
  }
}

/// See ``DataPrior/transport(fittedOn:gamma:isLeak:body:)``.
struct TransportMap: LatentMap {
  let word = "transport"

  func targets(of samples: [[Double]], actions: [String?], in group: WindowGroups.Group) -> [[Double]] {
    var targets = samples
    let known = Set(group.actions)
    // Samples of actions that no window has share all windows.
    let labels = actions.map { $0.flatMap { known.contains($0) ? $0 : nil } }
    for label in Set(labels).sorted(by: { ($0 ?? "") < ($1 ?? "") }) {
      let places = samples.indices.filter { labels[$0] == label }
      let windows = group.members(of: label)
      // As many passes through the windows as the samples need.
      let passes = (places.count + windows.count - 1) / windows.count
      let seats = (0..<passes).flatMap { _ in windows }
      let single = places.map { place in windows.map { squaredDistance(samples[place], group.latents[$0]) } }
      let costs = single.map { row in (0..<passes).flatMap { _ in row } }
      for (place, seat) in zip(places, Assignment.cheapest(costs)) { targets[place] = group.latents[seats[seat]] }
    }
    return targets
  }
}

/// The assignment problem.
enum Assignment {
  /// A column for each row, none twice, with the least sum of costs.
  ///
  /// The Hungarian method by shortest augmenting paths (Jonker and Volgenant 1987). Among equal costs lower columns come
  /// first.
  ///
  /// - Parameter costs: At least as many columns as rows; finite.
  /// - Complexity: O(rows^2 columns).
  static func cheapest(_ costs: [[Double]]) -> [Int] {
    guard let columns = costs.first?.count else { return [] }
    precondition(costs.count <= columns, "\(costs.count) rows do not fit \(columns) columns")
    // Rows and columns count from 1; 0 stands for none.
    var rowPrice = [Double](repeating: 0, count: costs.count + 1)
    var columnPrice = [Double](repeating: 0, count: columns + 1)
    var rowOf = [Int](repeating: 0, count: columns + 1)
    for row in 1...costs.count {
      var way = [Int](repeating: 0, count: columns + 1)
      var least = [Double](repeating: .infinity, count: columns + 1)
      var isDone = [Bool](repeating: false, count: columns + 1)
      rowOf[0] = row
      var column = 0
      repeat {
        isDone[column] = true
        let current = rowOf[column]
        var (step, next) = (Double.infinity, 0)
        for candidate in 1...columns where !isDone[candidate] {
          let cost = costs[current - 1][candidate - 1] - rowPrice[current] - columnPrice[candidate]
          if cost < least[candidate] { (least[candidate], way[candidate]) = (cost, column) }
          if least[candidate] < step { (step, next) = (least[candidate], candidate) }
        }
        for candidate in 0...columns {
          if isDone[candidate] {
            rowPrice[rowOf[candidate]] += step
            columnPrice[candidate] -= step
          } else {
            least[candidate] -= step
          }
        }
        column = next
      } while rowOf[column] != 0
      while column != 0 {
        rowOf[column] = rowOf[way[column]]
        column = way[column]
      }
    }
    var result = [Int](repeating: 0, count: costs.count)
    for column in 1...columns where rowOf[column] != 0 { result[rowOf[column] - 1] = column - 1 }
    return result
  }
}

/// The squared distance of two latents.
func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices {
    let difference = a[index] - b[index]
    sum += difference * difference
  }
  return sum
}
