import Foundation
import Support

/// The hashes that chain a ledger's lines: a line that was altered, added, doubled or removed breaks the chain.
///
/// Each line carries, as `previous`, the SHA-256 of the line before without its time. So two runs of one specification
/// have equal chains, and the hash of the last line stands for the whole run: noted elsewhere, it shows also a ledger
/// that was written anew from a line on, or cut at its end.
package struct LedgerChain: Sendable, Hashable {
  /// The hash of the last line; `nil` without lines.
  package private(set) var last: String?
  /// The first line that does not follow from the one before, from 1.
  package private(set) var firstBreak: Int?
  /// How many lines stand before the first that carries a hash, the first line left out: an earlier version wrote them.
  package private(set) var unchained = 0
  private var count = 0
  private var isChained = false

  package init() {}

  /// Takes the next line, without its end.
  mutating func add(_ line: Data, previous: String?) {
    count += 1
    if count > 1, previous == nil, !isChained {
      unchained += 1
    } else if previous != last {
      firstBreak = firstBreak ?? count
    }
    isChained = isChained || previous != nil
    last = SHA256.hexadecimal(of: LedgerChain.withoutTime(line))
  }

  static func error(_ url: URL, line: Int) -> SurefootError {
    SurefootError(
      .invalidFile, file: url.path, line: line, column: 1,
      message: "does not follow from the line before: one of the two was altered, or a line was added or removed",
      suggestion: "restore the ledger, or start anew in another folder")
  }

  /// The line without the value of its time. Quotes inside of other values are escaped, so nothing else looks like it.
  private static func withoutTime(_ line: Data) -> Data {
    guard let start = line.range(of: Data("\"time\":\"".utf8), options: .backwards),
      let end = line[start.upperBound...].firstIndex(of: UInt8(ascii: "\""))
    else { return line }
    return line[..<start.upperBound] + line[end...]
  }
}
