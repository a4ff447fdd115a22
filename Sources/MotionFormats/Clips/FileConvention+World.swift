import Foundation
import Kinematics
import Support

extension FileConvention {
  /// Metres in an inch.
  static let inch = 0.0254
  /// Metres in CMU's length unit: inches by ASF's `:units length 0.45`.
  static let cmu = 0.0254 / 0.45

  /// The length units that motion files have, with their names in messages.
  static let units: [(name: String, metres: Double)] = [
    ("m", 1), ("cm", 0.01), ("inch", inch), ("mm", 0.001), ("cmu", cmu), ("ft", 0.3048), ("dm", 0.1),
  ]

  /// A length unit's name in messages, `cm`; its metres for one without a name.
  static func name(ofUnit metres: Double) -> String {
    units.first { abs($0.metres / metres - 1) < 1e-6 }?.name ?? "\(String(format: "%.4g", metres)) m"
  }

  /// Refuses a unit or an axis that no file has.
  static func check(metresPerUnit: Double?, up: Axis?, file: String) throws(SurefootError) {
    if let metresPerUnit, !(1e-6...1e6).contains(metresPerUnit) {
      throw SurefootError(
        .invalidSettings, file: file, message: "a length unit of \(metresPerUnit) m is impossible",
        suggestion: "give m, cm, inch or the metres in one unit")
    }
    if up == .x {
      throw SurefootError(
        .invalidSettings, file: file, message: "X cannot be the up axis", suggestion: "choose Y or Z")
    }
  }

  /// The motion in metres and Y up, from the file's units and axes.
  ///
  /// A Z-up file is turned as a whole, rest pose and local frames included, so that the skeleton stands up at rest. The
  /// turn permutes components and changes signs: nothing is lost.
  func intoWorld(_ motion: Motion) -> Motion {
    let (scale, turns) = (metresPerUnit, up == .z)
    func length(_ v: SIMD3<Double>) -> SIMD3<Double> { (turns ? SIMD3(v.x, v.z, -v.y) : v) * scale }
    func turn(_ q: Quaternion) -> Quaternion {
      turns ? Quaternion(w: q.w, x: q.imaginary.x, y: q.imaginary.z, z: -q.imaginary.y) : q
    }
    return Self.map(motion, length, turn)
  }

  /// The motion in the file's units and axes: the inverse of ``intoWorld(_:)``.
  func intoFile(_ motion: Motion) -> Motion {
    let (scale, turns) = (metresPerUnit, up == .z)
    func length(_ v: SIMD3<Double>) -> SIMD3<Double> { (turns ? SIMD3(v.x, -v.z, v.y) : v) / scale }
    func turn(_ q: Quaternion) -> Quaternion {
      turns ? Quaternion(w: q.w, x: q.imaginary.x, y: -q.imaginary.z, z: q.imaginary.y) : q
    }
    return Self.map(motion, length, turn)
  }

  private static func map(
    _ motion: Motion, _ length: (SIMD3<Double>) -> SIMD3<Double>, _ turn: (Quaternion) -> Quaternion
  ) -> Motion {
    let joints = motion.skeleton.joints.map { joint in
      Joint(
        name: joint.name, parent: joint.parent, offset: length(joint.offset), channels: joint.channels,
        endSite: joint.endSite.map(length))
    }
    let poses = motion.poses.map { pose in
      Pose(
        rootPosition: length(pose.rootPosition), rotations: pose.rotations.map(turn),
        translations: pose.translations.mapValues(length))
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: motion.frameTime, poses: poses)
  }
}
