public import Foundation
public import Kinematics
public import Support

/// Biovision's hierarchy files: the format that every animation program reads and writes.
///
///     let clip = try BVH.read(contentsOf: url)             // metres, Y up, quaternions
///     try BVH.write(clip, to: other)                       // the file's own units, axes, names and channels
///
/// The reader takes CRLF, CR and LF, tabs, a byte order mark, any letter case, any rotation order, any number of
/// channels a joint, exponents, blank lines, missing End Sites and frames wrapped over several lines, and refuses the
/// rest with line and column. Where importers differ it does as Blender, bpy and bvhio do: position channels replace a
/// joint's OFFSET. (three.js's loader adds them to it.)
///
/// A file says neither its length unit nor its up axis: give them, or they are estimated from the skeleton and kept in
/// the clip's ``FileConvention``.
public enum BVH {
  /// Reads a file.
  ///
  /// - Parameter convention: The file's units and up axis; estimated if absent.
  public static func read(contentsOf url: URL, convention: FileConvention? = nil) throws(SurefootError) -> Clip {
    try reading(contentsOf: url, metresPerUnit: convention?.metresPerUnit, up: convention?.up).clip
  }

  /// Reads a file's text; `name` names the clip and stands in errors.
  public static func read(text: String, name: String, convention: FileConvention? = nil) throws(SurefootError) -> Clip {
    try reading(
      bytes: Array(text.utf8), file: name, name: name, metresPerUnit: convention?.metresPerUnit, up: convention?.up
    ).clip
  }

  /// Reads a file and says what was noticed on the way.
  ///
  /// - Parameters:
  ///   - metresPerUnit: Metres in one of the file's length units; estimated if absent.
  ///   - up: The file's up axis, Y or Z; if absent Y, or Z if the figure clearly stands along Z.
  public static func reading(
    contentsOf url: URL, metresPerUnit: Double? = nil, up: Axis? = nil
  ) throws(SurefootError) -> ClipReading {
    try reading(
      bytes: try FileBytes.read(url), file: url.path, name: url.deletingPathExtension().lastPathComponent,
      metresPerUnit: metresPerUnit, up: up)
  }

  /// Reads a file's bytes; `file` stands in errors and in the provenance, `name` names the clip.
  public static func reading(
    bytes: [UInt8], file: String, name: String, metresPerUnit: Double? = nil, up: Axis? = nil
  ) throws(SurefootError) -> ClipReading {
    try FileConvention.check(metresPerUnit: metresPerUnit, up: up, file: file)
    var parser = try BVHParser(bytes, file: file)
    try parser.readHierarchy()
    let frameTime = try parser.readMotion()
    let numbers = BVHNumbers(joints: parser.joints, values: parser.values, frameTime: frameTime)
    let motion = numbers.motion()
    var warnings = parser.warnings
    let up = up ?? BVH.likelyUpAxis(of: motion)
    let metres = metresPerUnit ?? BVH.likelyMetresPerUnit(of: motion.skeleton)
    if metres == nil {
      warnings.append("\(file): the length unit cannot be told from the skeleton; taken as centimetres")
    }
    let convention = FileConvention(metresPerUnit: metres ?? FileConvention.centimetres.metresPerUnit, up: up)
    let clip = Clip(
      name: name, motion: convention.intoWorld(motion), convention: convention, provenance: Provenance(source: file))
    guard clip.motion.isFinite else {
      throw SurefootError(
        file: file, message: "its numbers are too large for a motion", suggestion: "check the file's units and frames")
    }
    return ClipReading(clip: clip, warnings: warnings)
  }

  /// Reads the skeleton alone, of a file with or without frames.
  public static func readSkeleton(
    contentsOf url: URL, convention: FileConvention? = nil
  ) throws(SurefootError) -> Skeleton {
    try readingSkeleton(contentsOf: url, metresPerUnit: convention?.metresPerUnit, up: convention?.up).skeleton
  }

  /// Reads the skeleton alone with the file's units and up axis, each estimated if absent.
  public static func readingSkeleton(
    contentsOf url: URL, metresPerUnit: Double? = nil, up: Axis? = nil
  ) throws(SurefootError) -> (skeleton: Skeleton, convention: FileConvention) {
    try FileConvention.check(metresPerUnit: metresPerUnit, up: up, file: url.path)
    var parser = try BVHParser(try FileBytes.read(url), file: url.path)
    try parser.readHierarchy()
    let skeleton = Skeleton(joints: parser.joints)
    let resting = Motion(skeleton: skeleton, frameTime: 1, poses: [Pose(resting: skeleton)])
    let metres = metresPerUnit ?? likelyMetresPerUnit(of: skeleton) ?? FileConvention.centimetres.metresPerUnit
    let convention = FileConvention(metresPerUnit: metres, up: up ?? likelyUpAxis(of: resting))
    return (convention.intoWorld(resting).skeleton, convention)
  }
}
