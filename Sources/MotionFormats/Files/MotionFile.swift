public import Foundation
import Kinematics
public import Retargeting
public import Support

/// Motion files in the built-in formats, recognised by the endings of their names.
///
///     for url in try MotionFile.find(in: folder) {
///       let clip = try MotionFile.reading(contentsOf: url).clip
///       try MotionFile.write(clip, to: url.deletingPathExtension().appendingPathExtension("glb"))
///     }
///
/// The formats are ``BVH``, ``AMC`` with its ``ASF``, ``DeepMimic``, ``HumanML3D``'s `.npy`, ``MotionArchive``'s `.npz`,
/// ``GLB`` and ``CSV``. For others see ``MotionFormatRegistry``.
public enum MotionFile {
  /// Reads a clip.
  ///
  /// An AMC file's skeleton, if not given, is the ASF file beside it with the same name, or with its subject's
  /// (`16.asf` for `16_15.amc`), or the only one there.
  ///
  /// - Throws: A `SurefootError` for a file that is absent, of no known ending, or damaged.
  public static func reading(
    contentsOf url: URL, options: MotionReadingOptions = MotionReadingOptions()
  ) throws(SurefootError) -> ClipReading {
    try MotionFormatRegistry.builtIn.read(contentsOf: url, options: options)
  }

  /// Writes a clip in the clip's units and axes, where the format leaves them open. The file appears whole or not at all.
  ///
  /// - Parameters:
  ///   - format: The format; what the name's ending says if absent.
  ///   - joints: Which joints are a biped's, for formats of one skeleton; found by name if absent.
  /// - Returns: What changed or could not be kept, one sentence each.
  /// - Throws: A `SurefootError` for an ending that no format writes, or a motion that the format cannot hold.
  @discardableResult
  public static func write(
    _ clip: Clip, to url: URL, as format: (any MotionFileFormat)? = nil, joints: JointMap? = nil
  ) throws(SurefootError) -> [String] {
    try MotionFormatRegistry.builtIn.write(clip, to: url, as: format, joints: joints)
  }

  /// Whether a path leads to a regular file, and not to a pipe, a device or a folder.
  package static func isRegular(_ url: URL) -> Bool { MotionFormatRegistry.isRegular(url) }

  /// All motion files in a folder and below, by path. Hidden files, and what is no regular file, are left out.
  ///
  /// - Throws: A `SurefootError` if the folder cannot be read.
  public static func find(in folder: URL) throws(SurefootError) -> [URL] {
    try MotionFormatRegistry.builtIn.find(in: folder)
  }
}
