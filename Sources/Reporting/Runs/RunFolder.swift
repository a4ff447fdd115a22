import Correctors
public import Foundation
public import Generations
public import Kinematics
public import MotionFormats
public import Support

/// A run's folder as a report reads it: figures, ledger, the commands that were given, and clips.
///
/// A run that is still going on, or was broken off, gives the generations that were measured.
public struct RunFolder: Sendable {
  /// The figures.
  public var results: RunResults
  /// What the ledger tells.
  public var events: [LedgerEvent]
  /// The commands that worked on the run, oldest first.
  public var commands: [CommandRecord]
  /// Whether the run came to its end.
  public var isFinished: Bool
  /// Where its clips are; none for results alone.
  public var folder: URL?
  /// The prepared dataset that it was trained on, if it is known: its motions are shown beside the run's.
  public var data: URL?

  /// A run by its parts.
  public init(
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
        file: folder.path, message: "is no run's folder: it has no ledger.jsonl",
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

  /// What the run is made of.
  var record: RunRecord? { events.run }

  /// Every correction with the sample that it was made of.
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
    let file = folder.appendingPathComponent(clip.file)
    guard let motion = try? MotionFile.reading(contentsOf: file).clip.motion, motion.count > 0, motion.isFinite else {
      return nil
    }
    return motion
  }
}

extension ClipRecord {
  /// Why it was rejected; none if it was not.
  var rejection: String? {
    if case .rejected(let reason)? = verdict { reason } else { nil }
  }
}
