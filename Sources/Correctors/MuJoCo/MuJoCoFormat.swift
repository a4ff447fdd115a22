import Dynamics
public import Foundation
import Kinematics
public import MotionFormats
public import Retargeting
public import Support

/// A clip for MuJoCo: the body as an MJCF model (`NAME.xml`), and beside it the motion (`NAME.npz`).
///
///     let notes = try MuJoCoFormat().write(clip, to: URL(fileURLWithPath: "walk.xml"), joints: nil)
///     # Python: model = mujoco.MjModel.from_xml_path("walk.xml"); data.qpos[:] = numpy.load("walk.npz")["qpos"][0]
///
/// Use it to hand a corrected clip to a robot's simulator as a reference. The model is the body that corrections simulate:
/// its masses, inertias, ball joints and solids, in kilograms and metres, with the clip's up axis. The archive holds, of
/// T frames:
///
/// | array | shape | what |
/// |---|---|---|
/// | `qpos` | T, 7 + 4 x 12 | the pelvis's place and quaternion, then each ball joint's quaternion, `w x y z` |
/// | `qvel` | T, 6 + 3 x 12 | by central differences, as MuJoCo defines it: angular velocities in the child's frame |
/// | `time`, `frame_rate` | T; one | s; frames a second |
/// | `bodies` | 13 | the bodies' names in MuJoCo's order |
/// | `positions` | T, 13, 3 | where the bodies' origins, their joints, are [m]: to check a reader by |
///
/// Joint ranges are not written: those of a ball joint cannot say what a hip or a knee may do.
public struct MuJoCoFormat: MotionFileFormat {
  /// The format's name.
  public let name = "mujoco"
  /// `.xml`.
  public let fileExtensions = ["xml"]
  /// Lengths are metres; the up axis is free.
  public let traits = MotionFileTraits(hasUnits: false, hasUpAxis: true)

  /// The format, to give to a writer or a registry.
  public init() {}

  /// No `.xml` file is read as a motion.
  public func looksLike(_ head: FileHead) -> Bool { false }

  /// Refuses: a model without its motion is no clip.
  public func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    throw SurefootError(
      file: url.path, message: "is not read: MuJoCo's files are written only",
      suggestion: "read the BVH file that it was made from")
  }

  /// Writes `NAME.npz`, then `NAME.xml`. Each appears whole or not at all.
  ///
  /// - Returns: How far segments lie from the skeleton's joints, where collar bones or a bent spine move them.
  /// - Throws: A `SurefootError` for a skeleton that is not a biped's, or a motion that no corrector takes.
  public func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    let body: BodyModel
    do {
      let owner = CorrectorBody(infer: { try CorrectorBody.joints(of: $0, map: joints) })
      body = try owner.body(for: clip.motion)
    } catch var error as SurefootError {
      error.file = error.file ?? url.path
      throw error
    } catch {
      throw SurefootError(file: url.path, message: "\(error)")
    }
    let model = MuJoCoModel(body: body, up: clip.convention.up)
    let motion = MuJoCoMotion(clip.motion, body: body, up: clip.convention.up)
    let archive = url.deletingPathExtension().appendingPathExtension("npz")
    try AtomicFile.write(Data(motion.archive.bytes), to: archive)
    try AtomicFile.write(model.xml(name: clip.name), to: url)
    let off = Int((1000 * motion.largestShift).rounded())
    return off > 1
      ? ["the body is rigid between its joints: collar bones and a bent spine are left out, by up to \(off) mm"] : []
  }
}

extension MotionFileFormat where Self == MuJoCoFormat {
  /// MuJoCo's; see ``MuJoCoFormat``.
  public static var mujoco: MuJoCoFormat { MuJoCoFormat() }
}

extension MotionFormatRegistry {
  /// The built-in formats, and MuJoCo's, which needs a body model.
  public static let withMuJoCo = MotionFormatRegistry.builtIn.adding(MuJoCoFormat())
}
