public import Foundation
public import Support

/// Answers where a run's files come from, and whether they are unchanged, from its ledger.
///
///     let lineage = try Lineage(run: Lineage.run(of: file))
///     let ancestry = try lineage.ancestry(of: file)
///
/// Every file that is named is read again and its hash compared with the recorded one.
public struct Lineage: Sendable {
  /// The run's folder.
  public let run: URL
  let events: [LedgerEvent]
  let chain: LedgerChain
  let record: RunRecord
  let clips: [String: ClipRecord]
  let models: [ModelRecord]
  let mixes: [MixRecord]

  /// Whether a file still has the bytes that were recorded.
  public enum Condition: String, Sendable, Hashable, Codable {
    /// The file has the recorded hash.
    case intact
    /// The file has other bytes.
    case altered
    /// There is no such file.
    case missing
  }

  /// The lineage of a run's folder.
  ///
  /// - Throws: ``SurefootError`` if there is no ledger, or one that cannot be read.
  public init(run: URL) throws(SurefootError) {
    self.run = run
    (events, chain) = try Ledger.verified(run.appendingPathComponent("ledger.jsonl"))
    guard let record = events.run else {
      throw SurefootError(
        file: run.appendingPathComponent("ledger.jsonl").path, message: "holds no run yet",
        suggestion: "start the run with `surefoot loop`")
    }
    self.record = record
    clips = Dictionary(events.clips.map { ($0.id, $0) }) { first, _ in first }
    models = events.models
    mixes = events.mixes
  }

  /// The folder of the run that a file lies in: the nearest above it that holds a ledger.
  ///
  /// - Throws: ``SurefootError`` if there is none.
  public static func run(of file: URL) throws(SurefootError) -> URL {
    var folder = file.standardizedFileURL.deletingLastPathComponent()
    while folder.path != "/" && !folder.path.isEmpty {
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent("ledger.jsonl").path) { return folder }
      folder = folder.deletingLastPathComponent()
    }
    throw SurefootError(
      file: file.path, message: "lies in no run's folder (no ledger.jsonl above it)",
      suggestion: "name the run that it was made in with --run")
  }

  /// Whether a recorded file is unchanged.
  func condition(of path: String, sha256: String) -> Condition {
    guard FileManager.default.fileExists(atPath: run.appendingPathComponent(path).path) else { return .missing }
    guard let url = try? FilePlace.inside(run, path) else { return .altered }
    return (try? SHA256.hexadecimal(ofFile: url)) == sha256 ? .intact : .altered
  }

  /// The record of a clip's file: by its path in the run, else by its content (a copy, or a file that was moved).
  func clip(of file: URL) throws(SurefootError) -> (record: ClipRecord, condition: Condition) {
    let hash = try SHA256.hexadecimal(ofFile: file)
    let root = run.standardizedFileURL.resolvingSymlinksInPath().path + "/"
    let path = file.standardizedFileURL.resolvingSymlinksInPath().path
    if path.hasPrefix(root), let found = clips.values.first(where: { $0.file == path.dropFirst(root.count) }) {
      return (found, found.sha256 == hash ? .intact : .altered)
    }
    let same = clips.values.filter { $0.sha256 == hash }.sorted { $0.id < $1.id }
    if let found = same.first { return (found, .intact) }
    throw SurefootError(
      file: file.path,
      message: "is in no line of \(run.appendingPathComponent("ledger.jsonl").path), by name or content",
      suggestion: "name a clip of this run as it was written, or its own run with --run")
  }

  /// The recorded files that are missing or changed, in the ledger's order.
  public func damages() -> [(path: String, condition: Condition)] {
    var damages: [(path: String, condition: Condition)] = []
    let condition = condition(of: "spec.yaml", sha256: record.specification)
    if condition != .intact { damages.append(("spec.yaml", condition)) }
    for event in events {
      guard let file = event.file else { continue }
      let condition = self.condition(of: file.path, sha256: file.sha256)
      if condition != .intact { damages.append((file.path, condition)) }
    }
    return damages
  }

  /// The ledger's first line that does not follow from the one before, from 1; `nil` if none was altered, added, doubled
  /// or removed.
  public var brokenLine: Int? { chain.firstBreak }

  /// How many of the ledger's lines an earlier version wrote, which did not chain them.
  public var unchainedLines: Int { chain.unchained }

  /// The hash of the ledger's last line, which stands for all lines before it.
  public var lastHash: String { chain.last ?? "" }

  /// The number of files that the ledger records.
  public var fileCount: Int { 1 + events.count { $0.file != nil } }

  /// Whether the run has ended.
  public var hasEnded: Bool { events.hasEnded }
}
