public import Foundation
public import Kinematics
public import Retargeting
public import Support

/// The motion files of DeepMimic: JSON with one row of 44 numbers a frame for one humanoid of 13 bodies.
///
///     let walk = try DeepMimic.read(contentsOf: url)                  // humanoid3d_walk.txt
///     let long = try DeepMimic.read(contentsOf: url, cycles: 4)       // a looping clip, four times round
///
/// A row is the frame's duration, the root's place and its rotation, then chest, neck, and for the right and the left
/// side hip, knee, ankle, shoulder, elbow: quaternions `w x y z`, and one angle for knees and elbows. The figure of the
/// files faces +X with its right at +Z and rests with its arms down; a clip faces +Z with its left at +X and rests in a
/// T-pose. Bodies as in X. B. Peng et al., "DeepMimic: Example-Guided Deep Reinforcement Learning of Physics-Based
/// Character Skills", ACM TOG 37 (2018), 10.1145/3197517.3201311, and its file `humanoid3d.txt`.
public enum DeepMimic {
  /// Numbers in a humanoid's row.
  static let rowLength = 44

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - cycles: How often a clip with `"Loop": "wrap"` is repeated. Each cycle goes on where the one before ended, and the
  ///     way that it faced.
  ///   - ifLooping: Whether a clip that does not loop is read once instead of refused when `cycles` is above 1.
  /// - Throws: A `SurefootError` with line and column for a file of another kind, or impossible numbers.
  public static func read(
    contentsOf url: URL, cycles: Int = 1, ifLooping: Bool = false
  ) throws(SurefootError) -> Clip {
    try read(
      bytes: try FileBytes.read(url), file: url.path, name: url.deletingPathExtension().lastPathComponent,
      cycles: cycles, ifLooping: ifLooping)
  }

  /// Reads a file's bytes; `file` is its name in errors, `name` the clip's name.
  public static func read(
    bytes: [UInt8], file: String, name: String, cycles: Int = 1, ifLooping: Bool = false
  ) throws(SurefootError) -> Clip {
    guard (1...10_000).contains(cycles) else {
      throw SurefootError(file: file, message: "\(cycles) cycles are impossible", suggestion: "give 1 to 10000")
    }
    var parser = try DeepMimicParser(bytes, file: file)
    try parser.read()
    guard cycles == 1 || parser.loops || ifLooping else {
      throw SurefootError(file: file, message: "the clip does not loop", suggestion: "read it with one cycle")
    }
    let timed = DeepMimicPoses(rows: parser.rows).timedPoses(cycles: parser.loops ? cycles : 1)
    let motion = try uniform(timed, file: file)
    try motion.checkRead(file: file)
    let action = name.replacingOccurrences(of: "humanoid3d_", with: "")
    return Clip(
      name: name, motion: motion, convention: FileConvention.centimetres,
      provenance: Provenance(source: file, action: action))
  }

  /// The poses at the uniform rate of the most common duration; as they are if they have it already.
  private static func uniform(_ timed: [(time: Double, pose: Pose)], file: String) throws(SurefootError) -> Motion {
    let durations = zip(timed, timed.dropFirst()).map { $1.time - $0.time }
    var counts: [Int: Int] = [:]
    // To the microsecond: files round their durations, which the parser bounds by an hour.
    for duration in durations where duration > 0 { counts[Int((duration * 1e6).rounded()), default: 0] += 1 }
    guard timed.count > 1 else { return Motion(skeleton: skeleton, frameTime: 1.0 / 30, poses: timed.map(\.pose)) }
    guard let step = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key, step > 0 else {
      throw SurefootError(
        file: file, message: "no frame lasts any time", suggestion: "give the frames durations in seconds")
    }
    let same = durations.filter { Int(($0 * 1e6).rounded()) == step }
    let frameTime = same.reduce(0, +) / Double(same.count)
    if same.count == durations.count {
      return Motion(skeleton: skeleton, frameTime: frameTime, poses: timed.map(\.pose))
    }
    let total = timed[timed.count - 1].time
    // As many frames as a file of this size can mean.
    guard total / frameTime < Double(max(100_000, 1000 * timed.count)) else {
      throw SurefootError(file: file, message: "it lasts \(total) s", suggestion: "check the frames' durations")
    }
    var (poses, next) = ([Pose](), 1)
    for frame in 0...Int((total / frameTime + 1e-6).rounded(.down)) {
      let time = min(Double(frame) * frameTime, total)
      while next < timed.count - 1, timed[next].time < time { next += 1 }
      let (before, after) = (timed[next - 1], timed[next])
      let span = after.time - before.time
      poses.append(span > 0 ? before.pose.interpolated(to: after.pose, (time - before.time) / span) : after.pose)
    }
    return Motion(skeleton: skeleton, frameTime: frameTime, poses: poses)
  }
}

extension DeepMimic {
  /// A body of the humanoid, in the order of a row.
  enum Body: Int, CaseIterable {
    case root, chest, neck, rightHip, rightKnee, rightAnkle, rightShoulder, rightElbow
    case leftHip, leftKnee, leftAnkle, leftShoulder, leftElbow

    /// Whether a row gives one angle, about the figure's right, instead of a quaternion.
    var isHinge: Bool {
      switch self {
      case .rightKnee, .rightElbow, .leftKnee, .leftElbow: true
      default: false
      }
    }

    /// Whether its bones hang down at rest in the files and point sideways in a T-pose.
    var isArm: Bool {
      switch self {
      case .rightShoulder, .rightElbow, .leftShoulder, .leftElbow: true
      default: false
      }
    }

    var isLeft: Bool { rawValue >= Body.leftHip.rawValue }
  }

  /// The humanoid in T-pose: 13 jointed bodies, and the wrists, which never turn.
  ///
  /// Names are those of animation tools. Lengths are those of `humanoid3d.txt`; tips are the far ends of its head,
  /// hands and feet.
  public static let skeleton = Skeleton(joints: [
    Joint(name: "Hips", parent: nil, offset: .zero, channels: .root),
    Joint(name: "Spine", parent: 0, offset: SIMD3(0, 0.236151, 0)),
    Joint(name: "Neck", parent: 1, offset: SIMD3(0, 0.223894, 0), endSite: SIMD3(0, 0.2775, 0)),
    Joint(name: "RightUpLeg", parent: 0, offset: SIMD3(-0.084887, 0, 0)),
    Joint(name: "RightLeg", parent: 3, offset: SIMD3(0, -0.421546, 0)),
    Joint(name: "RightFoot", parent: 4, offset: SIMD3(0, -0.409870, 0), endSite: SIMD3(0, -0.05, 0.1335)),
    Joint(name: "RightArm", parent: 1, offset: SIMD3(-0.18311, 0.24350, -0.02405)),
    Joint(name: "RightForeArm", parent: 6, offset: SIMD3(-0.274788, 0, 0)),
    Joint(name: "RightHand", parent: 7, offset: SIMD3(-0.258947, 0, 0), endSite: SIMD3(-0.08, 0, 0)),
    Joint(name: "LeftUpLeg", parent: 0, offset: SIMD3(0.084887, 0, 0)),
    Joint(name: "LeftLeg", parent: 9, offset: SIMD3(0, -0.421546, 0)),
    Joint(name: "LeftFoot", parent: 10, offset: SIMD3(0, -0.409870, 0), endSite: SIMD3(0, -0.05, 0.1335)),
    Joint(name: "LeftArm", parent: 1, offset: SIMD3(0.18311, 0.24350, -0.02405)),
    Joint(name: "LeftForeArm", parent: 12, offset: SIMD3(0.274788, 0, 0)),
    Joint(name: "LeftHand", parent: 13, offset: SIMD3(0.258947, 0, 0), endSite: SIMD3(0.08, 0, 0)),
  ])

  /// The joint of each body.
  static let jointOfBody = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13]
}

/// The format of ``DeepMimic`` files.
public struct DeepMimicFormat: MotionFileFormat {
  /// The format's name.
  public let name = "deepmimic"
  /// `.txt` is written; `.json` is read as well.
  public let fileExtensions = ["txt", "json"]
  /// Metres with Y up.
  public let traits = MotionFileTraits()

  /// The format, to give to a writer or a registry.
  public init() {}

  /// Whether a JSON object begins that holds `"Frames"`: other texts lie beside motions.
  public func looksLike(_ head: FileHead) -> Bool {
    let text = String(decoding: head.bytes(upTo: 4096), as: UTF8.self)
    return text.drop(while: \.isWhitespace).first == "{" && text.contains("\"Frames\"")
  }

  /// Reads a file; see ``DeepMimic/read(contentsOf:cycles:ifLooping:)``.
  public func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    ClipReading(clip: try DeepMimic.read(contentsOf: url, cycles: options.cycles, ifLooping: true))
  }

  /// Writes a file; see ``DeepMimic/write(_:to:joints:)``.
  public func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    try DeepMimic.write(clip, to: url, joints: joints)
  }
}

extension MotionFileFormat where Self == DeepMimicFormat {
  /// DeepMimic's JSON; see ``DeepMimic``.
  public static var deepMimic: DeepMimicFormat { DeepMimicFormat() }
}
