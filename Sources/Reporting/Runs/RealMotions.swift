public import Datasets
import Foundation
public import Generations
public import Kinematics
public import MotionFormats

/// Windows of the dataset that a run was trained on, to be shown beside what its models make.
struct RealMotions {
  /// A window of real motion that no model has seen.
  struct Shown {
    var window: MotionWindow
    var motion: Motion
  }

  let shown: [Shown]

  /// One evaluation window an action, of the actions given, each another one; none if the dataset is not there or is
  /// not the run's.
  init(_ run: RunFolder, actions: [String]) {
    guard let folder = run.data, let (manifest, sha256) = try? MotionDataset.manifest(of: folder),
      sha256 == run.record?.dataset
    else {
      shown = []
      return
    }
    let windows = manifest.windows.filter { $0.split == .evaluation && !$0.mirrored }
    // Of several clips rather than several windows of one.
    var (taken, clips) = (Set<String>(), Set<String>())
    shown = actions.compactMap { action in
      let fitting = windows.filter { $0.action == action && !taken.contains($0.id) }
      guard let window = fitting.first(where: { !clips.contains($0.clip) }) ?? fitting.first else { return nil }
      taken.insert(window.id)
      clips.insert(window.clip)
      let file = folder.appendingPathComponent("clips/\(window.clip).bvh")
      guard let motion = try? BVH.reading(contentsOf: file, metresPerUnit: 0.01, up: .y).clip.motion,
        window.start >= 0, window.frames > 0, window.start + window.frames <= motion.count
      else { return nil }
      return Shown(window: window, motion: motion.frames(window.start..<window.start + window.frames))
    }
  }
}
