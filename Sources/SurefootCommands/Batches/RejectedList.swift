import Foundation
import Support

/// The file beside a batch's corrected clips that names those for which nothing was written, with the reasons.
struct RejectedList {
  /// Where it is written; `nil` for a batch that needs none: a single clip's reason is printed.
  let url: URL?

  private static let title = "# Clips that were not corrected, and why."

  /// - Parameter folder: The folder that the batch writes to; `nil` if it writes a file.
  init(folder: URL?, clips: Int) {
    url = clips > 1 ? folder?.appendingPathComponent("rejected.txt") : nil
  }

  /// Writes the list; where every clip was corrected, removes the one of an earlier run.
  ///
  /// - Parameter lines: The reasons; each begins with its clip's name, as messages do.
  /// - Returns: The file, if there is one now.
  func write(_ lines: [String]) throws -> URL? {
    guard let url else { return nil }
    guard lines.isEmpty else {
      try AtomicFile.write(([Self.title] + lines).joined(separator: "\n") + "\n", to: url)
      return url
    }
    if let text = try? String(contentsOf: url, encoding: .utf8), text.hasPrefix(Self.title) {
      try? FileManager.default.removeItem(at: url)
    }
    return nil
  }
}
