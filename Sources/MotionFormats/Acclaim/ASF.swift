public import Foundation
public import Support

/// Acclaim's skeleton files, the original form of CMU's motion capture; the motion comes from ``AMC``.
///
///     let actor = try ASF.read(contentsOf: folder.appending(path: "16.asf"))
///     let clip = try AMC.read(contentsOf: folder.appending(path: "16_15.amc"), skeleton: actor)
///
/// A joint stands at each bone's near end and bears the bone's name; a leaf's far end is its End Site. A bone without
/// degrees of freedom that has children turns with its parent and becomes their offset (`lhipjoint`). The world's axes
/// are every joint's axes at rest: a bone whose local axes are C turns by `C M C⁻¹` when its row gives the rotation M.
/// That is the definition in Lander, "Working with motion capture file formats", Game Developer, January 1998.
///
/// Lengths are inches divided by `:units length` (CMU: 0.45, so 0.056444 m a unit).
public enum ASF {
  /// Reads a file.
  ///
  /// - Throws: A `SurefootError` with line and column for whatever is no ASF file.
  public static func read(contentsOf url: URL) throws(SurefootError) -> AcclaimSkeleton {
    try read(bytes: try FileBytes.read(url), file: url.path)
  }

  /// Reads a file's bytes; `file` stands in errors.
  public static func read(bytes: [UInt8], file: String) throws(SurefootError) -> AcclaimSkeleton {
    var parser = try ASFParser(bytes, file: file)
    try parser.read()
    return try parser.assemble()
  }
}
