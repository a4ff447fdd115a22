import Foundation
import Support
import Synchronization

/// What a command prints: results on standard output, everything else on standard error.
///
/// Progress redraws one line on a terminal and prints a plain line now and then in a log; `--quiet` silences both. Control
/// characters in names from files are written out.
package final class Console: Sendable {
  /// Whether only results and errors are printed.
  package let isQuiet: Bool
  /// Whether results are printed as JSON.
  package let isJSON: Bool
  private let line = ProgressLine(isTerminal: isatty(STDERR_FILENO) == 1)

  package init(isQuiet: Bool, isJSON: Bool) {
    self.isQuiet = isQuiet
    self.isJSON = isJSON
  }

  /// A sentence for the user that is no result.
  package func note(_ text: String) {
    guard !isQuiet else { return }
    line.finish()
    Console.write(PlainText.visible(text) + "\n", to: .standardError)
  }

  /// A fault of one item of a batch that goes on; never silenced.
  package func warn(_ text: String) {
    line.finish()
    Console.write("warning: \(PlainText.visible(text))\n", to: .standardError)
  }

  /// Why the command ends without a result; never silenced.
  package func fault(_ text: String) {
    line.finish()
    Console.write("error: \(PlainText.visible(text))\n", to: .standardError)
  }

  /// Progress of a long step: `done` of `total` items of a kind, with the rate and the time left.
  package func progress(_ title: String, done: Int, total: Int, unit: String, detail: String = "") {
    guard !isQuiet else { return }
    line.update(title, done: done, total: total, unit: unit, detail: detail)
  }

  /// A result for a reader; nothing under `--json`.
  package func result(_ text: String) {
    line.finish()
    guard !isJSON else { return }
    Console.write(PlainText.visible(text) + "\n", to: .standardOutput)
  }

  /// A table of what was done, beside the files that are the result: nothing under `--quiet` or `--json`.
  package func table(_ table: TextTable) {
    guard !isQuiet else { return }
    result(table.text(width: Console.width))
  }

  /// The columns of the terminal that standard output goes to; `nil` for a file or a pipe, where nothing is cut.
  package static var width: Int? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }

  /// A line of a longer result, while progress goes on below it; nothing under `--json`.
  package func row(_ text: String) {
    line.clear()
    guard !isJSON else { return }
    Console.write(PlainText.visible(text) + "\n", to: .standardOutput)
  }

  /// A result for a program; nothing without `--json`. Keys are sorted, so that equal results are equal bytes.
  package func emit(_ value: some Encodable) throws {
    guard isJSON else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    line.finish()
    let json = PlainText.visible(json: String(decoding: try encoder.encode(value), as: UTF8.self))
    Console.write(json + "\n", to: .standardOutput)
  }

  // MARK: Output that cannot be written

  private static let failure = Mutex<Int32?>(nil)

  /// Why some of the results did not reach standard output; `nil` if all did, or if the reader closed it (`| head`).
  static var outputFailure: String? {
    failure.withLock { $0 }.map { String(cString: strerror($0)) }
  }

  private static func write(_ text: String, to handle: FileHandle) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(handle.fileDescriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno != EINTR {
        let reason = errno
        if handle.fileDescriptor == STDOUT_FILENO, reason != EPIPE { failure.withLock { $0 = $0 ?? reason } }
        return
      }
    }
  }
}
