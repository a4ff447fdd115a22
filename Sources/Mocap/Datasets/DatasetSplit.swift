/// Parts clips into train and evaluation, the same way on every machine.
struct DatasetSplit {
  /// How it was done, in words.
  var rule: String
  /// The clips kept from training, by name.
  var evaluation: Set<String>

  init(_ clips: [DatasetManifest.PreparedClip], _ evaluation: DatasetOptions.Evaluation) throws(FileError) {
    let subjects = Set(clips.map(\.subject))
    switch evaluation {
    case .subjects(let wanted):
      let unknown = wanted.filter { !subjects.contains($0) }
      guard unknown.isEmpty else {
        throw FileError(
          file: "--evaluation-subjects", problem: "no clip is of subject \(unknown.joined(separator: ", "))",
          mend: "choose among \(subjects.sorted().joined(separator: ", "))")
      }
      rule = "by subject: \(wanted.sorted().joined(separator: ", ")) kept for evaluation"
      self.evaluation = Set(clips.filter { wanted.contains($0.subject) }.map(\.name))
    case .share(let share):
      let isBySubject = subjects.count > 1 && !subjects.contains("")
      let groups = Dictionary(grouping: clips) { isBySubject ? $0.subject : $0.name }
      let chosen = DatasetSplit.choose(groups.mapValues { $0.reduce(0) { $0 + $1.frames } }, share: share)
      self.evaluation = Set(chosen.flatMap { groups[$0] ?? [] }.map(\.name))
      rule =
        isBySubject
        ? "by subject: \(chosen.sorted().joined(separator: ", ")) kept for evaluation"
        : "by clip, since "
          + (subjects.contains("") ? "subjects are not all known" : "there is only one subject")
          + ": \(chosen.count) of \(clips.count) kept for evaluation"
    }
  }

  /// Groups in the order of their names' hashes, each taken if that brings the share of frames nearer.
  private static func choose(_ frames: [String: Int], share: Double) -> [String] {
    let total = Double(frames.values.reduce(0, +))
    let order = frames.keys.map { (SHA256.hexadecimal(of: Array($0.utf8)), $0) }.sorted { $0 < $1 }.map(\.1)
    var (chosen, sum) = ([String](), 0.0)
    for name in order where chosen.count + 1 < frames.count {
      let next = sum + Double(frames[name] ?? 0)
      if abs(next - share * total) < abs(sum - share * total) {
        chosen.append(name)
        sum = next
      }
    }
    return chosen
  }
}
