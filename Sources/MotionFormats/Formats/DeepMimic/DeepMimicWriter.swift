public import Foundation
import Kinematics
public import Retargeting
public import Support

extension DeepMimic {
  /// Writes a clip as a DeepMimic file: rows of 44 numbers for the humanoid of 13 bodies, which does not loop.
  ///
  /// A motion of that humanoid is written without loss. Any other biped is retargeted: every body points as the
  /// person's does; elbows and knees, which are hinges, keep the directions of both their bones; the distance walked is
  /// scaled by the legs' lengths.
  ///
  /// - Parameter map: Which joints are a biped's; found if absent.
  /// - Returns: What was changed, one sentence each.
  @discardableResult
  public static func write(_ clip: Clip, to url: URL, joints map: JointMap? = nil) throws(SurefootError) -> [String] {
    try clip.motion.checkWritable(file: url.path)
    var notes: [String] = []
    let source: DeepMimicSource
    if let humanoid = clip.motion.ordered(like: skeleton) {
      source = DeepMimicSource(humanoid: humanoid)
    } else {
      source = DeepMimicSource(
        canonical: try clip.motion.retargetedToCanonical(file: url.path, joints: map, limbs: .source))
      notes.append("retargeted to DeepMimic's humanoid of 13 bodies; its hands do not turn")
    }
    try AtomicFile.write(Data(text(of: source)), to: url)
    return notes
  }

  private static func text(of source: DeepMimicSource) -> [UInt8] {
    var text = Array("{\n\"Loop\": \"none\",\n\"Frames\": [\n".utf8)
    // Shortest digits that read back exactly, so that the rate stays the rate.
    let duration = Array(FixedPoint.exact(source.motion.frameTime).utf8)
    for (frame, pose) in source.motion.poses.enumerated() {
      if frame > 0 { text += Array(",\n".utf8) }
      text += Array("[".utf8) + duration
      for value in source.numbers(of: pose) {
        text += Array(", ".utf8)
        FixedPoint.append(value, to: &text)
      }
      text.append(UInt8(ascii: "]"))
    }
    return text + Array("\n]\n}\n".utf8)
  }
}

/// A motion to be written, with the joint that each body of the humanoid follows.
private struct DeepMimicSource {
  let motion: Motion
  /// The joint that each body follows, and the far end of a hinge's bone.
  private let joints: [Int]
  private let tips: [DeepMimic.Body: Int]
  private let hips: (left: Int, right: Int)
  private let scale: Double

  /// A motion of the humanoid itself.
  init(humanoid motion: Motion) {
    self.motion = motion
    joints = DeepMimic.jointOfBody
    tips = [.rightKnee: 5, .leftKnee: 11, .rightElbow: 8, .leftElbow: 14]
    hips = (9, 3)
    scale = 1
  }

  /// A canonical motion.
  init(canonical motion: Motion) {
    self.motion = motion
    let followed: [CanonicalJoint] = [
      .pelvis, .spine3, .head, .rightHip, .rightKnee, .rightAnkle, .rightShoulder, .rightElbow,
      .leftHip, .leftKnee, .leftAnkle, .leftShoulder, .leftElbow,
    ]
    joints = followed.map(\.rawValue)
    tips = [.rightKnee: .rightAnkle, .leftKnee: .leftAnkle, .rightElbow: .rightWrist, .leftElbow: .leftWrist]
      .mapValues { (joint: CanonicalJoint) in joint.rawValue }
    hips = (CanonicalJoint.leftHip.rawValue, CanonicalJoint.rightHip.rawValue)
    let legs = [motion.skeleton, DeepMimic.skeleton].map { skeleton -> Double in
      let names = ["LeftLeg", "LeftFoot"]
      return names.reduce(0) { sum, name in
        sum + (skeleton.index(of: name).map { skeleton.joints[$0].offset.length } ?? 0)
      }
    }
    scale = legs[0] > 1e-6 ? legs[1] / legs[0] : 1
  }

  /// The 43 numbers that follow the duration.
  func numbers(of pose: Pose) -> [Double] {
    let frames = motion.skeleton.frames(of: pose)
    // The humanoid's hips stand level with its root.
    let root = (frames.positions[hips.left] + frames.positions[hips.right]) / 2 * scale
    var numbers = [root.z, root.y, -root.x]
    var world = [Quaternion](repeating: .identity, count: DeepMimic.Body.allCases.count)
    var angles: [DeepMimic.Body: Double] = [:]
    for body in DeepMimic.Body.allCases { world[body.rawValue] = frames.rotations[joints[body.rawValue]] }
    for (hinge, tip) in tips {
      // A limb's upper body comes just before its hinge.
      let upper = hinge.rawValue - 1
      let places = [joints[upper], joints[hinge.rawValue], tip].map { frames.positions[$0] }
      let bent = Hinge(of: hinge).bend(world[upper], places[1] - places[0], places[2] - places[1])
      world[upper] = bent.upper
      world[hinge.rawValue] = bent.lower
      angles[hinge] = bent.angle
    }
    for body in DeepMimic.Body.allCases {
      if let angle = angles[body] {
        numbers.append(angle)
      } else {
        let parent = body.parent.map { world[$0.rawValue] } ?? .identity
        let turn = DeepMimicPoses.toFile((parent.inverse * world[body.rawValue]).normalized, body)
        numbers += [turn.w, turn.imaginary.x, turn.imaginary.y, turn.imaginary.z]
      }
    }
    return numbers
  }
}

/// A knee or elbow of the humanoid in T-pose.
private struct Hinge {
  /// Where the bones point at rest.
  let resting: SIMD3<Double>
  /// The axis about which the lower bone turns, in the upper's frame.
  let axis: SIMD3<Double>

  init(of body: DeepMimic.Body) {
    switch body {
    case .leftElbow: (resting, axis) = (.unitX, -.unitY)
    case .rightElbow: (resting, axis) = (-.unitX, .unitY)
    default: (resting, axis) = (-.unitY, -.unitX)
    }
  }

  /// The rotations in the world that point both bones as wanted. For a straight limb the axis is that of the upper
  /// bone's rotation `turn`.
  func bend(
    _ turn: Quaternion, _ upper: SIMD3<Double>, _ lower: SIMD3<Double>
  ) -> (upper: Quaternion, lower: Quaternion, angle: Double) {
    let (first, second) = (upper.normalized, lower.normalized)
    guard first.length > 0.5, second.length > 0.5 else { return (turn, turn, 0) }
    let hinge = turn.act(axis)
    let normal = first.cross(second)
    let bent = normal * (normal.dot(hinge) < 0 ? -1 : 1) + hinge * 0.01
    let about = (bent - first * bent.dot(first)).normalized
    guard about.length > 0.5 else { return (turn, turn, 0) }
    let from = (resting, axis, resting.cross(axis))
    let to = (first, about, first.cross(about))
    let upperTurn =
      Quaternion(columns: to.0, to.1, to.2) * Quaternion(columns: from.0, from.1, from.2).inverse
    let angle = atan2(about.dot(first.cross(second)), first.dot(second))
    return (upperTurn, upperTurn * Quaternion(angle: angle, axis: axis), angle)
  }
}

extension DeepMimic.Body {
  /// The parent body; `nil` for the root.
  fileprivate var parent: DeepMimic.Body? {
    switch self {
    case .root: nil
    case .chest, .rightHip, .leftHip: .root
    case .neck, .rightShoulder, .leftShoulder: .chest
    default: DeepMimic.Body(rawValue: rawValue - 1)
    }
  }
}
