import Charts
import Evaluation
import Foundation
import Generations
import Reporting
import Support
import SurefootCommands

/// A run's figures for the terminal: a few of them; the report has all.
enum LoopTables {
  private static let columns: [Figure] = [
    .fid, .fidKinetic, .coverage, .diversity, .penetrate, .float, .skate, .residualWrench,
  ]

  /// A row for real motion, for generation 0, and for each generation of each arm; then what was made of the clips.
  static func text(of results: RunResults) -> String {
    var table = TextTable(["set", "gen"] + columns.map(\.title), keys: 2)
    func add(_ name: String, _ generation: String, _ report: SetReport) {
      table.add([name, generation] + columns.map { figure in report[figure].map { Numbers.short($0.value) } ?? "" })
    }
    add("real: evaluation", "", results.real)
    add("real: training", "", results.realAgainstReal)
    add("all arms", "0", results.shared.samples)
    for arm in results.arms {
      for generation in arm.generations { add(arm.name, String(generation.generation), generation.samples) }
    }
    let clips = synthetic(results)
    return table.text(width: Console.width)
      + (clips.isEmpty ? "" : "\n\nSynthetic clips that were trained on:\n" + clips)
  }

  private static func synthetic(_ results: RunResults) -> String {
    let shown: [Figure] = [.physErr, .penetrate, .float, .skate, .residualWrench, .skeletonPenetration]
    var table = TextTable(["arm", "gen", "clips", "drawn", "used", "rejected"] + shown.map(\.title), keys: 3)
    var isEmpty = true
    for arm in results.arms {
      for generation in arm.generations {
        guard let clips = generation.synthetic else { continue }
        for (kind, figures) in [("raw", clips.raw), ("corrected", clips.corrections)] where !figures.isEmpty {
          isEmpty = false
          let counts = [clips.drawn, clips.used, clips.rejected].map(String.init)
          table.add(
            [arm.name, String(generation.generation), kind] + counts
              + shown.map { figure in figures[figure].map { Numbers.short($0.value) } ?? "" })
        }
      }
    }
    return isEmpty ? "" : table.text(width: Console.width)
  }

  /// One measured generation in a line.
  static func line(of metrics: GenerationMetrics) -> String {
    let figures = [Figure.fid, .fidKinetic, .coverage, .physErr].compactMap { figure in
      metrics.samples[figure].map { "\(figure.title) \(Numbers.short($0.value))" }
    }
    return "\(metrics.arm ?? "all arms") generation \(metrics.generation): \(figures.joined(separator: ", "))"
  }

  /// The folders that hold a run's BVH files.
  static func folders(of results: RunResults, in folder: URL) -> [String] {
    let shared = folder.appendingPathComponent("generation-000/evaluation").path
    return [shared]
      + results.arms.flatMap { arm in
        ["samples", "corrected", "rejected", "evaluation"].compactMap { kind in
          let pattern = "\(arm.name)/generation-001/\(kind)"
          guard FileManager.default.fileExists(atPath: folder.appendingPathComponent(pattern).path) else { return nil }
          return folder.appendingPathComponent("\(arm.name)/generation-*/\(kind)").path
        }
      }
  }
}
