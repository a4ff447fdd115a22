import Correctors
import Evaluation
public import Foundation
public import Generations
import Kinematics
import MotionFormats
public import Support

/// A run's folder as a report reads it: figures, ledger, the commands that were given, and clips.
///
///     let run = try RunFolder.load(URL(fileURLWithPath: "runs/mine"))
///     print(run.results.arms.map(\.name), run.isFinished)
///
/// A run that is still going on, or was interrupted, gives the generations that were measured.
public struct RunFolder: Sendable {
  /// The figures.
  public var results: RunResults
  /// The ledger's events, in its order.
  public var events: [LedgerEvent]
  /// The commands that worked on the run, oldest first.
  public var commands: [CommandRecord]
  /// Whether the run came to its end.
  public var isFinished: Bool
  /// Where its clips are; none for results alone.
  public var folder: URL?
  /// What is not as the ledger says, a sentence each: altered or missing files, and the first line that breaks the chain.
  public var damages: [String] = []
  /// The prepared dataset that it was trained on, if it is known: a report shows its motions beside the run's.
  public var data: URL?

  /// A run that is not read from a folder.
  package init(
    results: RunResults, events: [LedgerEvent] = [], commands: [CommandRecord] = [], isFinished: Bool = true,
    folder: URL? = nil
  ) {
    self.results = results
    self.events = events
    self.commands = commands
    self.isFinished = isFinished
    self.folder = folder
  }

  /// Reads a run's folder, finished or not.
  ///
  /// - Throws: ``SurefootError`` if it is no run's folder, or nothing has been measured in it.
  public static func load(_ folder: URL) throws(SurefootError) -> RunFolder {
    let ledger = folder.appendingPathComponent("ledger.jsonl")
    guard FileManager.default.fileExists(atPath: ledger.path) else {
      throw SurefootError(
        file: folder.path, message: "is not the folder of a run: it has no ledger.jsonl",
        suggestion: "give the folder that `surefoot loop -o` wrote")
    }
    let events = try Ledger.events(in: ledger)
    let file = folder.appendingPathComponent("results.json")
    let isFinished = events.hasEnded && FileManager.default.fileExists(atPath: file.path)
    let results =
      isFinished ? try RunResults.load(from: folder) : try UnfinishedRun(folder: folder, events: events).results()
    let commands = CommandRecord.load(from: folder)
    var run = RunFolder(
      results: results, events: events, commands: commands, isFinished: isFinished, folder: folder)
    let lineage = try Lineage(run: folder)
    if let line = lineage.brokenLine {
      run.damages.append(
        "Line \(line) of ledger.jsonl does not follow from the line before: it was altered, added or removed.")
    }
    run.damages += lineage.damages().map { "\($0.path) is \($0.condition.rawValue)." }
    run.data = commands.reversed().lazy.compactMap { $0.value(of: "--data") }.first.map { URL(fileURLWithPath: $0) }
    return run
  }

  /// The clips that the ledger names, in its order.
  var clips: [ClipRecord] {
    events.compactMap { if case .clip(let record) = $0 { record } else { nil } }
  }

  /// The trained models, the motion encoder left out.
  var models: [ModelRecord] {
    events.compactMap { event in
      if case .model(let record) = event, record.id != "encoder" { record } else { nil }
    }
  }

  /// The run's inputs.
  var record: RunRecord? { events.run }

  /// Every correction with the sample that it corrects.
  var corrections: [(sample: ClipRecord, correction: ClipRecord)] {
    let samples = Dictionary(clips.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return clips.compactMap { clip in
      guard clip.purpose == .correction, let parent = clip.parents.first, let sample = samples[parent] else {
        return nil
      }
      return (sample, clip)
    }
  }

  /// A clip's motion, if its file can be read.
  func motion(of clip: ClipRecord) -> Motion? {
    guard let folder else { return nil }
    guard let file = try? FilePlace.inside(folder, clip.file),
      let motion = try? MotionFile.reading(contentsOf: file).clip.motion, motion.count > 0, motion.isFinite
    else { return nil }
    return motion
  }
}

extension ClipRecord {
  /// Why it was rejected; none if it was not.
  var rejection: String? {
    if case .rejected(let reason)? = verdict { reason } else { nil }
  }
}

/// The figures of a run that has no results yet: those that its ledger records as measured.
private struct UnfinishedRun {
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
        suggestion: "wait for it, or continue it with `surefoot loop`"
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
    let file = try FilePlace.inside(folder, record.file)
    let data = try Data(readingFile: file)
    do {
      return try JSONDecoder().decode(GenerationMetrics.self, from: data)
    } catch {
      throw SurefootError(
        file: file.path, message: "holds no figures",
        suggestion: "continue with `surefoot loop`: it is measured again")
    }
  }
}
