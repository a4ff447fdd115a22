public import Foundation
import Kinematics
public import Retargeting
public import Support

/// A motion as a table for spreadsheets and statistics: one row a frame.
///
/// Columns: `frame` (from 0), `time` [s], then for every joint its place in the world `NAME.x NAME.y NAME.z`, in the
/// file's units and axes, and its rotation in the parent's frame `NAME.qw NAME.qx NAME.qy NAME.qz`. After all joints,
/// the same in every row, come the columns from which the table is read back: each joint's parent `NAME.parent`, counted from 0
/// in the order of the columns, -1 for the root; then `frame_time` [s], `metres_per_unit` and `z_up`, 1 for a file whose
/// Z is up. Places have six decimals and quaternions nine, with a decimal point in every locale; lines end in CR LF and
/// names are quoted where RFC 4180 asks for it.
///
///     let notes = try CSV.write(clip, to: url)
///     let reading = try CSV.reading(contentsOf: url)
public enum CSV {
  /// Writes a clip. The file appears whole or not at all.
  ///
  /// - Parameter convention: Units and up axis; the clip's if absent.
  /// - Returns: A sentence on joints of one name, which are renamed: columns would have one name.
  @discardableResult
  public static func write(
    _ clip: Clip, to url: URL, convention: FileConvention? = nil
  ) throws(SurefootError) -> [String] {
    let convention = convention ?? clip.convention
    try FileConvention.check(metresPerUnit: convention.metresPerUnit, up: convention.up, file: url.path)
    try clip.motion.checkWritable(file: url.path)
    let names = JointNames.unique(clip.motion.skeleton.names)
    try AtomicFile.write(Data(table(of: convention.intoFile(clip.motion), names, convention)), to: url)
    return JointNames.note(from: clip.motion.skeleton.names, to: names).map { [$0] } ?? []
  }

  /// Reads a table, for callers that do not need the warnings.
  public static func read(contentsOf url: URL) throws(SurefootError) -> Clip { try reading(contentsOf: url).clip }

  /// Reads a table that ``write(_:to:convention:)`` wrote, with a warning if rows are missing.
  ///
  /// Offsets follow from the positions; the tips of leaves are lost.
  ///
  /// - Throws: A `SurefootError` with line and column for a file that is no such table.
  public static func reading(contentsOf url: URL) throws(SurefootError) -> ClipReading {
    let name = url.deletingPathExtension().lastPathComponent
    return try reading(bytes: try FileBytes.read(url), file: url.path, name: name)
  }

  /// Reads a table's bytes, for callers that do not need the warnings.
  public static func read(bytes: [UInt8], file: String, name: String) throws(SurefootError) -> Clip {
    try reading(bytes: bytes, file: file, name: name).clip
  }

  /// Reads a table's bytes; `file` is its name in errors, `name` the clip's name.
  public static func reading(bytes: [UInt8], file: String, name: String) throws(SurefootError) -> ClipReading {
    let reader = try CSVMotionReader(try NumberTable(bytes: bytes, file: file))
    let convention = try reader.convention()
    let clip = Clip(
      name: name, motion: convention.intoWorld(try reader.motion()), convention: convention,
      provenance: Provenance(source: file))
    try clip.motion.checkRead(file: file)
    return ClipReading(clip: clip, warnings: reader.gap.map { ["\(file): \($0)"] } ?? [])
  }

  private static func table(of motion: Motion, _ names: [String], _ convention: FileConvention) -> [UInt8] {
    let joints = motion.skeleton.joints
    var columns = ["frame", "time"]
    for name in names {
      columns += ["x", "y", "z", "qw", "qx", "qy", "qz"].map { CSVText.quoted("\(name).\($0)") }
    }
    columns += names.map { CSVText.quoted("\($0).parent") } + ["frame_time", "metres_per_unit", "z_up"]
    let constants =
      joints.map { String($0.parent ?? -1) }
      + [
        FixedPoint.exact(motion.frameTime), FixedPoint.exact(convention.metresPerUnit),
        convention.up == .z ? "1" : "0",
      ]
    let tail = Array(("," + constants.joined(separator: ",") + "\r\n").utf8)
    var text = Array((columns.joined(separator: ",") + "\r\n").utf8)
    text.reserveCapacity(motion.count * (columns.count * 10 + tail.count))
    for (frame, pose) in motion.poses.enumerated() {
      text += Array("\(frame),".utf8)
      FixedPoint.append(Double(frame) * motion.frameTime, to: &text)
      let positions = motion.skeleton.frames(of: pose).positions
      for (place, turn) in zip(positions, pose.rotations) {
        for value in [place.x, place.y, place.z] {
          text.append(UInt8(ascii: ","))
          FixedPoint.append(value, to: &text)
        }
        for value in [turn.w, turn.imaginary.x, turn.imaginary.y, turn.imaginary.z] {
          text.append(UInt8(ascii: ","))
          FixedPoint.appendFine(value, to: &text)
        }
      }
      text += tail
    }
    return text
  }
}

/// The format of ``CSV`` files.
public struct CSVFormat: MotionFileFormat {
  /// The format's name.
  public let name = "csv"
  /// `.csv`.
  public let fileExtensions = ["csv"]
  /// Units and up axis are free.
  public let traits = MotionFileTraits(hasUnits: true, hasUpAxis: true)

  /// The format, to give to a writer or a registry.
  public init() {}

  /// Whether the table begins as those of ``CSV/write(_:to:convention:)`` do: other tables lie beside motions.
  public func looksLike(_ head: FileHead) -> Bool {
    // Spreadsheets write a byte order mark, and quote fields.
    let start = String(decoding: head.bytes(upTo: 24), as: UTF8.self)
    return start.filter { $0 != "\"" && $0 != "\u{FEFF}" }.hasPrefix("frame,time,")
  }

  /// Reads a file; see ``CSV/reading(contentsOf:)``.
  public func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    try CSV.reading(contentsOf: url)
  }

  /// Writes a file; see ``CSV/write(_:to:convention:)``.
  public func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    try CSV.write(clip, to: url)
  }
}

extension MotionFileFormat where Self == CSVFormat {
  /// A table; see ``CSV``.
  public static var csv: CSVFormat { CSVFormat() }
}
