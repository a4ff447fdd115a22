public import Foundation
public import Support
import Kinematics

extension BVH {
  /// What writing changed or could not keep; empty for a file that read back is the same motion.
  public struct WritingReport: Sendable, Hashable {
    /// A joint whose name had to change, because importers fail on it.
    public struct Renaming: Sendable, Hashable {
      /// The joint's index.
      public var joint: Int
      /// Its name in the clip.
      public var from: String
      /// Its name in the file.
      public var to: String
    }

    /// A joint whose channels cannot hold its motion; the nearest that they can hold was written.
    public struct Projection: Sendable, Hashable {
      /// The joint's index.
      public var joint: Int
      /// The joint's name in the clip.
      public var name: String
      /// The largest rotation lost in any frame [rad].
      public var angle: Double
      /// The largest translation lost in any frame [m].
      public var distance: Double
    }

    /// The renamed joints, in order.
    public var renamings: [Renaming] = []
    /// The joints whose motion lost more than rounding, in order.
    public var projections: [Projection] = []

    /// One sentence for each change.
    public var sentences: [String] {
      renamings.map { "joint '\($0.from)' is written as '\($0.to)'" }
        + projections.map { projection in
          let degrees = String(format: "%.2f", projection.angle * 180 / .pi)
          let millimetres = String(format: "%.1f", projection.distance * 1000)
          return "joint '\(projection.name)' lacks channels: up to \(degrees) degrees and \(millimetres) mm are lost"
        }
    }
  }

  /// Writes a clip so that every importer reads the same motion.
  ///
  /// Names, hierarchy, channel order, units and up axis are the clip's own. Numbers have six decimals and no exponent,
  /// Euler angles run on without jumps, every leaf has an End Site, and the root's OFFSET is zero when it has position
  /// channels (they replace it; a loader that adds the two would raise the figure). The file appears whole or not.
  ///
  /// - Parameter convention: Units and up axis; the clip's if absent.
  /// - Throws: A `SurefootError` for a number that is not finite, no frames, or a file that cannot be written.
  @discardableResult
  public static func write(
    _ clip: Clip, to url: URL, convention: FileConvention? = nil
  ) throws(SurefootError) -> WritingReport {
    let (bytes, report) = try serialize(clip, file: url.path, convention: convention)
    try AtomicFile.write(Data(bytes), to: url)
    return report
  }

  /// The file's text; see ``write(_:to:convention:)``.
  public static func text(of clip: Clip, convention: FileConvention? = nil) throws(SurefootError) -> String {
    String(decoding: try serialize(clip, file: clip.name, convention: convention).bytes, as: UTF8.self)
  }

  /// The file's bytes and what writing changed; `file` stands in errors.
  static func serialize(
    _ clip: Clip, file: String, convention: FileConvention?
  ) throws(SurefootError) -> (bytes: [UInt8], report: WritingReport) {
    let convention = convention ?? clip.convention
    try FileConvention.check(metresPerUnit: convention.metresPerUnit, up: convention.up, file: file)
    let motion = convention.intoFile(clip.motion)
    try motion.checkWritable(file: file)
    var report = WritingReport()
    let names = JointNames.portable(motion.skeleton.names)
    for (joint, (from, to)) in zip(motion.skeleton.names, names).enumerated() where from != to {
      report.renamings.append(.init(joint: joint, from: from, to: to))
    }
    var writer = BVHWriter(motion: motion, names: names, metresPerUnit: convention.metresPerUnit)
    writer.writeHierarchy()
    writer.writeMotion()
    report.projections = writer.projections(of: clip.motion.skeleton.names)
    return (writer.text, report)
  }
}
