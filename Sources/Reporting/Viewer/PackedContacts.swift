public import Correctors

/// A clip's contact table in the form of the player's page, whose contact editor shows and changes it.
///
/// Frames are those of the clip's file, so that the table that the editor saves fits the file, at whatever rate the page
/// plays and whatever rest pose it leaves out.
public struct PackedContacts: Sendable, Encodable {
  /// One contact.
  struct Interval: Sendable, Encodable {
    var part: String
    /// The first frame.
    var start: Int
    /// The last frame, included.
    var end: Int
    var mode: String
    var confidence: Double
  }

  /// Seconds from one frame of the file to the next.
  var frameTime: Double
  /// How many frames the file has.
  var frames: Int
  /// The file's frame that the page shows first.
  var first: Int
  var intervals: [Interval]

  /// Packs a table.
  ///
  /// - Parameters:
  ///   - table: The contacts of the file.
  ///   - frames: How many frames the file has.
  ///   - first: The file's frame that is the first of the packed motion.
  public init(_ table: ContactTable, frames: Int, first: Int = 0) {
    frameTime = table.frameTime
    self.frames = frames
    self.first = first
    intervals = table.intervals.map { interval in
      Interval(
        part: interval.part.rawValue, start: interval.frames.lowerBound, end: interval.frames.upperBound - 1,
        mode: interval.state.rawValue, confidence: (interval.confidence * 100).rounded() / 100)
    }
  }
}
