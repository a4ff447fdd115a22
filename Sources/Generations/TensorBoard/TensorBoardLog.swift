public import Evaluation
public import Foundation
public import Support

/// A run's figures as TensorBoard event files: one folder for each arm, one scalar for each figure, the
/// generation as the step.
///
///     try TensorBoardLog.write(results, to: folder.appendingPathComponent("tensorboard"))
///
/// The files are rewritten from the results each time, so that a run that was resumed does not show its curves twice. The
/// arms' curves begin at generation 0, which they share; `real` holds the figures of the real training windows.
public enum TensorBoardLog {
  /// Writes `ARM/events.out.tfevents.…` for every arm and for `real`.
  ///
  /// - Parameter time: The time of all events [s since 1970]; the same results and time give the same bytes.
  /// - Throws: ``SurefootError`` if a file cannot be written.
  public static func write(
    _ results: RunResults, to folder: URL, time: Double = Date().timeIntervalSince1970
  ) throws(SurefootError) {
    try write(
      [results.shared] + results.arms.flatMap(\.generations), real: results.realAgainstReal, to: folder, time: time)
  }

  /// Writes what has been measured so far.
  ///
  /// - Parameters:
  ///   - generations: Measured generations of any arms; those without an arm begin every curve.
  ///   - real: What real training windows score, if it is known yet.
  public static func write(
    _ generations: [GenerationMetrics], real: SetReport?, to folder: URL,
    time: Double = Date().timeIntervalSince1970
  ) throws(SurefootError) {
    if let real {
      var file = EventFile(time: time)
      for step in Set([0, generations.map(\.generation).max() ?? 0]).sorted() { add(real, to: &file, step, time) }
      try save(file, folder, "real")
    }
    let shared = generations.filter { $0.arm == nil }
    let arms = Dictionary(grouping: generations.filter { $0.arm != nil }) { $0.arm ?? "" }
    for (name, own) in arms.sorted(by: { $0.key < $1.key }) {
      var file = EventFile(time: time)
      for generation in shared + own {
        add(generation.samples, to: &file, generation.generation, time)
        if let synthetic = generation.synthetic { add(synthetic, to: &file, generation.generation, time) }
      }
      try save(file, folder, name)
    }
  }

  private static func add(_ report: SetReport, to file: inout EventFile, _ step: Int, _ time: Double) {
    for figure in Figure.allCases {
      guard let estimate = report[figure] else { continue }
      let group = Figure.physics.contains(figure) ? "physics" : "sets"
      file.add(estimate.value, tag: "\(group)/\(figure.rawValue)", step: step, time: time)
      file.add(estimate.lower, tag: "intervals/\(figure.rawValue) lower", step: step, time: time)
      file.add(estimate.upper, tag: "intervals/\(figure.rawValue) upper", step: step, time: time)
    }
  }

  private static func add(_ synthetic: SyntheticMetrics, to file: inout EventFile, _ step: Int, _ time: Double) {
    for (name, count) in [("drawn", synthetic.drawn), ("used", synthetic.used), ("rejected", synthetic.rejected)] {
      file.add(Double(count), tag: "synthetic/\(name)", step: step, time: time)
    }
    if let reward = synthetic.chosenReward { file.add(reward, tag: "synthetic/chosen reward", step: step, time: time) }
  }

  private static func save(_ file: EventFile, _ folder: URL, _ name: String) throws(SurefootError) {
    try AtomicFile.write(
      file.data, to: folder.appendingPathComponent(name).appendingPathComponent("events.out.tfevents.0.surefoot"))
  }
}
