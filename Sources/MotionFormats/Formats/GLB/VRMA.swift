public import Foundation
import Kinematics
public import Retargeting
public import Support

/// VRM animation (`.vrma`): a motion that any VRM avatar plays, without retargeting.
///
///     try VRMA.write(clip, to: url)
///
/// The file is binary glTF with the extension `VRMC_vrm_animation` 1.0, which says which node is which of VRM's humanoid
/// bones. It wants a rest pose with arms out and the face along +Z; so the motion is put on the 22 canonical joints, with the
/// clip's own limbs. Fingers and props are left out, as they are from every canonical motion.
public enum VRMA {
  /// Writes a clip. The file appears whole or not at all.
  ///
  /// - Parameter map: Which joints are a biped's; found by name and shape if absent.
  /// - Returns: What changed, one sentence each.
  /// - Throws: A `SurefootError` for a motion of no biped, or with numbers outside ``MotionLimits``.
  @discardableResult
  public static func write(_ clip: Clip, to url: URL, joints map: JointMap? = nil) throws(SurefootError) -> [String] {
    try clip.motion.checkWritable(file: url.path)
    var notes: [String] = []
    var clip = clip
    if !clip.motion.skeleton.isCanonical {
      notes.append("put on the 22 joints of VRM's humanoid that motions have")
    }
    clip.motion = try clip.motion.retargetedToCanonical(file: url.path, joints: map, limbs: .source)
    let bones = Dictionary(uniqueKeysWithValues: CanonicalJoint.allCases.map { ($0.vrmBone, $0.rawValue) })
    return notes + (try GLB.write(clip, to: url, humanBones: bones))
  }
}

extension CanonicalJoint {
  /// VRM 1.0's name of the bone that begins at the joint.
  fileprivate var vrmBone: String {
    switch self {
    case .pelvis: "hips"
    case .spine1: "spine"
    case .spine2: "chest"
    case .spine3: "upperChest"
    case .neck: "neck"
    case .head: "head"
    case .leftHip: "leftUpperLeg"
    case .rightHip: "rightUpperLeg"
    case .leftKnee: "leftLowerLeg"
    case .rightKnee: "rightLowerLeg"
    case .leftAnkle: "leftFoot"
    case .rightAnkle: "rightFoot"
    case .leftFoot: "leftToes"
    case .rightFoot: "rightToes"
    case .leftCollar: "leftShoulder"
    case .rightCollar: "rightShoulder"
    case .leftShoulder: "leftUpperArm"
    case .rightShoulder: "rightUpperArm"
    case .leftElbow: "leftLowerArm"
    case .rightElbow: "rightLowerArm"
    case .leftWrist: "leftHand"
    case .rightWrist: "rightHand"
    }
  }
}

/// The format of ``VRMA`` files.
public struct VRMAFormat: MotionFileFormat {
  /// The format's name.
  public let name = "vrma"
  /// `.vrma`.
  public let fileExtensions = ["vrma"]
  /// Metres with Y up.
  public let traits = MotionFileTraits()

  /// The format, to give to a writer or a registry.
  public init() {}

  /// Reads a file as the glTF that it is; see ``GLB/reading(contentsOf:frameRate:animation:)``.
  public func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    try GLB.reading(contentsOf: url, frameRate: options.captureRate, animation: options.animation)
  }

  /// Writes a file; see ``VRMA/write(_:to:joints:)``.
  public func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    try VRMA.write(clip, to: url, joints: joints)
  }
}

extension MotionFileFormat where Self == VRMAFormat {
  /// VRM animation; see ``VRMA``.
  public static var vrma: VRMAFormat { VRMAFormat() }
}
