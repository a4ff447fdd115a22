import Foundation
import Generations

/// The event files of a run that is under way, written anew after every generation.
///
/// The lock makes it safe to call from worker threads.
final class LiveCurves: @unchecked Sendable {
  private let folder: URL
  private let lock = NSLock()
  private var generations: [GenerationMetrics] = []

  init(folder: URL) { self.folder = folder }

  /// A curve that cannot be written is no reason to end a run; it is said.
  func add(_ metrics: GenerationMetrics, _ console: Console) {
    lock.withLock {
      generations.append(metrics)
      do {
        try TensorBoardLog.write(generations, real: nil, to: folder)
      } catch {
        console.warn("\(error)")
      }
    }
  }
}
