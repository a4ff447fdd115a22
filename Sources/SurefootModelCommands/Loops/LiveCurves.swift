import Foundation
import Generations
import SurefootCommands
import Synchronization

/// The event files of a run that is under way, written anew after every generation.
final class LiveCurves: Sendable {
  private let folder: URL
  private let generations = Mutex<[GenerationMetrics]>([])

  init(folder: URL) { self.folder = folder }

  /// A curve that cannot be written is no reason to end a run: it is a warning.
  func add(_ metrics: GenerationMetrics, _ console: Console) {
    generations.withLock { generations in
      generations.append(metrics)
      do {
        try TensorBoardLog.write(generations, real: nil, to: folder)
      } catch {
        console.warn("\(error)")
      }
    }
  }
}
