public import Foundation
public import Kinematics
import MotionFormats
public import Support
import Retargeting

extension MotionDataset {
  /// Loads a folder that `surefoot data prepare` wrote, and checks every clip's hash.
  ///
  /// - Parameter frameRate: The frames a second that the caller needs, if any.
  /// - Throws: A `SurefootError` if the folder is no whole dataset, is empty, is at another rate, holds another skeleton or
  ///   was damaged.
  public static func load(_ folder: URL, frameRate: Double? = nil) throws(SurefootError) -> MotionDataset {
    let (manifest, sha256) = try manifest(of: folder)
    let file = folder.appendingPathComponent(manifestName).path
    if let frameRate, abs(manifest.frameRate - frameRate) > 1e-6 {
      throw SurefootError(
        file: file, message: "the dataset has \(manifest.frameRate) frames a second, not \(frameRate)",
        suggestion: "prepare it with --fps \(frameRate)")
    }
    guard !manifest.windows.isEmpty else {
      throw SurefootError(
        file: file, message: "the dataset is empty: all \(manifest.rejected.count) clips were rejected",
        suggestion: "see 'rejected' in the manifest for the reasons")
    }
    guard manifest.skeleton.isCanonical else {
      throw SurefootError(
        file: file, message: "the dataset is on another skeleton than the canonical one",
        suggestion: "prepare it again with this program")
    }
    var clips: [String: Clip] = [:]
    for prepared in manifest.clips { clips[prepared.name] = try load(prepared, manifest, folder) }
    try check(manifest, clips, file: file)
    return MotionDataset(
      frameRate: manifest.frameRate, skeleton: manifest.skeleton, clips: clips, windows: manifest.windows,
      sha256: sha256)
  }

  /// The manifest of a dataset's folder and the SHA-256 of its bytes, without the clips.
  public static func manifest(of folder: URL) throws(SurefootError) -> (manifest: DatasetManifest, sha256: String) {
    let file = folder.appendingPathComponent(manifestName)
    guard let data = try? Data(contentsOf: file) else {
      throw SurefootError(
        file: file.path, message: "there is no manifest: the folder is no dataset, or its preparation did not finish",
        suggestion: "prepare it with `surefoot data prepare DIR... -o \(folder.path)`")
    }
    do {
      let manifest = try JSONDecoder().decode(DatasetManifest.self, from: data)
      guard manifest.version == 1, manifest.frameRate > 0, manifest.frameRate.isFinite else {
        throw CocoaError(.coderInvalidValue)
      }
      return (manifest, SHA256.hexadecimal(of: data))
    } catch {
      throw SurefootError(
        file: file.path, message: "is no dataset's manifest (\(brief(error)))", suggestion: "prepare the dataset again")
    }
  }

  /// The motion of a window: its frames, mirrored if it says so.
  ///
  /// - Throws: A `SurefootError` for a window that is none of this dataset's.
  /// - Complexity: O(frames · joints).
  public func motion(of window: MotionWindow) throws(SurefootError) -> Motion {
    guard let clip = clips[window.clip], window.start >= 0, window.frames > 0,
      window.frames <= clip.motion.count, window.start <= clip.motion.count - window.frames
    else {
      throw SurefootError(
        file: window.id, message: "the window is none of this dataset's", suggestion: "use its own windows")
    }
    let cut = clip.motion.frames(window.start..<window.start + window.frames)
    return window.mirrored ? cut.mirrored() : cut
  }

  static let manifestName = "manifest.json"
  /// The file in which a training keeps the captions' embeddings.
  package static let embeddingsName = "captions.safetensors"

  private static func load(
    _ prepared: DatasetManifest.PreparedClip, _ manifest: DatasetManifest, _ folder: URL
  ) throws(SurefootError) -> Clip {
    let file = folder.appendingPathComponent("clips/\(prepared.name).bvh")
    // The manifest may come from anybody: a name must not lead out of the folder.
    guard !prepared.name.contains("/"), !prepared.name.contains("\0") else {
      throw SurefootError(
        file: folder.appendingPathComponent(manifestName).path,
        message: "the clip name '\(prepared.name)' is not a file name", suggestion: "prepare the dataset again")
    }
    guard let data = try? Data(contentsOf: file) else {
      throw SurefootError(
        file: file.path, message: "a clip of the dataset is missing", suggestion: "prepare the dataset again")
    }
    guard SHA256.hexadecimal(of: data) == prepared.sha256 else {
      throw SurefootError(
        file: file.path, message: "the clip is not the one that was prepared: its SHA-256 differs from the manifest's",
        suggestion: "prepare the dataset again")
    }
    var clip = try BVH.reading(
      bytes: Array(data), file: file.path, name: prepared.name, metresPerUnit: 0.01, up: .y
    ).clip
    guard let ordered = clip.motion.ordered(like: .canonical), ordered.count == prepared.frames else {
      throw SurefootError(
        file: file.path, message: "the clip is not on the canonical skeleton", suggestion: "prepare the dataset again")
    }
    // The file's six decimals of a frame time are not the rate; the skeleton's own numbers are the manifest's.
    let isShared = manifest.limbLengths == .canonical
    clip.motion = Motion(
      skeleton: isShared ? manifest.skeleton : ordered.skeleton, frameTime: 1 / manifest.frameRate,
      poses: ordered.poses)
    clip.provenance = Provenance(
      source: prepared.source, sha256: prepared.sourceSHA256, subject: prepared.subject.nonEmpty,
      action: prepared.action, description: prepared.description.nonEmpty, licence: prepared.licence.nonEmpty)
    return clip
  }

  private static func check(
    _ manifest: DatasetManifest, _ clips: [String: Clip], file: String
  ) throws(SurefootError) {
    for window in manifest.windows {
      guard let clip = clips[window.clip], window.start >= 0, window.frames > 0,
        window.frames <= clip.motion.count, window.start <= clip.motion.count - window.frames
      else {
        throw SurefootError(
          file: file, message: "window '\(window.id)' is outside its clip", suggestion: "prepare the dataset again")
      }
    }
  }

  private static func brief(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error.localizedDescription)" }
    switch error {
    case .keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      return context.codingPath.map(\.stringValue).joined(separator: ".") + " " + context.debugDescription
    @unknown default: return "unreadable"
    }
  }
}
