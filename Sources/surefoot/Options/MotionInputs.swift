import ArgumentParser
import Correction
import Dynamics
import Foundation
import Mocap

/// The motion files of commands that show motions.
struct MotionInputs: ParsableArguments {
  @Argument(help: "Motion files: .bvh, .amc (with its .asf) or DeepMimic's .txt.")
  var files: [String]

  @Option(name: .long, help: "The length unit of the files: m, cm, mm, inch, cmu or the metres in a unit.")
  var inputUnits: LengthUnit?

  @Option(name: .long, help: "The up axis of the files.")
  var inputUp: UpAxis?

  /// A clip that can be shown, its body if it is a biped's, and what a user should know.
  struct Shown {
    var name: String
    var clip: Clip
    var body: BodyModel?
    var notes: [String]
  }

  /// Reads every file. Motions on one skeleton share a body that is calibrated on the first, so that their figures
  /// compare; an artificial rest pose at the head is left out.
  func read() throws -> [Shown] {
    var bodies: [(skeleton: Skeleton, body: BodyModel?, refusal: String?)] = []
    var shown: [Shown] = []
    for file in files {
      let options = MotionFile.Options(metresPerUnit: inputUnits?.metres, up: inputUp?.axis)
      let reading = try MotionFile.reading(contentsOf: URL(fileURLWithPath: file), options: options)
      var clip = reading.clip
      var notes = reading.warnings
      let skipped = RestFrame.count(of: clip.motion)
      if skipped > 0 {
        clip.motion = clip.motion.frames(skipped..<clip.motion.count)
        notes.append("The first frame is a rest pose, not motion: it is not shown.")
      }
      guard clip.motion.count > 0, clip.motion.isFinite else {
        throw FileError(
          file: file, problem: "has no frames of finite numbers", mend: "check that the file holds motion")
      }
      if !bodies.contains(where: { $0.skeleton == clip.motion.skeleton }) {
        do {
          bodies.append((clip.motion.skeleton, try CorrectorBody().body(for: clip.motion), nil))
        } catch {
          bodies.append((clip.motion.skeleton, nil, "\(error)"))
        }
      }
      let found = bodies.first { $0.skeleton == clip.motion.skeleton }
      if let refusal = found?.refusal { notes.append("Bones without physics: \(refusal)") }
      shown.append(Shown(name: clip.name, clip: clip, body: found?.body, notes: notes))
    }
    return MotionInputs.named(shown, files: files)
  }

  /// Files of one name are told apart by their folders.
  private static func named(_ shown: [Shown], files: [String]) -> [Shown] {
    let twice = Dictionary(grouping: shown, by: \.name).filter { $0.value.count > 1 }
    return zip(shown, files).map { entry, file in
      guard twice[entry.name] != nil else { return entry }
      var entry = entry
      let folder = URL(fileURLWithPath: file).deletingLastPathComponent().lastPathComponent
      entry.name = "\(folder)/\(entry.name)"
      return entry
    }
  }
}
