public import Foundation
public import Kinematics
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
  ///   - cycles: How often a clip with `"Loop": "wrap"` is gone through, each time on from where and which way the one
  ///     before it ended.
  ///   - ifLooping: Whether a clip that does not loop is read once instead of refused when `cycles` is above 1.
  /// - Throws: A `SurefootError` with line and column for whatever is no such file.
  public static func read(
    contentsOf url: URL, cycles: Int = 1, ifLooping: Bool = false
  ) throws(SurefootError) -> Clip {
    try read(
      bytes: try FileBytes.read(url), file: url.path, name: url.deletingPathExtension().lastPathComponent,
      cycles: cycles, ifLooping: ifLooping)
  }

  /// Reads a file's bytes; `file` stands in errors, `name` names the clip.
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
    guard motion.isFinite else {
      throw SurefootError(file: file, message: "its numbers are too large for a motion", suggestion: "fetch it again")
    }
    let action = name.replacingOccurrences(of: "humanoid3d_", with: "")
    return Clip(
      name: name, motion: motion, convention: FileConvention.centimetres,
      provenance: Provenance(source: file, action: action))
  }

  /// The poses at the uniform rate of the most common duration; as they are if they have it already.
  private static func uniform(_ timed: [(time: Double, pose: Pose)], file: String) throws(SurefootError) -> Motion {
    let durations = zip(timed, timed.dropFirst()).map { $1.time - $0.time }
    var counts: [Int: Int] = [:]
    // To the microsecond: files round their durations.
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
    guard total / frameTime < 1e7 else {
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
