import Foundation

/// One line of progress that is redrawn on a terminal and repeated every few seconds in a log.
///
/// The lock makes it safe to call from worker threads.
final class ProgressLine: @unchecked Sendable {
  private let isTerminal: Bool
  private let lock = NSLock()
  private var title = ""
  private var started = Date.distantPast
  private var startedAt = 0
  private var printed = Date.distantPast
  private var isOpen = false

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  func update(_ newTitle: String, done: Int, total: Int, unit: String, detail: String) {
    lock.lock()
    defer { lock.unlock() }
    let now = Date()
    if newTitle != title {
      close()
      (title, started, startedAt, printed) = (newTitle, now, done, .distantPast)
    }
    let isLast = done >= total
    guard isLast || now.timeIntervalSince(printed) > (isTerminal ? 0.1 : 10) else { return }
    printed = now
    let text = describe(done: done, total: total, unit: unit, detail: detail, now: now)
    if isTerminal {
      FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
      isOpen = true
      if isLast { close() }
    } else {
      FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
  }

  /// Ends a line that is being redrawn, so that other text starts on a line of its own.
  func finish() {
    lock.lock()
    defer { lock.unlock() }
    close()
  }

  /// Takes a line that is being redrawn away, so that other text takes its place.
  func clear() {
    lock.lock()
    defer { lock.unlock() }
    if isOpen { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    isOpen = false
  }

  private func close() {
    if isOpen { FileHandle.standardError.write(Data("\n".utf8)) }
    isOpen = false
  }

  private func describe(done: Int, total: Int, unit: String, detail: String, now: Date) -> String {
    let elapsed = now.timeIntervalSince(started)
    var text = "\(title): \(done)/\(total) \(unit)"
    if done > startedAt, elapsed > 0 {
      let rate = Double(done - startedAt) / elapsed
      text += String(format: rate >= 10 ? ", %.0f %@/s" : ", %.2f %@/s", rate, unit)
      text +=
        done < total ? ", \(ProgressLine.clock(Double(total - done) / rate)) left" : ", \(ProgressLine.clock(elapsed))"
    }
    return detail.isEmpty ? text : "\(text), \(detail)"
  }

  static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000 else { return "--" }
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : String(format: "%d:%02d min", whole / 60, whole % 60)
  }
}
