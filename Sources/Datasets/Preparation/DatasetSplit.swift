import Support

/// Parts clips into train and evaluation, the same way on every machine.
struct DatasetSplit {
  /// How it was done, in words.
  var rule: String
  /// The clips kept from training, by name.
  var evaluation: Set<String>

  init(_ clips: [DatasetManifest.PreparedClip], _ evaluation: DatasetOptions.Evaluation) throws(SurefootError) {
    let subjects = Set(clips.map(\.subject))
    switch evaluation {
    case .subjects(let wanted):
      let unknown = wanted.filter { !subjects.contains($0) }
      guard unknown.isEmpty else {
        throw SurefootError(
          file: "--evaluation-subjects", message: "no clip is of subject \(unknown.joined(separator: ", "))",
          suggestion: "choose among \(subjects.sorted().joined(separator: ", "))")
      }
      rule = "by subject: \(wanted.sorted().joined(separator: ", ")) kept for evaluation"
      self.evaluation = Set(clips.filter { wanted.contains($0.subject) }.map(\.name))
    case .share(let share):
      let isBySubject = subjects.count > 1 && !subjects.contains("")
      let keepsActions = clips.count <= Self.small
      let choice = isBySubject ? Self.choice(clips, share, by: \.subject, keepingActions: keepsActions) : nil
      if let choice {
        self.evaluation = choice.clips
        rule = "by subject: \(choice.groups.sorted().joined(separator: ", ")) kept for evaluation"
        return
      }
      let chosen = Self.choice(clips, share, by: \.name, keepingActions: keepsActions)?.clips ?? []
      self.evaluation = chosen
      let reason =
        subjects.contains("")
        ? "subjects are not all known"
        : subjects.count > 1 ? "each subject has actions of its own" : "there is only one subject"
      rule =
        "by clip, since \(reason): \(chosen.count) of \(clips.count) kept for evaluation"
        + (chosen.isEmpty && share > 0 && !clips.isEmpty ? ", since every action has a single clip" : "")
    }
  }

  /// The most clips of a small set: one whose split takes no action from training, and parts by clip before it would. In a
  /// large one, subjects that do what nobody else does may be kept for evaluation.
  private static let small = 50

  /// The groups that come nearest to the share; `nil` if each choice takes all of an action from training.
  private static func choice(
    _ clips: [DatasetManifest.PreparedClip], _ share: Double, by key: (DatasetManifest.PreparedClip) -> String,
    keepingActions: Bool
  ) -> (groups: [String], clips: Set<String>)? {
    let groups = Dictionary(grouping: clips, by: key)
    let chosen = SplitChoice(groups, share: share, keepingActions: keepingActions).evaluation
    guard !chosen.isEmpty || share == 0 else { return nil }
    return (chosen, Set(chosen.flatMap { groups[$0] ?? [] }.map(\.name)))
  }
}

/// Which groups of clips to keep from training: those that come near the share of the frames and whose actions are
/// mixed like the rest's, so that what is measured is what was learnt.
private struct SplitChoice {
  private let names: [String]
  private let actions: [[Double]]
  private let total: [Double]
  private let share: Double
  /// Whether no choice may take all frames of an action.
  private let keepsActions: Bool

  init(_ groups: [String: [DatasetManifest.PreparedClip]], share: Double, keepingActions: Bool) {
    keepsActions = keepingActions
    // The hash's order breaks ties without favour.
    let names = groups.keys.map { (SHA256.hexadecimal(of: Array($0.utf8)), $0) }.sorted { $0 < $1 }.map(\.1)
    let labels = Set(groups.values.joined().map(\.action)).sorted()
    let place = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    let actions = names.map { name -> [Double] in
      var frames = [Double](repeating: 0, count: labels.count)
      for clip in groups[name] ?? [] { frames[place[clip.action] ?? 0] += Double(clip.frames) }
      return frames
    }
    total = labels.indices.map { label in actions.reduce(0) { $0 + $1[label] } }
    self.names = names
    self.actions = actions
    self.share = share
  }

  var evaluation: [String] {
    guard share > 0, names.count > 1 else { return [] }
    let chosen = names.count <= 12 ? best() : grown()
    return chosen.map { names[$0] }
  }

  /// The best of all choices.
  private func best() -> [Int] {
    var (best, least) = ([Int](), Double.infinity)
    for bits in 1..<(1 << names.count) - 1 {
      let chosen = names.indices.filter { bits >> $0 & 1 == 1 }
      let cost = cost(sum(chosen))
      if cost < least - 1e-12 { (best, least) = (chosen, cost) }
    }
    return best
  }

  /// One group after the other, each the one that helps most.
  private func grown() -> [Int] {
    var chosen: [Int] = []
    var frames = [Double](repeating: 0, count: total.count)
    var least = Double.infinity
    while chosen.count + 1 < names.count {
      let rest = names.indices.filter { !chosen.contains($0) }
      let costs = rest.map { (cost(zip(frames, actions[$0]).map(+)), $0) }
      guard let next = costs.min(by: { $0 < $1 }), next.0 < least - 1e-12 else { break }
      least = next.0
      chosen.append(next.1)
      frames = zip(frames, actions[next.1]).map(+)
    }
    return chosen
  }

  private func sum(_ chosen: [Int]) -> [Double] {
    total.indices.map { label in chosen.reduce(0) { $0 + actions[$1][label] } }
  }

  /// How far the share is off, in shares, and how much of the actions' mixture differs (total variation).
  private func cost(_ frames: [Double]) -> Double {
    let (all, kept) = (total.reduce(0, +), frames.reduce(0, +))
    guard kept > 0, kept < all else { return .infinity }
    if keepsActions, zip(total, frames).contains(where: { $0 > 0 && $1 >= $0 }) { return .infinity }
    let difference = zip(total, frames).reduce(0) { $0 + abs($1.1 / kept - ($1.0 - $1.1) / (all - kept)) }
    return abs(kept / all - share) / share + difference / 2
  }
}
