public import Foundation
public import Kinematics
public import Retargeting
public import Support

/// Biovision's hierarchy files: the format that every animation program reads and writes.
///
///     let reading = try BVH.reading(contentsOf: url)       // metres, Y up, quaternions
///     for warning in reading.warnings { print(warning) }   // walk.bvh: the length unit ...
///     var clip = reading.clip
///     clip.motion = clip.motion.frames(0..<100)
///     try BVH.write(clip, to: other)                       // the units, axes, names and channels of the first file
///
/// The reader takes CRLF, CR and LF, tabs, a byte order mark, any letter case, any rotation order, any number of
/// channels a joint, exponents, blank lines, missing End Sites and frames wrapped over several lines, and refuses the
/// rest with line and column. Where importers differ it does as Blender, bpy and bvhio do: position channels replace a
/// joint's OFFSET. (three.js's loader adds them to it.)
///
/// A file says neither its length unit nor its up axis: give them, or they are estimated from the skeleton and kept in
/// the clip's ``FileConvention``. Position channels that are zero wherever there is an OFFSET are ignored, and root
/// positions that only stand on the floor when the root's OFFSET is added are taken relative to it; a warning says so.
public enum BVH {
  /// Reads a file, for callers that do not need the warnings.
  ///
  /// - Parameter convention: The file's units and up axis; estimated if absent.
  public static func read(contentsOf url: URL, convention: FileConvention? = nil) throws(SurefootError) -> Clip {
    try reading(contentsOf: url, metresPerUnit: convention?.metresPerUnit, up: convention?.up).clip
  }

  /// Reads a file's text; `name` is the clip's name and the file's name in errors.
  public static func read(text: String, name: String, convention: FileConvention? = nil) throws(SurefootError) -> Clip {
    try reading(
      bytes: Array(text.utf8), file: name, name: name, metresPerUnit: convention?.metresPerUnit, up: convention?.up
    ).clip
  }

  /// Reads a file, with warnings about what it leaves open or contradicts.
  ///
  /// - Parameters:
  ///   - metresPerUnit: Metres in one of the file's length units; estimated if absent.
  ///   - up: The file's up axis, Y or Z; if absent that along which the person stands while it moves, else at rest.
  ///   - rootIsRelative: Whether root positions are relative to the root's OFFSET; decided by where the feet are if absent.
  ///   - captureRate: Frames per second, for a file whose frame time is wrong.
  /// - Throws: A `SurefootError` with line and column for a file that is no BVH file.
  public static func reading(
    contentsOf url: URL, metresPerUnit: Double? = nil, up: Axis? = nil, rootIsRelative: Bool? = nil,
    captureRate: Double? = nil
  ) throws(SurefootError) -> ClipReading {
    try reading(
      bytes: try FileBytes.read(url), file: url.path, name: url.deletingPathExtension().lastPathComponent,
      metresPerUnit: metresPerUnit, up: up, rootIsRelative: rootIsRelative, captureRate: captureRate)
  }

  /// Reads a file's bytes; `file` is its name in errors and in the provenance, `name` the clip's name.
  public static func reading(
    bytes: [UInt8], file: String, name: String, metresPerUnit: Double? = nil, up: Axis? = nil,
    rootIsRelative: Bool? = nil, captureRate: Double? = nil
  ) throws(SurefootError) -> ClipReading {
    try FileConvention.check(metresPerUnit: metresPerUnit, up: up, file: file)
    var parser = try BVHParser(bytes, file: file)
    try parser.readHierarchy()
    var frameTime = try parser.readMotion()
    var warnings = parser.warnings
    if let captureRate {
      frameTime = try MotionLimits.frameTime(ofRate: captureRate, file: file)
    } else if let warning = BVH.warning(ofFrameTime: frameTime) {
      warnings.append("\(file): \(warning)")
    }
    try MotionLimits.check(frameTime: frameTime, file: file)
    let numbers = BVHNumbers(joints: parser.joints, values: parser.values, frameTime: frameTime)
    if numbers.ignoresPositions {
      warnings.append("\(file): every joint's positions are zero and contradict its OFFSET; the OFFSETs are used")
    }
    var motion = numbers.motion()
    let estimate = up == nil ? UpAxisEstimate(of: motion) : nil
    if let warning = estimate?.warning { warnings.append("\(file): \(warning)") }
    let up = up ?? estimate?.axis ?? .y
    if rootIsRelative ?? BVH.rootIsLikelyRelative(motion, up: up) {
      for frame in motion.poses.indices { motion.poses[frame].rootPosition += motion.skeleton.joints[0].offset }
      if rootIsRelative == nil {
        warnings.append("\(file): the root's positions are relative to its OFFSET, by where the feet are")
      }
    }
    let metres = metresPerUnit ?? BVH.likelyMetresPerUnit(of: motion.skeleton)
    if metres == nil {
      warnings.append("\(file): the length unit cannot be found from the skeleton; centimetres are assumed")
    }
    let convention = FileConvention(metresPerUnit: metres ?? FileConvention.centimetres.metresPerUnit, up: up)
    let clip = Clip(
      name: name, motion: convention.intoWorld(motion), convention: convention, provenance: Provenance(source: file))
    try clip.motion.checkRead(file: file)
    warnings += Stature(clip).warnings(
      file: file, metresPerUnit: convention.metresPerUnit, isEstimated: metresPerUnit == nil)
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
    // Bones that all lie along one axis at rest, as LAFAN1's do, say nothing of up: the frames do, if there are any.
    let moving = up == nil ? parser.motionIfThere() : nil
    let convention = FileConvention(metresPerUnit: metres, up: up ?? likelyUpAxis(of: moving ?? resting))
    return (convention.intoWorld(resting).skeleton, convention)
  }
}

extension BVH {
  /// What writing changed or could not keep; empty for a file that read back is the same motion.
  public struct WritingReport: Sendable, Hashable {
    /// A joint whose name no BVH file can hold, or that another joint has.
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

    /// The joints, by index, whose channels no BVH file can hold: more than three rotations, or one twice in a row.
    public var replacedChannels: [Int] = []
    /// The renamed joints, in order.
    public var renamings: [Renaming] = []
    /// The joints whose motion lost more than rounding, in order.
    public var projections: [Projection] = []

    /// One sentence for the renamed joints, one for the replaced channels, one for each joint that lost motion.
    public var sentences: [String] {
      [
        JointNames.note(from: renamings.map(\.from), to: renamings.map(\.to)),
        replacedChannels.isEmpty
          ? nil : "the channels of \(replacedChannels.count) joints cannot be written; theirs are Z, Y, X",
      ].compactMap { $0 }
        + projections.map { projection in
          let degrees = String(format: "%.2f", projection.angle * 180 / .pi)
          let millimetres = String(format: "%.1f", projection.distance * 1000)
          return "joint '\(projection.name)' lacks channels: up to \(degrees) degrees and \(millimetres) mm are lost"
        }
    }
  }

  /// Writes a clip so that every importer reads the same motion.
  ///
  /// Names, hierarchy, channel order, units and up axis are the clip's. Numbers have six decimals and no exponent,
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

  /// The file's bytes and what writing changed; `file` is its name in errors.
  static func serialize(
    _ clip: Clip, file: String, convention: FileConvention?
  ) throws(SurefootError) -> (bytes: [UInt8], report: WritingReport) {
    let convention = convention ?? clip.convention
    try FileConvention.check(metresPerUnit: convention.metresPerUnit, up: convention.up, file: file)
    try clip.motion.checkWritable(file: file)
    var report = WritingReport()
    let motion = convention.intoFile(clip.motion.withWritableChannels(replaced: &report.replacedChannels))
    let names = JointNames.lines(motion.skeleton.names)
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

extension Motion {
  /// The motion with rotation channels that a BVH file can hold, and the joints that had others.
  fileprivate func withWritableChannels(replaced: inout [Int]) -> Motion {
    var joints = skeleton.joints
    for (index, joint) in joints.enumerated() {
      let (places, turns) = (joint.channels.filter(\.isPosition), joint.channels.filter { !$0.isPosition })
      let repeats = zip(turns, turns.dropFirst()).contains { $0 == $1 } || Set(places).count < places.count
      guard turns.count > 3 || repeats else { continue }
      replaced.append(index)
      joints[index].channels = (places.isEmpty ? [] : [.position(.x), .position(.y), .position(.z)]) + .rotation
    }
    return replaced.isEmpty
      ? self : Motion(skeleton: Skeleton(joints: joints), frameTime: frameTime, poses: poses)
  }
}

/// The format of ``BVH`` files.
public struct BVHFormat: MotionFileFormat {
  /// The format's name.
  public let name = "bvh"
  /// `.bvh`.
  public let fileExtensions = ["bvh"]
  /// Units and up axis are free.
  public let traits = MotionFileTraits(hasUnits: true, hasUpAxis: true)

  /// The format, to give to a writer or a registry.
  public init() {}

  /// Reads a file; see ``BVH/reading(contentsOf:metresPerUnit:up:rootIsRelative:captureRate:)``.
  public func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    try BVH.reading(
      contentsOf: url, metresPerUnit: options.metresPerUnit, up: options.up, rootIsRelative: options.rootIsRelative,
      captureRate: options.captureRate)
  }

  /// Writes a file; see ``BVH/write(_:to:convention:)``.
  public func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    try BVH.write(clip, to: url).sentences
  }
}

extension MotionFileFormat where Self == BVHFormat {
  /// Biovision's hierarchy; see ``BVH``.
  public static var bvh: BVHFormat { BVHFormat() }
}
