public import Foundation
public import Support

/// The append-only record of a run: one JSON object a line, flushed to the disk before the run goes on.
///
///     let events = try Ledger.events(in: run.appendingPathComponent("ledger.jsonl"))
///     for case .evaluation(let record) in events { print(record.generation, record.figures) }
///
/// A kill may tear the last line; it is dropped when the ledger is opened again, and its step is repeated. Opening takes a
/// lock, so that two runs never write to one folder.
public final class Ledger {
  /// An event and when it was written.
  public struct Entry: Sendable, Hashable, Codable {
    /// The event.
    public var event: LedgerEvent
    /// When it was written, in ISO 8601: the only part of a line that differs between two runs of one specification.
    public var time: String

    private enum CodingKeys: CodingKey { case time }

    init(event: LedgerEvent, time: String) {
      self.event = event
      self.time = time
    }

    /// Reads an event and its time from one object.
    public init(from decoder: any Decoder) throws {
      event = try LedgerEvent(from: decoder)
      time = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .time)
    }

    /// Writes an event and its time into one object.
    public func encode(to encoder: any Encoder) throws {
      try event.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(time, forKey: .time)
    }
  }

  /// The file.
  public let url: URL
  /// The events that the file held when it was opened, in order.
  public let recorded: [LedgerEvent]
  /// Whether a torn last line was dropped on opening.
  public let wasTorn: Bool
  private let handle: FileHandle
  private let encoder = Ledger.makeEncoder()

  /// Opens or makes a ledger, repairs a torn end, and locks it until it is released.
  ///
  /// - Throws: ``SurefootError`` if it is locked, cannot be written, or holds a whole line that is no event.
  public init(at url: URL) throws(SurefootError) {
    self.url = url
    let descriptor = open(url.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw SurefootError(
        file: url.path, message: "cannot be opened (\(String(cString: strerror(errno))))",
        suggestion: "check that the folder is writable")
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw SurefootError(
        file: url.path, message: "another run is writing to this folder",
        suggestion: "wait for it, end it, or name another folder with -o")
    }
    let (events, length, total) = try Ledger.parse(url)
    recorded = events
    wasTorn = length < total
    if wasTorn {
      do {
        try handle.truncate(atOffset: UInt64(length))
        try handle.synchronize()
      } catch {
        throw SurefootError(
          file: url.path, message: "its torn last line cannot be dropped (\(error.localizedDescription))")
      }
    }
  }

  /// Every event of a ledger that may be in use; a torn last line is left out.
  public static func events(in url: URL) throws(SurefootError) -> [LedgerEvent] { try parse(url).events }

  /// For tests: receives the bytes of an append and returns how many of them reach the disk before a simulated crash, or
  /// `nil` for no crash.
  @TaskLocal static var simulatedCrash: (@Sendable (Data) -> Int?)?

  /// Writes events, one line each, and returns once they are on the disk.
  public func append(_ events: [LedgerEvent]) throws(SurefootError) {
    guard !events.isEmpty else { return }
    var data = Data()
    do {
      let time = Date().formatted(.iso8601)
      for event in events {
        data.append(try encoder.encode(Entry(event: event, time: time)))
        data.append(UInt8(ascii: "\n"))
      }
      if let length = Ledger.simulatedCrash?(data) {
        try handle.write(contentsOf: data.prefix(length))
        throw CocoaError(.fileWriteOutOfSpace)
      }
      try handle.write(contentsOf: data)
      try handle.synchronize()
    } catch {
      throw SurefootError(
        file: url.path, message: "cannot be written (\(error.localizedDescription))",
        suggestion: "make room on the disk and run the same command again; nothing written is lost")
    }
  }

  /// The whole lines, the bytes that they take, and the bytes there are.
  private static func parse(_ url: URL) throws(SurefootError) -> (events: [LedgerEvent], length: Int, total: Int) {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw SurefootError(file: url.path, message: "cannot be read (\(error.localizedDescription))")
    }
    let decoder = JSONDecoder()
    var events: [LedgerEvent] = []
    var start = data.startIndex
    while let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) {
      do {
        events.append(try decoder.decode(Entry.self, from: data[start..<end]).event)
      } catch {
        // After a power failure a file system may keep a line's length without its bytes: such a last line is torn as well.
        if end == data.index(before: data.endIndex) { return (events, start - data.startIndex, data.count) }
        throw SurefootError(
          file: url.path, line: events.count + 1, column: 1, message: "is no ledger entry of this version",
          suggestion: "restore the file, or start anew in another folder")
      }
      start = data.index(after: end)
    }
    return (events, start - data.startIndex, data.count)
  }

  static func makeEncoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
