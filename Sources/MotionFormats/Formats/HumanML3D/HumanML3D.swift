public import Foundation
import Kinematics
public import Retargeting
public import Support

/// Motions in the representation of HumanML3D, which text-to-motion models learn and write: `.npy` of shape
/// (frames, 263), 20 frames a second, 22 joints, metres.
///
///     let reading = try HumanML3D.reading(contentsOf: url)      // positions recovered, rotations fitted to them
///     let notes = try HumanML3D.write(clip, to: url)            // any biped, retargeted to 22 joints
///
/// Joint positions of shape (frames, 22, 3), as those models save them too, are read as well. A model's limbs change
/// their length from frame to frame; a skeleton's do not: the fit takes the mean and says how far joints moved for it.
public enum HumanML3D {
  /// Reads a file.
  ///
  /// - Parameter frameRate: Frames per second, which the format does not say; 20 if absent.
  /// - Throws: A `SurefootError` for an array of another shape, or numbers that are not finite.
  public static func reading(contentsOf url: URL, frameRate: Double? = nil) throws(SurefootError) -> ClipReading {
    let name = url.deletingPathExtension().lastPathComponent
    return try reading(bytes: try FileBytes.read(url), file: url.path, name: name, frameRate: frameRate)
  }

  /// Reads a file's bytes; `file` is its name in errors, `name` the clip's name.
  public static func reading(
    bytes: [UInt8], file: String, name: String, frameRate: Double? = nil
  ) throws(SurefootError) -> ClipReading {
    let rate = frameRate ?? HumanML3DFeatures.frameRate
    let frameTime = try MotionLimits.frameTime(ofRate: rate, file: file)
    let array = try NumPyArray(bytes: bytes, file: file)
    let fit = PositionFit(try positions(array, file: file))
    let motion = Motion(skeleton: fit.skeleton, frameTime: frameTime, poses: fit.poses)
    try motion.checkRead(file: file)
    var warnings: [String] = []
    if looksNormalised(array) {
      warnings.append(
        "\(file): the numbers look normalised: multiply by the data set's deviations and add its means before reading")
    }
    if fit.largestError > 1e-3 {
      let distance = String(format: "%.1f", fit.largestError * 1000)
      warnings.append("\(file): limbs change their lengths; with fixed ones a joint is up to \(distance) mm off")
    }
    let clip = Clip(name: name, motion: motion, convention: .centimetres, provenance: Provenance(source: file))
    return ClipReading(clip: clip, warnings: warnings)
  }

  /// Whether the rows are what a model sees: mean and deviation taken out, so that the root's height averages about
  /// zero, and the 21 rotations' two axes of three numbers are no unit vectors.
  private static func looksNormalised(_ array: NumPyArray) -> Bool {
    let width = HumanML3DFeatures.width
    guard array.shape.count == 2, array.shape[1] == width, let numbers = array.numbers else { return false }
    let rows = Double(array.shape[0])
    let height = stride(from: 3, to: numbers.count, by: width).reduce(0) { $0 + numbers[$1] } / rows
    guard height < 0.3 else { return false }
    let firstAxis = 4 + 21 * 3
    let lengths = stride(from: 0, to: numbers.count, by: width).flatMap { row in
      (0..<42).map { (axis: Int) -> Double in
        let start = row + firstAxis + 3 * axis
        return numbers[start..<start + 3].reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
    }
    return lengths.reduce(0) { $0 + abs($1 - 1) } / Double(lengths.count) > 0.3
  }

  private static func positions(_ array: NumPyArray, file: String) throws(SurefootError) -> [[SIMD3<Double>]] {
    let (shape, width) = (array.shape, HumanML3DFeatures.width)
    let isFeatures = shape.count == 2 && shape[1] == width
    let isPositions = shape.count == 3 && shape[1] == 22 && shape[2] == 3
    guard isFeatures || isPositions, shape[0] > 0, let numbers = array.numbers else {
      throw SurefootError(
        file: file, message: "an array of shape \(shape) is no motion of HumanML3D",
        suggestion: "give numbers of shape (frames, \(width)) or (frames, 22, 3)")
    }
    if let bad = numbers.firstIndex(where: { !$0.isFinite || abs($0) > 1e6 }) {
      let row = bad / (numbers.count / shape[0])
      throw SurefootError(
        file: file, message: "frame \(row) holds \(numbers[bad])", suggestion: "leave out or repair the frame")
    }
    guard isPositions else {
      let rows = stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<$0 + width]) }
      return HumanML3DFeatures.positions(of: rows)
    }
    return stride(from: 0, to: numbers.count, by: 66).map { start in
      stride(from: start, to: start + 66, by: 3).map { SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2]) }
    }
  }

  /// Writes a clip's 263 numbers a frame as single precision; one row fewer than frames.
  ///
  /// A skeleton other than the canonical is retargeted to it, another rate resampled to 20. The motion is placed as the
  /// dataset's motions are: on the floor, beginning over the origin, facing +Z.
  ///
  /// - Parameter map: Which joints are a biped's; found if absent.
  /// - Returns: What was changed, one sentence each.
  @discardableResult
  public static func write(_ clip: Clip, to url: URL, joints map: JointMap? = nil) throws(SurefootError) -> [String] {
    try clip.motion.checkWritable(file: url.path)
    var (motion, notes) = try canonical(clip.motion, file: url.path, map)
    if abs(motion.frameRate / HumanML3DFeatures.frameRate - 1) > 1e-4 {
      notes.append("resampled from \(String(format: "%.6g", motion.frameRate)) to 20 frames a second")
      motion = try motion.resampled(to: HumanML3DFeatures.frameRate, file: url.path, allowingLong: true)
    }
    guard motion.count > 1 else {
      throw SurefootError(
        file: url.path, message: "a motion of \(motion.count) frame at 20 a second has no step",
        suggestion: "give two frames"
      )
    }
    let rows = HumanML3DFeatures.rows(of: motion.jointPositions).rows
    let array = NumPyArray(shape: [rows.count, HumanML3DFeatures.width], .floats(rows.flatMap { $0 }))
    try AtomicFile.write(Data(array.bytes), to: url)
    return notes
  }

  private static func canonical(
    _ motion: Motion, file: String, _ map: JointMap?
  ) throws(SurefootError) -> (Motion, [String]) {
    if let motion = motion.ordered(like: .canonical) { return (motion, []) }
    let retargeted = try motion.retargetedToCanonical(file: file, joints: map)
    return (retargeted, ["retargeted to the canonical body of 22 joints"])
  }
}

/// The format of ``HumanML3D`` files.
public struct HumanML3DFormat: MotionFileFormat {
  /// The format's name.
  public let name = "humanml3d"
  /// `.npy`.
  public let fileExtensions = ["npy"]
  /// Metres with Y up, always at 20 frames per second.
  public let traits = MotionFileTraits(frameRate: HumanML3DFeatures.frameRate)

  /// The format, to give to a writer or a registry.
  public init() {}

  /// Whether the array has the shape of features or positions: other arrays, a data set's statistics for one, lie
  /// beside motions.
  public func looksLike(_ head: FileHead) -> Bool {
    let text = String(decoding: head.bytes(upTo: 128), as: UTF8.self)
    return text.contains("NUMPY") && (text.contains(", 263)") || text.contains(", 22, 3)"))
  }

  /// Reads a file; see ``HumanML3D/reading(contentsOf:frameRate:)``.
  public func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    try HumanML3D.reading(contentsOf: url, frameRate: options.captureRate)
  }

  /// Writes a file; see ``HumanML3D/write(_:to:joints:)``.
  public func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    try HumanML3D.write(clip, to: url, joints: joints)
  }
}

extension MotionFileFormat where Self == HumanML3DFormat {
  /// HumanML3D's 263 numbers a frame; see ``HumanML3D``.
  public static var humanML3D: HumanML3DFormat { HumanML3DFormat() }
}
