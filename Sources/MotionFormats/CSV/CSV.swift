public import Foundation
public import Kinematics
public import Support

/// A motion as a table for spreadsheets and statistics: one row a frame.
///
/// Columns: `frame` (from 0), `time` [s], then for every joint its place in the world `NAME.x NAME.y NAME.z`, in the
/// file's units and axes, and its rotation in the parent's frame `NAME.qw NAME.qx NAME.qy NAME.qz`. After all joints,
/// the same in every row, stands what makes the table a motion again: each joint's parent `NAME.parent`, counted from 0
/// in the order of the columns, -1 for the root; then `frame_time` [s], `metres_per_unit` and `z_up`, 1 for a file whose
/// Z is up. Places have six decimals and quaternions nine, with a point, whatever the locale; lines end in CR LF and
/// names are quoted where RFC 4180 asks for it.
public enum CSV {
  /// Writes a clip. The file appears whole or not.
  ///
  /// - Parameter convention: Units and up axis; the clip's if absent.
  public static func write(_ clip: Clip, to url: URL, convention: FileConvention? = nil) throws(SurefootError) {
    let convention = convention ?? clip.convention
    try FileConvention.check(metresPerUnit: convention.metresPerUnit, up: convention.up, file: url.path)
    try clip.motion.checkWritable(file: url.path)
    try AtomicFile.write(Data(table(of: convention.intoFile(clip.motion), convention)), to: url)
  }

  /// Reads a table that ``write(_:to:convention:)`` wrote. Offsets are those of the places; tips of leaves are lost.
  public static func read(contentsOf url: URL) throws(SurefootError) -> Clip {
    let name = url.deletingPathExtension().lastPathComponent
    return try read(bytes: try FileBytes.read(url), file: url.path, name: name)
  }

  /// Reads a table's bytes; `file` stands in errors, `name` names the clip.
  public static func read(bytes: [UInt8], file: String, name: String) throws(SurefootError) -> Clip {
    let reader = try CSVMotionReader(try NumberTable(bytes: bytes, file: file))
    let convention = try reader.convention()
    let motion = convention.intoWorld(try reader.motion())
    return Clip(name: name, motion: motion, convention: convention, provenance: Provenance(source: file))
  }

  private static func table(of motion: Motion, _ convention: FileConvention) -> [UInt8] {
    let joints = motion.skeleton.joints
    var columns = ["frame", "time"]
    for joint in joints {
      columns += ["x", "y", "z", "qw", "qx", "qy", "qz"].map { quoted("\(joint.name).\($0)") }
    }
    columns += joints.map { quoted("\($0.name).parent") } + ["frame_time", "metres_per_unit", "z_up"]
    let same =
      joints.map { String($0.parent ?? -1) }
      + [
        FixedPoint.exact(motion.frameTime), FixedPoint.exact(convention.metresPerUnit),
        convention.up == .z ? "1" : "0",
      ]
    let tail = Array(("," + same.joined(separator: ",") + "\r\n").utf8)
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

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return field }
    return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
