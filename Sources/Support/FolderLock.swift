package import Foundation
import Synchronization

/// The right to work on a folder, which one process has at a time, on any machine that has the folder.
///
///     let lock = try await FolderLock(folder, named: ".loop.lock") { print("waiting for \($0)") }
///     defer { withExtendedLifetime(lock) {} }
///
/// It is a file that is made by linking, which network file systems do for one process alone, and that its holder touches
/// every few seconds. It ends with the object. A holder that was killed is found dead at once on its own machine, and
/// elsewhere when its file has not changed for a minute by the waiting process's own clock; its place is taken then.
package final class FolderLock: Sendable {
  private let url: URL
  private let holder: LockHolder
  private let file: Int32
  // Dispatch sources may be used from any thread.
  nonisolated(unsafe) private let beats: any DispatchSourceTimer
  private let isLost = Atomic(false)

  /// Seconds between two signs of life.
  private static let interval = 10
  /// Seconds without one after which a holder on another machine counts as dead.
  package static let patience = 60.0

  /// Takes the lock, and waits for it while another process has it.
  ///
  /// - Parameters:
  ///   - name: The file of the lock in the folder.
  ///   - patience: Seconds without a sign of life after which a holder on another machine counts as dead.
  ///   - waiting: Called once, with the holder, if another process has the lock.
  /// - Throws: A `SurefootError` if the file cannot be made, `CancellationError` if the task is cancelled.
  package init(
    _ folder: URL, named name: String, patience: Double = FolderLock.patience, waiting: (LockHolder) -> Void = { _ in }
  ) async throws {
    url = folder.appendingPathComponent(name)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let holder = LockHolder.this()
    self.holder = holder
    let place = LockFile(url)
    var watch = LockWatch(patience: patience)
    var isFirst = true
    while true {
      if let file = try place.take(holder) {
        self.file = file
        break
      }
      let other = place.holder
      if watch.isDead(other) {
        if let file = try place.replace(other, by: holder) {
          self.file = file
          break
        }
      } else {
        if isFirst, let other { waiting(other) }
        isFirst = isFirst && other == nil
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    // A process that ends by a signal removes the file as well.
    Unfinished.add(url.path)
    beats = DispatchSource.makeTimerSource(queue: .global())
    beats.schedule(deadline: .now() + .seconds(Self.interval), repeating: .seconds(Self.interval))
    var count = 0
    beats.setEventHandler { [weak self] in
      count += 1
      self?.beat(count)
    }
    beats.resume()
  }

  /// Refuses to go on if another process took the place of this one, because it slept for longer than the patience.
  ///
  /// - Throws: A `SurefootError` that names the other process.
  package func check() throws(SurefootError) {
    guard isLost.load(ordering: .relaxed) else { return }
    let other = LockFile(url).holder.map { "\($0)" } ?? "another process"
    throw SurefootError(
      .unwritable, file: url.path, message: "\(other) took over this folder while this process was stopped",
      suggestion: "give the command again when that has ended")
  }

  func beat(_ count: Int) {
    // In place: if another has replaced the file, this one's is no more to be seen.
    let text = LockHolder.text(beat: count)
    _ = text.withCString { pwrite(file, $0, strlen($0), 0) }
    fsync(file)
    if LockFile(url).holder?.token != holder.token { isLost.store(true, ordering: .relaxed) }
  }

  deinit {
    beats.cancel()
    Unfinished.remove(url.path)
    if LockFile(url).holder?.token == holder.token { unlink(url.path) }
    close(file)
  }
}

/// Whether a holder is dead, by what has been seen of it so far.
struct LockWatch {
  let patience: Double
  private var seen: (holder: LockHolder?, since: ContinuousClock.Instant)?

  init(patience: Double) { self.patience = patience }

  /// - Parameter holder: As the file has it now; `nil` for a file that is torn or gone.
  mutating func isDead(_ holder: LockHolder?) -> Bool {
    if let hasEnded = holder?.hasEnded { return hasEnded }
    // By this process's clock: those of machines differ.
    let now = ContinuousClock.now
    guard let seen, seen.holder == holder else {
      seen = (holder, now)
      return false
    }
    return now - seen.since > .seconds(patience)
  }
}
