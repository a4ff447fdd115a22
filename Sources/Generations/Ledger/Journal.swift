import Foundation
public import Support

/// Plays a run against its ledger: steps that are recorded are passed by, the first that is not is done, and so on.
///
/// A run is a fixed sequence of steps, each of which names the events it will record. A step's work must give the same
/// events and files whenever it is done, so that it may be done again after a kill in its midst. That a run was begun,
/// ended or lengthened is no step: it is passed by wherever it stands.
final class Journal {
  fileprivate let ledger: Ledger
  /// What is recorded of steps, and the lines that hold it.
  fileprivate let steps: [(line: Int, event: LedgerEvent)]
  fileprivate var position = 0
  /// Called around each append, with what is about to be written; tests make it throw where a kill would fall.
  fileprivate let beforeAppend: ((LedgerEvent) throws -> Void)?
  private let store: ClipStore
  private let note: (String) -> Void

  /// - Parameter note: Told of every recorded file that is no longer what it was, before it is made again.
  init(
    ledger: Ledger, store: ClipStore, note: @escaping (String) -> Void,
    beforeAppend: ((LedgerEvent) throws -> Void)? = nil
  ) {
    self.ledger = ledger
    self.store = store
    self.note = note
    self.beforeAppend = beforeAppend
    steps = ledger.recorded.enumerated().compactMap { $1.isStep ? ($0 + 1, $1) : nil }
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - identities: What the step records, in order.
  ///   - work: Does the step and tells what happened.
  /// - Returns: The step's events.
  func step(
    _ identities: [String], work: () async throws -> [LedgerEvent]
  ) async throws -> [LedgerEvent] {
    let known = try recordedPrefix(of: identities)
    let damaged = known.filter { !store.holds([$0]) }.compactMap(\.file)
    if known.count == identities.count, damaged.isEmpty {
      position += known.count
      return known
    }
    for file in damaged.prefix(5) {
      let state = store.exists(file) ? "is damaged" : "is missing"
      note("\(store.url(file).path) \(state): made again")
    }
    if damaged.count > 5 { note("and \(damaged.count - 5) other files of that step: made again") }
    let events = try await work()
    precondition(events.map(\.identity) == identities, "a step records what it announced")
    if let index = known.indices.first(where: { known[$0] != events[$0] }) {
      throw SurefootError(
        file: ledger.url.path, line: steps[position + index].line,
        message: "\(known[index].identity), done again, came out differently",
        suggestion: "take the run up on the machine and with the version that began it, or start anew in another folder"
      )
    }
    if beforeAppend != nil {
      for event in events[known.count...] { try append(event) }
    } else {
      // One flush for all: a kill in its midst leaves whole lines and at most one that is torn.
      try ledger.append(Array(events[known.count...]))
    }
    position += events.count
    return events
  }

  /// The recorded events at the present position that are the step's first ones.
  fileprivate func recordedPrefix(of identities: [String]) throws(SurefootError) -> [LedgerEvent] {
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

extension Journal {
  /// Records an event that takes no work, unless it is recorded already.
  func record(_ event: LedgerEvent) throws {
    let known = try recordedPrefix(of: [event.identity])
    if known.isEmpty { try append(event) }
    position += 1
  }

  /// Records what the run is made of, or that it is done, unless it was the last of its kind that was recorded.
  func mark(_ event: LedgerEvent) throws {
    guard ledger.recorded.last(where: { $0.identity == event.identity }) != event else { return }
    try append(event)
  }

  private func append(_ event: LedgerEvent) throws {
    try beforeAppend?(event)
    try ledger.append([event])
  }
}
