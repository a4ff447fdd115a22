public import Foundation
import Kinematics
public import Support

/// When heels, toes and hands touch the floor, as a table that a person can read and edit.
///
///     let table = try ContactDetection.table(of: clip.motion)
///     try table.write(to: url)
///     ...
///     let edited = try ContactTable.read(contentsOf: url, frames: clip.motion.count, frameTime: clip.motion.frameTime)
///     let corrector = KinematicCorrector(feet: FootConstraints(table: edited))
///
/// One row an interval, with the columns `part`, `start` and `end` [s], `first_frame` and `last_frame` (from 0, both
/// included), `mode` and `confidence`. A part that has no row at an instant does not touch the floor.
public struct ContactTable: Sendable, Hashable {
  /// What can touch the floor.
  public enum Part: String, CaseIterable, Sendable, Hashable {
    case leftHeel = "left_heel"
    case leftToe = "left_toe"
    case rightHeel = "right_heel"
    case rightToe = "right_toe"
    case leftHand = "left_hand"
    case rightHand = "right_hand"

    /// 0 for a part of the left foot, 1 for the right foot; `nil` for a hand.
    var foot: Int? {
      switch self {
      case .leftHeel, .leftToe: 0
      case .rightHeel, .rightToe: 1
      case .leftHand, .rightHand: nil
      }
    }
  }

  /// One part's contact from a frame to another.
  public struct Interval: Sendable, Hashable {
    /// What touches.
    public var part: Part
    /// The frames, counted from 0.
    public var frames: Range<Int>
    /// How it touches: `planted` or `ground`; `free` says that it does not.
    public var state: FootState
    /// How sure the detection is, 0 to 1; 1 for a row that a person wrote.
    public var confidence: Double

    /// An interval that is known.
    public init(part: Part, frames: Range<Int>, state: FootState = .planted, confidence: Double = 1) {
      self.part = part
      self.frames = frames
      self.state = state
      self.confidence = confidence
    }
  }

  /// By part, then by time.
  public var intervals: [Interval]
  /// Seconds from one frame to the next.
  public var frameTime: Double

  /// A table of intervals that do not overlap.
  public init(intervals: [Interval], frameTime: Double) {
    self.intervals = intervals.sorted { a, b in
      let (i, j) = (Self.place(a.part), Self.place(b.part))
      return i == j ? a.frames.lowerBound < b.frames.lowerBound : i < j
    }
    self.frameTime = frameTime
  }

  private static func place(_ part: Part) -> Int { Part.allCases.firstIndex(of: part) ?? 0 }

  /// What one foot does in each frame: what its heel or its toe does; planted counts for more than ground.
  func states(ofFoot side: Int, frames: Int) -> [FootState] {
    var states = [FootState](repeating: .free, count: frames)
    for interval in intervals where interval.part.foot == side && interval.state != .free {
      for i in interval.frames where i < frames && states[i] != .planted { states[i] = interval.state }
    }
    return states
  }

  /// The table of some frames alone, counted from the first of them.
  func within(_ range: Range<Int>) -> ContactTable {
    let kept = intervals.compactMap { interval -> Interval? in
      let frames = interval.frames.clamped(to: range)
      guard !frames.isEmpty else { return nil }
      var result = interval
      result.frames = frames.lowerBound - range.lowerBound..<frames.upperBound - range.lowerBound
      return result
    }
    return ContactTable(intervals: kept, frameTime: frameTime)
  }
}

/// What a foot is to do in a frame.
public enum FootState: String, CaseIterable, Sendable, Hashable {
  /// It stands: it does not slide.
  case planted
  /// It stays on the floor and may slide.
  case ground
  /// It goes where the motion takes it, but not below the floor.
  case free
}

// MARK: Files

extension ContactTable {
  private static let columns = ["part", "start", "end", "first_frame", "last_frame", "mode", "confidence"]

  /// The table as text.
  public var text: String {
    let rows = intervals.map { interval in
      let (first, last) = (interval.frames.lowerBound, interval.frames.upperBound - 1)
      return [
        interval.part.rawValue, Numbers.fixed(Double(first) * frameTime, digits: 4),
        Numbers.fixed(Double(last) * frameTime, digits: 4), String(first), String(last), interval.state.rawValue,
        Numbers.fixed(interval.confidence, digits: 2),
      ].joined(separator: ",")
    }
    return ([Self.columns.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }

  /// Writes the table. The file appears whole or not at all.
  public func write(to url: URL) throws(SurefootError) { try AtomicFile.write(text, to: url) }

  /// Reads a table for a clip.
  ///
  /// Either the seconds or the frames of a row may be empty; where both stand, they must mean the same frames. `mode` and
  /// `confidence` may be absent.
  ///
  /// - Throws: A `SurefootError` with line and column for a table that is damaged, lies outside the clip, or has two
  ///   intervals of a part at one time.
  public static func read(
    contentsOf url: URL, frames: Int, frameTime: Double
  ) throws(SurefootError) -> ContactTable {
    let bytes = try FileBytes.read(url)
    return try read(
      String(decoding: bytes, as: UTF8.self), file: url.path, frames: frames, frameTime: frameTime)
  }

  /// Reads a table's text; `file` is its name in errors.
  public static func read(
    _ text: String, file: String, frames: Int, frameTime: Double
  ) throws(SurefootError) -> ContactTable {
    let reader = ContactTableReader(file: file, frames: frames, frameTime: frameTime)
    return try reader.table(of: text)
  }
}

/// Reads rows with what errors need: the file, the line, and the column of a cell.
private struct ContactTableReader {
  let file: String
  let frames: Int
  let frameTime: Double

  /// A cell and where it stands.
  private struct Cell {
    var text: String
    var line: Int
    var column: Int
  }

  func table(of text: String) throws(SurefootError) -> ContactTable {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard let first = lines.indices.first(where: { !lines[$0].allSatisfy(\.isWhitespace) }) else {
      throw error(nil, "is empty", "write one with `surefoot contacts CLIP -o FILE`")
    }
    let header = cells(lines[first], first + 1)
    for name in ["part"] where !header.contains(where: { $0.text == name }) {
      throw error(
        header.first, "has no column '\(name)'", "let the first line be part,start,end,first_frame,last_frame")
    }
    var found: [(interval: ContactTable.Interval, line: Int)] = []
    for index in lines.indices.dropFirst(first + 1) where !lines[index].allSatisfy(\.isWhitespace) {
      let cells = cells(lines[index], index + 1)
      guard cells.count == header.count else {
        throw error(cells.last, "has \(cells.count) cells, the first line \(header.count)", "check the commas")
      }
      let row = Dictionary(zip(header.map(\.text), cells), uniquingKeysWith: { first, _ in first })
      let interval = try interval(row, line: cells[0])
      if let other = found.first(where: {
        $0.interval.part == interval.part && $0.interval.frames.overlaps(interval.frames)
      }) {
        throw error(
          cells[0],
          "overlaps line \(other.line): both are \(interval.part.rawValue) in frame "
            + "\(max(other.interval.frames.lowerBound, interval.frames.lowerBound))", "shorten or join one of them")
      }
      found.append((interval, index + 1))
    }
    return ContactTable(intervals: found.map(\.interval), frameTime: frameTime)
  }

  private func cells(_ line: Substring, _ number: Int) -> [Cell] {
    CSVText.cells(of: line).map { Cell(text: String($0.text), line: number, column: $0.column) }
  }

  private func interval(_ row: [String: Cell], line: Cell) throws(SurefootError) -> ContactTable.Interval {
    let named = row["part"] ?? line
    guard let part = ContactTable.Part(rawValue: named.text) else {
      let names = ContactTable.Part.allCases.map(\.rawValue)
      let near = EditDistance.nearest(to: named.text, among: names).map { "did you mean \($0)? " } ?? ""
      throw error(named, "there is no part '\(named.text.prefix(40))'", "\(near)use \(names.joined(separator: ", "))")
    }
    let frames = try range(row, line)
    var state = FootState.planted
    if let mode = row["mode"], !mode.text.isEmpty {
      guard let known = FootState(rawValue: mode.text) else {
        throw error(mode, "there is no mode '\(mode.text.prefix(40))'", "use planted, ground or free")
      }
      state = known
    }
    var confidence = 1.0
    if let cell = row["confidence"], !cell.text.isEmpty {
      guard let value = Double(cell.text), (0...1).contains(value) else {
        throw error(cell, "'\(cell.text.prefix(40))' is no confidence", "give a number from 0 to 1, or leave it empty")
      }
      confidence = value
    }
    return ContactTable.Interval(part: part, frames: frames, state: state, confidence: confidence)
  }

  /// The frames that a row means, by its frames or its seconds.
  private func range(_ row: [String: Cell], _ line: Cell) throws(SurefootError) -> Range<Int> {
    let byFrames = try pair(row["first_frame"], row["last_frame"], line) { $0 }
    let bySeconds = try pair(row["start"], row["end"], line) { ($0 / frameTime).rounded() }
    guard let (first, last, cell) = byFrames ?? bySeconds else {
      throw error(line, "says no time", "fill in start and end, or first_frame and last_frame")
    }
    if let byFrames, let bySeconds, byFrames.0 != bySeconds.0 || byFrames.1 != bySeconds.1 {
      throw error(
        cell,
        "has frames \(Self.text(byFrames.0)) to \(Self.text(byFrames.1)), but its seconds are frames "
          + "\(Self.text(bySeconds.0)) to \(Self.text(bySeconds.1))", "leave the two cells empty that were not edited")
    }
    guard first <= last else {
      throw error(cell, "ends before it begins", "exchange the two times")
    }
    guard first >= 0, last <= Double(frames - 1), first == first.rounded(), last == last.rounded() else {
      let end = Numbers.fixed(Double(frames - 1) * frameTime, digits: 4)
      throw error(
        cell, "frames \(Self.text(first)) to \(Self.text(last)) lie outside the clip",
        "the clip has the frames 0 to \(frames - 1), 0 to \(end) s")
    }
    return Int(first)..<Int(last) + 1
  }

  private static func text(_ frame: Double) -> String {
    abs(frame) < 1e12 && frame == frame.rounded() ? String(Int(frame)) : "\(frame)"
  }

  private func pair(
    _ first: Cell?, _ last: Cell?, _ line: Cell, _ frame: (Double) -> Double
  ) throws(SurefootError) -> (Double, Double, Cell)? {
    guard let first, let last, !first.text.isEmpty || !last.text.isEmpty else { return nil }
    var numbers: [Double] = []
    for cell in [first, last] {
      guard let value = Double(cell.text), value.isFinite else {
        throw error(cell, "'\(cell.text.prefix(40))' is no number", "give seconds or frames, or leave both cells empty")
      }
      numbers.append(frame(value))
    }
    return (numbers[0], numbers[1], first)
  }

  private func error(_ cell: Cell?, _ message: String, _ suggestion: String) -> SurefootError {
    SurefootError(file: file, line: cell?.line, column: cell?.column, message: message, suggestion: suggestion)
  }
}
