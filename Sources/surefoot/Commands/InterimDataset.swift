import Foundation
import Mocap

// Stands in until prepared datasets can be loaded by Mocap itself (`MotionDataset.load`, `motion(of:)`): delete this file
// then. It reads a folder of canonical clips, `manifest.json` with the frame rate and the windows, `clips/NAME.bvh`.

/// What the interim manifest holds.
struct InterimManifest: Codable {
  var frameRate: Double
  var windows: [MotionWindow]
}

extension MotionDataset {
  static func load(_ folder: URL) throws(FileError) -> MotionDataset {
    let file = folder.appendingPathComponent("manifest.json")
    let data: Data
    let manifest: InterimManifest
    do {
      data = try Data(contentsOf: file)
      manifest = try JSONDecoder().decode(InterimManifest.self, from: data)
    } catch {
      throw FileError(
        file: file.path, problem: "is no dataset's manifest (\(error.localizedDescription))",
        mend: "make the dataset with `surefoot data prepare`")
    }
    var clips: [String: Clip] = [:]
    for name in Set(manifest.windows.map(\.clip)).sorted() {
      var clip = try BVH.read(
        contentsOf: folder.appendingPathComponent("clips/\(name).bvh"), convention: .centimetres)
      clip.motion = clip.motion.ordered(like: .canonical) ?? clip.motion
      clips[name] = clip
    }
    let skeleton = clips.values.min { $0.name < $1.name }?.motion.skeleton ?? .canonical
    return MotionDataset(
      frameRate: manifest.frameRate, skeleton: skeleton, clips: clips, windows: manifest.windows,
      sha256: SHA256.hexadecimal(of: data))
  }

  func motion(of window: MotionWindow) throws -> Motion {
    guard let clip = clips[window.clip], window.start >= 0, window.frames > 0,
      window.start + window.frames <= clip.motion.count, !window.mirrored
    else { throw FileError(file: window.id, problem: "is no window of its clip") }
    return clip.motion.frames(window.start..<window.start + window.frames)
  }
}
