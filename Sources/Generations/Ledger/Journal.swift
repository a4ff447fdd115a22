import Foundation
import Support

/// Replays a run against its ledger: steps that are recorded are skipped, and the first that is not is done.
///
/// A run is a fixed sequence of steps, each of which names the events that it will record. A step's work must give the
/// same events and files whenever it is done, so that it can be repeated after a kill. The events that the run began,
/// ended or was extended are no steps and may lie anywhere between them.
final class Journal {
  private let ledger: Ledger
  private let store: ClipStore
  private let lock: FolderLock?
  private let note: (String) -> Void
  /// The recorded steps, with their line numbers in the ledger.
  private let steps: [(line: Int, event: LedgerEvent)]
  private var position = 0

  /// - Parameters:
  ///   - lock: The right to write to the ledger, looked at before each line.
  ///   - note: Receives a sentence for each recorded file that is missing or damaged, before it is made again.
  init(ledger: Ledger, store: ClipStore, lock: FolderLock? = nil, note: @escaping (String) -> Void) {
    self.ledger = ledger
    self.store = store
    self.lock = lock
    self.note = note
    steps = ledger.recorded.enumerated().compactMap { $1.isStep ? ($0 + 1, $1) : nil }
  }

  /// Takes one step: its recorded events if their files are intact, the events of `work` otherwise.
  ///
  /// All events of a step are written with one flush. A kill within it leaves whole lines and at most one torn line.
  ///
  /// - Parameter identities: The events that the step records, in order.
  func step(
    _ identities: [EventIdentity], work: () async throws -> [LedgerEvent]
  ) async throws -> [LedgerEvent] {
    let known = try recordedPrefix(of: identities)
    let damaged = known.filter { !store.holds($0) }.compactMap(\.file?.path)
    if known.count == identities.count, damaged.isEmpty {
      position += known.count
      return known
    }
    for file in damaged.prefix(5) {
      let state = store.exists(file) ? "is damaged" : "is missing"
      note("\(store.url(file).path) \(state): made again")
    }
    if damaged.count > 5 { note("and \(damaged.count - 5) other files of that step: made again") }
    try Task.checkCancellation()
    let events = try await work()
    precondition(events.map(\.identity) == identities, "a step records the events that it announced")
    if let index = known.indices.first(where: { known[$0] != events[$0] }) {
      throw SurefootError(
        file: ledger.url.path, line: steps[position + index].line,
        message: "\(known[index].identity), done again, came out differently",
        suggestion: "take the run up on the machine and with the version that began it, or start anew in another folder"
      )
    }
    try append(Array(events[known.count...]))
    position += events.count
    return events
  }

  /// Takes a step that makes clips. They carry their motions if they were made just now, and none if they were recorded.
  func clips(_ ids: [String], work: () async throws -> [StoredClip]) async throws -> [StoredClip] {
    var made: [StoredClip]?
    let events = try await step(ids.map { .clip(id: $0) }) {
      let clips = try await work()
      made = clips
      return clips.map { .clip($0.record) }
    }
    return made ?? events.clips.map { StoredClip(record: $0, motion: nil) }
  }

  /// Takes a step that trains a network.
  func model(_ id: String, work: () async throws -> ModelRecord) async throws -> ModelRecord {
    let events = try await step([.model(id: id)]) { [.model(try await work())] }
    guard case .model(let record) = events[0] else { preconditionFailure("the step's identity is a model's") }
    return record
  }

  /// Records an event that takes no work, unless it is recorded already.
  func record(_ event: LedgerEvent) throws {
    let known = try recordedPrefix(of: [event.identity])
    if known.isEmpty { try append([event]) }
    position += 1
  }

  /// Records the run's inputs or its end, unless the last recorded event of that kind is the same.
  func mark(_ event: LedgerEvent) throws {
    guard ledger.recorded.last(where: { $0.identity == event.identity }) != event else { return }
    try append([event])
  }

  private func append(_ events: [LedgerEvent]) throws {
    try lock?.check()
    try ledger.append(events)
  }

  /// The recorded events at the present position that are the step's first ones.
  private func recordedPrefix(of identities: [EventIdentity]) throws(SurefootError) -> [LedgerEvent] {
    let known = steps.dropFirst(position).prefix(identities.count)
    for (entry, identity) in zip(known, identities) where entry.event.identity != identity {
      throw SurefootError(
        file: ledger.url.path, line: entry.line,
        message: "holds \(entry.event.identity) where this run has \(identity)",
        suggestion: "the folder belongs to another run; name another with -o")
    }
    return known.map(\.event)
  }
}
