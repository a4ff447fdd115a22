public import Datasets
public import Kinematics
public import Randomness
public import Support

/// A run's real motion, both sides of the split.
public struct LoopData: Sendable {
  /// What models learn from.
  public var training: [TrainingClip]
  /// What figures are measured against; never trained on.
  public var evaluation: [TrainingClip]
  /// The dataset's hash.
  public var sha256: String

  /// Data by its parts.
  public init(training: [TrainingClip], evaluation: [TrainingClip], sha256: String) {
    self.training = training
    self.evaluation = evaluation
    self.sha256 = sha256
  }

  /// A dataset's windows.
  ///
  /// - Parameters:
  ///   - mirrored: Whether mirrored training windows are taken.
  ///   - shortest: The fewest frames that the model can learn from: shorter training windows are left out.
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

  /// The places of the training windows that a specification asks for, drawn by its seed, in the dataset's order.
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
  static let mostOtherWindows = 600

  /// The windows that a specification has figures measured against, in the dataset's order.
  ///
  /// - Parameter chosen: The places of the training windows that models learn from.
  func measured(against windows: EvaluationWindows, seed: UInt64, besides chosen: [Int]) throws(SurefootError)
    -> [TrainingClip]
  {
    guard windows == .otherClips else { return evaluation }
    let learnt = Set(chosen.map { training[$0].source })
    let others = training.indices.filter {
      !training[$0].source.isEmpty && !learnt.contains(training[$0].source)
    }
    guard others.count > 1 else {
      throw .noData("evaluation.windows is other-clips, and the n training windows leave no clip untouched")
    }
    var random = SeededGenerator(seed: Seed.derive(seed, "other clips"))
    return others.shuffled(using: &random).prefix(LoopData.mostOtherWindows).sorted().map { training[$0] }
  }
}

/// What a loop tells while it runs.
public enum LoopEvent: Sendable {
  /// A sentence.
  case note(String)
  /// Progress of the present step.
  case progress(step: String, done: Int, total: Int, unit: String, detail: String)
  /// A generation is done and measured.
  case measured(GenerationMetrics)
}
