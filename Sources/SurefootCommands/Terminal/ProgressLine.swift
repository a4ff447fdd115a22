import Foundation
import Support
import Synchronization

/// One line of progress that is redrawn on a terminal and repeated every few seconds in a log.
///
/// Programs that show the progress themselves ask for lines more often: `SUREFOOT_PROGRESS_SECONDS=0.25`.
package final class ProgressLine: Sendable {
  private struct State {
    var title = ""
    var started = Date.distantPast
    var startedAt = 0
    var printed = Date.distantPast
    var isOpen = false
  }

  private let isTerminal: Bool
  private let state = Mutex(State())

  /// Seconds from one line to the next.
  private let interval: Double

  init(isTerminal: Bool) {
    self.isTerminal = isTerminal
    let asked = ProcessInfo.processInfo.environment["SUREFOOT_PROGRESS_SECONDS"].flatMap(Double.init)
    interval = isTerminal ? 0.1 : max(0.05, asked ?? 10)
  }

  func update(_ title: String, done: Int, total: Int, unit: String, detail: String) {
    state.withLock { state in
      let now = Date()
      if title != state.title {
        Self.close(&state)
        state = State(title: title, started: now, startedAt: done)
      }
      let isLast = done >= total
      guard isLast || now.timeIntervalSince(state.printed) > interval else { return }
      state.printed = now
      let text = PlainText.visible(Self.describe(state, done: done, total: total, unit: unit, detail: detail))
      guard isTerminal else { return Self.write("\(text)\n") }
      Self.write("\r\u{1B}[K\(text)")
      state.isOpen = true
      if isLast { Self.close(&state) }
    }
  }

  /// Ends a line that is being redrawn, so that other text starts on a new line.
  func finish() {
    state.withLock { Self.close(&$0) }
  }

  /// Removes a line that is being redrawn, so that other text takes its place.
  func clear() {
    state.withLock { state in
      if state.isOpen { Self.write("\r\u{1B}[K") }
      state.isOpen = false
    }
  }

  private static func close(_ state: inout State) {
    if state.isOpen { write("\n") }
    state.isOpen = false
  }

  private static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  private static func describe(_ state: State, done: Int, total: Int, unit: String, detail: String) -> String {
    let elapsed = state.printed.timeIntervalSince(state.started)
    var text = "\(state.title): \(done)/\(total) \(unit)"
    if done > state.startedAt, elapsed > 0 {
      let rate = Double(done - state.startedAt) / elapsed
      text += String(format: rate >= 10 ? ", %.0f %@/s" : ", %.2f %@/s", rate, unit)
      text += done < total ? ", \(clock(Double(total - done) / rate)) left" : ", \(clock(elapsed))"
    }
    return detail.isEmpty ? text : "\(text), \(detail)"
  }

  /// A duration in seconds or minutes.
  package static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000 else { return "--" }
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : String(format: "%d:%02d min", whole / 60, whole % 60)
  }
}
