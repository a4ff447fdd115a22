public import Datasets
public import Kinematics
import Randomness
import Support

/// A run's real motion, both sides of the split.
public struct LoopData: Sendable {
  /// The windows that models learn from.
  public var training: [TrainingClip]
  /// The windows that figures are measured against; no model is trained on them.
  public var evaluation: [TrainingClip]
  /// The dataset's hash, by which the ledger names it.
  public var sha256: String

  /// Data from any source; use ``init(_:mirrored:shortest:motion:)`` for a prepared dataset.
  public init(training: [TrainingClip], evaluation: [TrainingClip], sha256: String) {
    self.training = training
    self.evaluation = evaluation
    self.sha256 = sha256
  }

  /// A prepared dataset's windows.
  ///
  /// - Parameters:
  ///   - mirrored: Whether mirrored training windows are included.
  ///   - shortest: The fewest frames that the model can learn from; shorter training windows are left out.
  ///   - motion: Cuts a window's motion from its clip.
  public init(
    _ dataset: MotionDataset, mirrored: Bool, shortest: Int = 2, motion: (MotionWindow) throws -> Motion
  ) rethrows {
    func clips(_ split: Split) throws -> [TrainingClip] {
      try dataset.windows(in: split).filter {
        split == .evaluation || ((mirrored || !$0.mirrored) && $0.frames >= shortest)
      }.map {
        TrainingClip(id: $0.id, motion: try motion($0), action: $0.action, source: $0.clip)
      }
    }
    self.init(training: try clips(.train), evaluation: try clips(.evaluation), sha256: dataset.sha256)
  }

  /// The indices of the training windows that a specification asks for, drawn by its seed, in the dataset's order.
  func chosen(_ specification: RunSpecification) throws(SurefootError) -> [Int] {
    let count = specification.data.windows
    guard !training.isEmpty else { throw .noData("the dataset has no training windows") }
    guard count > 0 else { return Array(training.indices) }
    guard count <= training.count else {
      throw .noData("data.windows asks for \(count) training windows and the dataset has \(training.count)")
    }
    var random = SeededGenerator(seed: Seed.derive(specification.seed, "windows"))
    return training.indices.shuffled(using: &random).prefix(count).sorted()
  }

  /// The most windows of other clips that figures are measured against.
  static let maxOtherWindows = 600

  /// The windows that figures are measured against, in the dataset's order.
  ///
  /// - Parameter chosen: The indices of the training windows that models learn from.
  func measured(against windows: EvaluationWindows, seed: UInt64, besides chosen: [Int]) throws(SurefootError)
    -> [TrainingClip]
  {
    guard windows == .otherClips else { return evaluation }
    let learned = Set(chosen.map { training[$0].source })
    let others = training.indices.filter {
      !training[$0].source.isEmpty && !learned.contains(training[$0].source)
    }
    guard others.count > 1 else {
      throw .noData("evaluation.windows is other-clips, and the n training windows leave no clip untouched")
    }
    var random = SeededGenerator(seed: Seed.derive(seed, "other clips"))
    return others.shuffled(using: &random).prefix(LoopData.maxOtherWindows).sorted().map { training[$0] }
  }
}
