public import Foundation

/// A motion as a table for spreadsheets and statistics: one row a frame, written only.
///
/// Columns: `frame` (from 0), `time` [s], then for every joint its place in the world `NAME.x NAME.y NAME.z`, in the
/// file's units and axes, and its rotation in the parent's frame `NAME.qw NAME.qx NAME.qy NAME.qz`. Numbers have six
/// decimals and a point, whatever the locale; lines end in CR LF and names are quoted where RFC 4180 asks for it.
public enum CSV {
  /// Writes a clip. The file appears whole or not.
  ///
  /// - Parameter convention: Units and up axis; the clip's if absent.
  public static func write(_ clip: Clip, to url: URL, convention: FileConvention? = nil) throws(FileError) {
    let convention = convention ?? clip.convention
    try FileConvention.check(metresPerUnit: convention.metresPerUnit, up: convention.up, file: url.path)
    try clip.motion.checkWritable(file: url.path)
    try AtomicFile.write(Data(table(of: convention.intoFile(clip.motion))), to: url)
  }

  private static func table(of motion: Motion) -> [UInt8] {
    var columns = ["frame", "time"]
    for name in motion.skeleton.names {
      columns += ["x", "y", "z", "qw", "qx", "qy", "qz"].map { quoted("\(name).\($0)") }
    }
    var text = Array((columns.joined(separator: ",") + "\r\n").utf8)
    text.reserveCapacity(motion.count * columns.count * 10)
    for (frame, pose) in motion.poses.enumerated() {
      text += Array("\(frame),".utf8)
      FixedPoint.append(Double(frame) * motion.frameTime, to: &text)
      let positions = motion.skeleton.frames(of: pose).positions
      for (place, turn) in zip(positions, pose.rotations) {
        for value in [place.x, place.y, place.z, turn.w, turn.imaginary.x, turn.imaginary.y, turn.imaginary.z] {
          text.append(UInt8(ascii: ","))
          FixedPoint.append(value, to: &text)
        }
      }
      text += [0x0D, 0x0A]
    }
    return text
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return field }
    return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
