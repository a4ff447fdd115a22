import Diffusion
import Foundation
import Mocap

/// The windows of a prepared dataset as a model takes them.
///
/// Reads `manifest.json` (frame rate and windows) and `clips/NAME.bvh` itself; when `MotionDataset` can be loaded, this
/// becomes a map over its windows.
enum DatasetWindows {
  private struct Manifest: Decodable {
    var windows: [MotionWindow]
  }

  static func load(_ folder: URL, split: Split) throws -> [TrainingWindow] {
    let file = folder.appendingPathComponent("manifest.json")
    let manifest: Manifest
    do {
      manifest = try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: file))
    } catch {
      throw FileError(
        file: file.path, problem: "is no dataset's manifest", mend: "make the dataset with `surefoot data prepare`")
    }
    var motions: [String: Motion] = [:]
    return try manifest.windows.filter { $0.split == split && !$0.mirrored }.map { window in
      let clip = folder.appendingPathComponent("clips/\(window.clip).bvh")
      let motion = try motions[window.clip] ?? BVH.read(contentsOf: clip, convention: .centimetres).motion
      motions[window.clip] = motion
      let (end, overflow) = window.start.addingReportingOverflow(window.frames)
      guard window.start >= 0, window.frames > 1, !overflow, end <= motion.count else {
        throw FileError(
          file: file.path, problem: "the window \(window.id) lies outside its clip of \(motion.count) frames",
          mend: "prepare the dataset anew")
      }
      return TrainingWindow(motion: motion.frames(window.start..<end), action: window.action)
    }
  }
}
