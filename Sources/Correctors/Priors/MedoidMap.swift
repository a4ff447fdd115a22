extension DataPrior {
  /// The nearest of a few typical real windows of a sample's action takes its place.
  ///
  /// The image experiment of Gillman et al. (2024), arXiv:2402.07087, replaces an image by the nearest of 16 cluster means
  /// of real images of its class. A mean of motions has lost their energy; a medoid is a motion itself. For comparison
  /// with that experiment: it knows few motions, and loses all others.
  ///
  /// - Parameter clusters: The most medoids of an action; an action has one for every four windows, at least one.
  /// - Throws: A `SurefootError` for windows that cannot be fitted on.
  public static func medoids(
    fittedOn windows: [LabelledMotion], clusters: Int = 16, gamma: Double = .infinity, isLeak: Bool = false,
    body: CorrectorBody = CorrectorBody()
  ) throws -> DataPrior {
    precondition(clusters > 0, "there is at least one cluster")
    return try DataPrior(fittedOn: windows, gamma: gamma, isLeak: isLeak, body: body) { groups in
      MedoidMap(
        word: clusters == 16 ? "medoids" : "medoids-\(clusters)",
        medoids: groups.groups.mapValues { group in
          var medoids: [String: [Int]] = [:]
          for action in Set(group.actions) {
            let members = group.members(of: action)
            let count = min(clusters, max(1, members.count / 4))
            medoids[action] = Medoids.choose(count, of: members.map { group.latents[$0] }).map { members[$0] }
          }
          return medoids
        })
    }
  }
}

/// See ``DataPrior/medoids(fittedOn:clusters:gamma:isLeak:body:)``.
struct MedoidMap: LatentMap {
  let word: String
  /// The windows' indices, by length and action.
  let medoids: [Int: [String: [Int]]]

  func targets(of samples: [[Double]], actions: [String?], in group: WindowGroups.Group) -> [[Double]] {
    let known = medoids[group.space.frames] ?? [:]
    let all = known.values.flatMap { $0 }.sorted()
    return zip(samples, actions).map { sample, action in
      let candidates = action.flatMap { known[$0] } ?? all
      let distances = candidates.map { squaredDistance(sample, group.latents[$0]) }
      let nearest = distances.indices.min { distances[$0] < distances[$1] }
      return nearest.map { group.latents[candidates[$0]] } ?? sample
    }
  }
}

/// Clusters whose centres are members.
enum Medoids {
  /// The members with the least sum of distances from every member to the nearest of them, nearly: chosen one by one,
  /// then exchanged while that helps (Kaufman and Rousseeuw 1990, PAM).
  ///
  /// - Returns: Indices, ascending; all of them if there are no more than `count`.
  static func choose(_ count: Int, of members: [[Double]]) -> [Int] {
    guard members.count > count else { return Array(members.indices) }
    let distances = members.map { a in members.map { squaredDistance(a, $0).squareRoot() } }
    func cost(_ medoids: [Int]) -> Double {
      members.indices.reduce(0) { sum, member in sum + (medoids.map { distances[member][$0] }.min() ?? 0) }
    }
    var medoids: [Int] = []
    while medoids.count < count {
      let free = members.indices.filter { !medoids.contains($0) }
      let costs = free.map { cost(medoids + [$0]) }
      guard let best = costs.indices.min(by: { costs[$0] < costs[$1] }) else { break }
      medoids.append(free[best])
    }
    var least = cost(medoids)
    var improves = true
    while improves {
      improves = false
      for place in medoids.indices {
        for other in members.indices where !medoids.contains(other) {
          var changed = medoids
          changed[place] = other
          let value = cost(changed)
          if value < least - 1e-12 * abs(least) { (medoids, least, improves) = (changed, value, true) }
        }
      }
    }
    return medoids.sorted()
  }
}
