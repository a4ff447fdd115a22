public import Evaluation
import Foundation
public import Generations
public import Support

/// The figures of a run that has no results yet: what its ledger says was measured.
struct UnfinishedRun {
  let folder: URL
  let events: [LedgerEvent]

  func results() throws(SurefootError) -> RunResults {
    var generations: [GenerationMetrics] = []
    var windows = 0
    for event in events {
      switch event {
      case .run(let record): windows = record.windows.count
      case .evaluation(let record): generations.append(try metrics(record))
      default: break
      }
    }
    guard let shared = generations.first(where: { $0.arm == nil }), let set = try? set() else {
      throw SurefootError(
        file: folder.path, message: "has no measured generation yet",
        suggestion: "wait for it, or go on with `surefoot loop`"
      )
    }
    var arms: [RunResults.ArmResults] = []
    for metrics in generations {
      guard let name = metrics.arm else { continue }
      if let index = arms.firstIndex(where: { $0.name == name }) {
        arms[index].generations.append(metrics)
      } else {
        arms.append(.init(name: name, generations: [metrics]))
      }
    }
    let specification = try? String(contentsOf: folder.appendingPathComponent("spec.yaml"), encoding: .utf8)
    return RunResults(
      name: folder.lastPathComponent, specification: specification ?? "", trainingWindows: windows,
      evaluationWindows: set.windows.count, real: set.real, realAgainstReal: set.realAgainstReal, shared: shared,
      arms: arms)
  }

  private func set() throws -> EvaluationSet {
    try EvaluationSet.load(from: folder.appendingPathComponent("evaluation-set.json"))
  }

  private func metrics(_ record: EvaluationRecord) throws(SurefootError) -> GenerationMetrics {
    let file = folder.appendingPathComponent(record.file)
    do {
      return try JSONDecoder().decode(GenerationMetrics.self, from: try Data(contentsOf: file))
    } catch {
      throw SurefootError(
        file: file.path, message: "is not there or holds no figures (\(error.localizedDescription))",
        suggestion: "go on with `surefoot loop`: it is measured again")
    }
  }
}
