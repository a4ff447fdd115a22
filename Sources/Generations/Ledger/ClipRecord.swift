public import Correctors
public import Dynamics

/// A clip of a run, as the ledger records it.
public struct ClipRecord: Sendable, Hashable {
  /// Why a clip was made.
  public enum Purpose: String, Sendable, Hashable, Codable {
    /// Drawn for a training set.
    case sample
    /// The correction of a sample.
    case correction
    /// The correction of a real window, for a corrector that learns what others do to real motion.
    case realCorrection = "real-correction"
    /// Drawn to evaluate a model.
    case evaluation
  }
  /// Unique in the run.
  public var id: String
  /// Why it was made.
  public var purpose: Purpose
  /// What it was made from: the id of the real window whose prompt it took, or of the sample that was corrected.
  public var parents: [String]
  /// The hash of the model that it was drawn from; empty for a real window's correction.
  public var model: String
  /// The arm; `nil` for clips that all arms share.
  public var arm: String?
  /// The generation.
  public var generation: Int
  /// The index of its prompt among the prompts of its sampling, from 0; a correction has the index of its sample.
  public var index = 0
  /// The action label of its prompt.
  public var action: String
  /// The number of frames.
  public var frames: Int
  /// The seed of the sampling or the correction. A sample's noise depends on this seed and its index; for a chosen candidate
  /// the index is that among all candidates.
  public var seed: UInt64
  /// The file, relative to the run's folder.
  public var file: String
  /// The SHA-256 of the file's bytes.
  public var sha256: String
  /// The corrector's name and version.
  public var corrector: String?
  /// The corrector's verdict.
  public var verdict: Verdict?
  /// Mean distance of the joints to the sample's [mm].
  public var mpjpe: Double?
  /// The hash of the auxiliary model that sampling was pushed away from (SIMS).
  public var auxiliary: String?
  /// Its physics.
  public var metrics: PlausibilityMetrics

  /// Whether the clip is no rejected correction.
  var isUsable: Bool { verdict?.isUsable ?? true }
}

/// The keys are the properties' names. The verdict is written as its description, `rejected (reason)`.
extension ClipRecord: Codable {
  private enum CodingKeys: CodingKey {
    case id, purpose, parents, model, arm, generation, index, action, frames, seed, file, sha256, corrector, verdict
    case mpjpe, auxiliary, metrics
  }

  /// Reads a record; the index of a run that was written before there was one is the number at the end of the id.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let id = try values.decode(String.self, forKey: .id)
    let digits = id.reversed().drop { $0 == "c" }.prefix { $0.isNumber }.reversed()
    self.init(
      id: id, purpose: try values.decode(Purpose.self, forKey: .purpose),
      parents: try values.decode([String].self, forKey: .parents),
      model: try values.decode(String.self, forKey: .model), arm: try values.decodeIfPresent(String.self, forKey: .arm),
      generation: try values.decode(Int.self, forKey: .generation),
      index: try values.decodeIfPresent(Int.self, forKey: .index) ?? Int(String(digits)) ?? 0,
      action: try values.decode(String.self, forKey: .action), frames: try values.decode(Int.self, forKey: .frames),
      seed: try values.decode(UInt64.self, forKey: .seed), file: try values.decode(String.self, forKey: .file),
      sha256: try values.decode(String.self, forKey: .sha256),
      corrector: try values.decodeIfPresent(String.self, forKey: .corrector),
      verdict: try values.decodeIfPresent(String.self, forKey: .verdict).map(Verdict.init(recorded:)),
      mpjpe: try values.decodeIfPresent(Double.self, forKey: .mpjpe),
      auxiliary: try values.decodeIfPresent(String.self, forKey: .auxiliary),
      metrics: try values.decode(PlausibilityMetrics.self, forKey: .metrics))
  }

  /// Writes a record.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(id, forKey: .id)
    try values.encode(purpose, forKey: .purpose)
    try values.encode(parents, forKey: .parents)
    try values.encode(model, forKey: .model)
    try values.encodeIfPresent(arm, forKey: .arm)
    try values.encode(generation, forKey: .generation)
    try values.encode(index, forKey: .index)
    try values.encode(action, forKey: .action)
    try values.encode(frames, forKey: .frames)
    try values.encode(seed, forKey: .seed)
    try values.encode(file, forKey: .file)
    try values.encode(sha256, forKey: .sha256)
    try values.encodeIfPresent(corrector, forKey: .corrector)
    try values.encodeIfPresent(verdict?.description, forKey: .verdict)
    try values.encodeIfPresent(mpjpe, forKey: .mpjpe)
    try values.encodeIfPresent(auxiliary, forKey: .auxiliary)
    try values.encode(metrics, forKey: .metrics)
  }
}

extension Verdict {
  /// The verdict of a description; a text that is none of them is a rejection with that reason.
  fileprivate init(recorded text: String) {
    switch text {
    case "corrected": self = .corrected
    case "unchanged": self = .unchanged
    default:
      let (start, end) = ("rejected (", ")")
      let isWhole = text.hasPrefix(start) && text.hasSuffix(end)
      self = .rejected(reason: isWhole ? String(text.dropFirst(start.count).dropLast(end.count)) : text)
    }
  }
}
