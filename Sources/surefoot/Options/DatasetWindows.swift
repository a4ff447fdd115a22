import Datasets
import Diffusion
import Foundation

/// The windows of a prepared dataset as a model takes them.
enum DatasetWindows {
  /// Every window of one side of the split of the dataset in `folder`, mirrored ones included.
  static func load(_ folder: URL, split: Split) throws -> [TrainingWindow] {
    let dataset = try MotionDataset.load(folder)
    return try dataset.windows(in: split).map { window in
      TrainingWindow(motion: try dataset.motion(of: window), action: window.action)
    }
  }
}
