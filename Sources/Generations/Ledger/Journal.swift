import Foundation
import Mocap

/// Plays a run against its ledger: steps that are recorded are passed by, the first that is not is done, and so on.
///
/// A run is a fixed sequence of steps, each of which names the events it will record. A step's work must give the same
/// events and files whenever it is done, so that it may be done again after a kill in its midst.
final class Journal {
  fileprivate let ledger: Ledger
  fileprivate var position = 0
  /// Called around each append, with what is about to be written; tests make it throw where a kill would fall.
  fileprivate let beforeAppend: ((LedgerEvent) throws -> Void)?

  init(ledger: Ledger, beforeAppend: ((LedgerEvent) throws -> Void)? = nil) {
    self.ledger = ledger
    self.beforeAppend = beforeAppend
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - identities: What the step records, in order.
  ///   - isIntact: Whether the files of the recorded events are still there, as they were.
  ///   - work: Does the step and tells what happened.
  /// - Returns: The step's events.
  func step(
    _ identities: [String], isIntact: ([LedgerEvent]) throws -> Bool, work: () async throws -> [LedgerEvent]
  ) async throws -> [LedgerEvent] {
    let known = try recordedPrefix(of: identities)
    if known.count == identities.count, try isIntact(known) {
      position += known.count
      return known
    }
    let events = try await work()
    precondition(events.map(\.identity) == identities, "a step records what it announced")
    if let index = known.indices.first(where: { known[$0] != events[$0] }) {
      throw FileError(
        file: ledger.url.path, line: position + index + 1,
        problem: "\(known[index].identity), done again, came out differently",
        mend: "take the run up on the machine and with the version that began it, or start anew in another folder")
    }
    for event in events[known.count...] {
      try beforeAppend?(event)
      try ledger.append([event])
    }
    position += events.count
    return events
  }

  /// The recorded events at the present position that are the step's first ones.
  fileprivate func recordedPrefix(of identities: [String]) throws(FileError) -> [LedgerEvent] {
    let known = Array(ledger.recorded.dropFirst(position).prefix(identities.count))
    for (index, event) in known.enumerated() where event.identity != identities[index] {
      throw FileError(
        file: ledger.url.path, line: position + index + 1,
        problem: "holds \(event.identity) where this run has \(identities[index])",
        mend: "the folder belongs to another run; name another with -o")
    }
    return known
  }
}

extension Journal {
  /// Records an event that takes no work, unless it is recorded already.
  func record(_ event: LedgerEvent) throws {
    let known = try recordedPrefix(of: [event.identity])
    if known.isEmpty {
      try beforeAppend?(event)
      try ledger.append([event])
    }
    position += 1
  }
}
