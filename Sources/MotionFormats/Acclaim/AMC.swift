public import Foundation
public import Kinematics
public import Support

/// Acclaim's motion files, the original form of CMU's motion capture: rows for the bones of an ``ASF`` skeleton.
public enum AMC {
  /// Subjects of CMU's collection that were captured at 60 frames a second; all others are at 120.
  public static let cmuSubjectsAt60: Set<Int> = [33, 34, 42, 60, 61, 62, 74, 75, 77, 79, 80, 87, 88, 89]

  /// Reads a file.
  ///
  /// - Parameter frameRate: Frames a second, which the format does not say; if absent that of
  ///   a comment that ``write(_:to:metresPerUnit:)`` leaves, else CMU's, by the subject's number at
  ///   the head of the file's name (`62_03.amc` was captured at 60, most subjects at 120).
  /// - Throws: A `SurefootError` with line and column for whatever is no AMC file of this skeleton.
  public static func read(
    contentsOf url: URL, skeleton: AcclaimSkeleton, frameRate: Double? = nil
  ) throws(SurefootError) -> Clip {
    try read(
      bytes: try FileBytes.read(url), file: url.path, name: url.deletingPathExtension().lastPathComponent,
      skeleton: skeleton, frameRate: frameRate)
  }

  /// Reads a file's bytes; `file` stands in errors, `name` names the clip.
  public static func read(
    bytes: [UInt8], file: String, name: String, skeleton: AcclaimSkeleton, frameRate: Double? = nil
  ) throws(SurefootError) -> Clip {
    var parser = try AMCParser(bytes, file: file, skeleton: skeleton)
    let poses = try parser.read()
    let rate = frameRate ?? parser.frameRate ?? cmuFrameRate(of: name)
    guard rate > 0, rate.isFinite, (1 / rate).isFinite else {
      throw SurefootError(
        file: file, message: "a rate of \(rate) frames a second is impossible", suggestion: "give a positive one")
    }
    let motion = Motion(skeleton: skeleton.skeleton, frameTime: 1 / rate, poses: poses)
    guard motion.isFinite else {
      throw SurefootError(file: file, message: "its numbers are too large for a motion", suggestion: "fetch it again")
    }
    let subject = name.split(separator: "_").first.map(String.init)
    return Clip(
      name: name, motion: motion, convention: FileConvention(metresPerUnit: skeleton.metresPerUnit),
      provenance: Provenance(source: file, subject: subject))
  }

  /// CMU's rate for a file's name.
  public static func cmuFrameRate(of name: String) -> Double {
    let subject = name.prefix { $0.isASCII && $0.isNumber }
    return Int(subject).map(cmuSubjectsAt60.contains) == true ? 60 : 120
  }
}
