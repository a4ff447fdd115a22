public import Foundation
public import Support

/// The append-only record of a run: one JSON object a line, flushed to the disk before the run goes on.
///
///     let events = try Ledger.events(in: run.appendingPathComponent("ledger.jsonl"))
///     for case .evaluation(let record) in events { print(record.generation, record.figures) }
///
/// A kill may tear the last line; it is dropped when the ledger is opened again, and its step is repeated. Opening takes a
/// lock, so that two runs never write to one folder. Each line carries the hash of the one before (``LedgerChain``).
public final class Ledger {
  /// An event and when it was written.
  public struct Entry: Sendable, Hashable, Codable {
    /// The event.
    public var event: LedgerEvent
    /// When it was written, in ISO 8601: the only part of a line that differs between two runs of one specification.
    public var time: String
    /// The hash of the line before; none in a first line, nor in lines of earlier versions.
    var previous: String?

    private enum CodingKeys: CodingKey { case time, previous }

    init(event: LedgerEvent, time: String, previous: String?) {
      self.event = event
      self.time = time
      self.previous = previous
    }

    /// Reads an event and its time from one object.
    public init(from decoder: any Decoder) throws {
      event = try LedgerEvent(from: decoder)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      time = try container.decode(String.self, forKey: .time)
      previous = try container.decodeIfPresent(String.self, forKey: .previous)
    }

    /// Writes an event and its time into one object.
    public func encode(to encoder: any Encoder) throws {
      try event.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(time, forKey: .time)
      try container.encodeIfPresent(previous, forKey: .previous)
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
  private var chain: LedgerChain

  /// Opens or makes a ledger, repairs a torn end, and locks it until it is released.
  ///
  /// - Throws: ``SurefootError`` if it is locked, cannot be written, or holds a line that is no event or breaks the chain.
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
    let (events, chain, length, total) = try Ledger.parse(url)
    if let line = chain.firstBreak { throw LedgerChain.error(url, line: line) }
    self.chain = chain
    recorded = events
    wasTorn = length < total
    if wasTorn {
      do {
        try handle.truncate(atOffset: UInt64(length))
        try handle.synchronize()
      } catch {
        throw SurefootError(
          .unwritable, file: url.path, message: "its torn last line cannot be dropped (\(SystemError.text(error)))")
      }
    }
  }

  /// Every event of a ledger that may be in use; a torn last line is left out.
  public static func events(in url: URL) throws(SurefootError) -> [LedgerEvent] { try parse(url).events }

  /// The events, and what the chain of their lines says of them.
  package static func verified(_ url: URL) throws(SurefootError) -> (events: [LedgerEvent], chain: LedgerChain) {
    let (events, chain, _, _) = try parse(url)
    return (events, chain)
  }

  /// For tests: receives the bytes of an append and returns how many of them reach the disk before a simulated crash, or
  /// `nil` for no crash.
  @TaskLocal static var simulatedCrash: (@Sendable (Data) -> Int?)?

  /// Writes events, one line each, and returns once they are on the disk.
  public func append(_ events: [LedgerEvent]) throws(SurefootError) {
    guard !events.isEmpty else { return }
    var data = Data()
    var chain = chain
    do {
      let time = Date().formatted(.iso8601)
      for event in events {
        let entry = Entry(event: event, time: time, previous: chain.last)
        let line = try encoder.encode(entry)
        chain.add(line, previous: entry.previous)
        data.append(line)
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
        .unwritable, file: url.path, message: "cannot be written (\(SystemError.text(error)))",
        suggestion: "make room on the disk and run the same command again; nothing written is lost")
    }
    self.chain = chain
  }

  /// The whole lines, their chain, the bytes that they take, and the bytes there are.
  private static func parse(
    _ url: URL
  ) throws(SurefootError) -> (events: [LedgerEvent], chain: LedgerChain, length: Int, total: Int) {
    let data = try Data(readingFile: url)
    let decoder = JSONDecoder()
    var events: [LedgerEvent] = []
    var chain = LedgerChain()
    var start = data.startIndex
    while let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let entry: Entry
      do {
        entry = try decoder.decode(Entry.self, from: data[start..<end])
      } catch {
        // After a power failure a file system may keep a line's length without its bytes: such a last line is torn as well.
        if end == data.index(before: data.endIndex) { return (events, chain, start - data.startIndex, data.count) }
        throw SurefootError(
          file: url.path, line: events.count + 1, column: 1, message: "is no ledger entry of this version",
          suggestion: "restore the file, or start anew in another folder")
      }
      chain.add(data[start..<end], previous: entry.previous)
      events.append(entry.event)
      try check(entry.event, url, line: events.count)
      start = data.index(after: end)
    }
    return (events, chain, start - data.startIndex, data.count)
  }

  /// Refuses a file outside of the run's folder: a ledger may come from anybody, and its files are read and copied.
  /// Links are looked at when a file is used.
  private static func check(_ event: LedgerEvent, _ url: URL, line: Int) throws(SurefootError) {
    guard let path = event.file?.path, !FilePlace.isPlain(path) else { return }
    throw SurefootError(
      .invalidFile, file: url.path, line: line, column: 1,
      message: "names the file '\(path)' outside of the run's folder",
      suggestion: "do not use the run if you do not know who made it")
  }

  static func makeEncoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
