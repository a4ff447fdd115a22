import ArgumentParser
import Foundation
import Kinematics
import MotionFormats
import Support

/// What bodies stand on beside the floor.
struct SceneOptions: ParsableArguments, Sendable {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Boxes, slopes and steps on the floor: a .yaml file, in metres and in the clip's axes.", valueName: "file"))
  var scene: String?

  func validate() throws {
    guard let scene else { return }
    guard !InputFile.isFolder(scene) else { throw ValidationError("--scene \(scene): name a file, not a folder") }
    guard FileManager.default.fileExists(atPath: scene) else { throw ValidationError("--scene \(scene): no such file") }
  }

  /// The scene; `nil` for the floor alone.
  ///
  /// - Throws: A `SurefootError` for a file that is no scene.
  func read() throws -> SceneFile? {
    guard let scene else { return nil }
    var file = try SceneFile.read(contentsOf: URL(fileURLWithPath: scene))
    file.file = scene
    return file
  }
}

extension SceneFile {
  /// The ground of a clip, checked for a body that is inside of it.
  func ground(for clip: Clip) throws(SurefootError) -> Ground {
    try check(for: clip.motion, up: clip.convention.up)
    return ground(up: clip.convention.up)
  }
}
