public import Foundation
public import Support

/// The origin of one clip: the clips it was made from, the models behind them, and their training sets.
public struct Ancestry: Sendable, Hashable, Codable {
  /// The clip, then the clips it was made from, back to the raw sample.
  public var clips: [ClipNode]
  /// The real window whose label and length were the prompt.
  public var prompt: String?
  /// The model that it was drawn from, then the models that it was fine-tuned from, back to generation 0.
  public var models: [ModelNode]
  /// The model that sampling was pushed away from (SIMS), or that the weights were (Neon).
  public var auxiliary: ModelNode?
  /// The run's inputs.
  public var run: RunRecord
  /// Whether the run's specification is unchanged.
  public var specification: Lineage.Condition

  /// A clip and its file.
  public struct ClipNode: Sendable, Hashable, Codable {
    /// The ledger's record.
    public var record: ClipRecord
    /// The choice among candidates that gave it, if there was one.
    public var choice: ChoiceRecord?
    /// Whether the file is unchanged.
    public var condition: Lineage.Condition
  }

  /// A model, its file, and its training set.
  public struct ModelNode: Sendable, Hashable, Codable {
    /// The ledger's record.
    public var record: ModelRecord
    /// Whether the file is unchanged.
    public var condition: Lineage.Condition
    /// The real windows of its training set.
    public var windows: [String]
    /// The synthetic clips of its training set.
    public var synthetic: [String]
  }

  /// Whether every file that is named is unchanged.
  public var isIntact: Bool {
    specification == .intact && clips.allSatisfy { $0.condition == .intact }
      && (models + [auxiliary].compactMap { $0 }).allSatisfy { $0.condition == .intact }
  }
}

extension Lineage {
  /// A clip's ancestors.
  ///
  /// - Throws: ``SurefootError`` for a file that cannot be read or that is not the run's.
  public func ancestry(of file: URL) throws(SurefootError) -> Ancestry {
    let (first, condition) = try clip(of: file)
    let choices = Dictionary(events.choices.map { ($0.id, $0) }) { first, _ in first }
    var nodes = [Ancestry.ClipNode(record: first, choice: choices[first.id], condition: condition)]
    var last = first
    while let parent = last.parents.first, let record = clips[parent], nodes.count < 100 {
      nodes.append(
        Ancestry.ClipNode(
          record: record, choice: choices[record.id],
          condition: self.condition(of: record.file, sha256: record.sha256)))
      last = record
    }
    var chain: [Ancestry.ModelNode] = []
    var next = model(last.model, arm: last.arm)
    while let record = next, chain.count < 100_000 {
      chain.append(node(record))
      next = record.parent.flatMap { model($0, arm: record.arm) }
    }
    let auxiliary = (last.auxiliary ?? chain.first?.record.auxiliary).flatMap { model($0, arm: last.arm) }
    return Ancestry(
      clips: nodes, prompt: last.parents.first, models: chain, auxiliary: auxiliary.map(node), run: record,
      specification: self.condition(of: "spec.yaml", sha256: record.specification))
  }

  /// The model of a hash. Of several with equal weights, the arm's is preferred.
  private func model(_ sha256: String, arm: String?) -> ModelRecord? {
    let same = models.filter { $0.sha256 == sha256 }
    return same.first { $0.arm == arm } ?? same.first { $0.arm == nil } ?? same.first
  }

  private func node(_ model: ModelRecord) -> Ancestry.ModelNode {
    let isBase = model.id == ClipStore.path(arm: model.arm, generation: model.generation)
    let mix = isBase ? mixes.first { $0.arm == model.arm && $0.generation == model.generation } : nil
    let windows: [String]
    if let mix {
      windows = mix.windows ?? record.windows
    } else {
      // Generation 0 learns from the run's windows; auxiliaries and extrapolated weights from nothing real.
      windows = model.generation == 0 && isBase ? record.windows : []
    }
    return Ancestry.ModelNode(
      record: model, condition: condition(of: model.file, sha256: model.sha256), windows: windows,
      synthetic: mix?.synthetic ?? [])
  }
}
