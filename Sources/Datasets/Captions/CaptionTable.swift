public import Foundation
public import Support

/// What is done in the windows of a dataset, in sentences: `captions.tsv` in its folder.
///
///     let captions = try CaptionTable.read(of: folder)
///     captions.captions(of: window)                    // ["a person walks", "someone is walking ahead for five steps"]
///
/// A line holds a window's name, where the sentence comes from (`file` for the text beside a clip, `texts` for a folder of
/// texts, `composed`), and the sentence. The file may be edited: the manifest knows nothing of it.
public struct CaptionTable: Sendable, Hashable {
  /// A sentence about a window.
  public struct Row: Sendable, Hashable, Codable {
    /// The window's name, of one that is not mirrored.
    public var window: String
    /// `file`, `texts` or `composed`.
    public var source: String
    /// The sentence.
    public var caption: String

    /// A sentence about a window.
    public init(window: String, source: String, caption: String) {
      (self.window, self.source, self.caption) = (window, source, caption)
    }
  }

  /// The file's name in a dataset's folder.
  public static let name = "captions.tsv"
  private static let header = "window\tsource\tcaption"

  /// All rows, in the file's order.
  public let rows: [Row]
  private let byWindow: [String: [String]]

  /// A table of rows.
  public init(_ rows: [Row]) {
    self.rows = rows
    byWindow = Dictionary(grouping: rows, by: \.window).mapValues { $0.map(\.caption) }
  }

  /// The captions of a dataset's folder.
  ///
  /// - Throws: A `SurefootError` if there are none, or for a line that is none.
  public static func read(of folder: URL) throws(SurefootError) -> CaptionTable {
    let file = folder.appendingPathComponent(name)
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw SurefootError(
        .unreadable, file: file.path, message: "the dataset has no captions",
        suggestion: "prepare it again with this program, or write the file yourself: \(header.visibleTabs)")
    }
    var rows: [Row] = []
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      if number == 0 {
        guard line == header else {
          throw SurefootError(
            file: file.path, line: 1, message: "the header line is another",
            suggestion: "begin with \(header.visibleTabs)")
        }
        continue
      }
      guard !line.isEmpty else { continue }
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 3, !fields[2].trimmingCharacters(in: .whitespaces).isEmpty else {
        throw SurefootError(
          file: file.path, line: number + 1, message: "the line has not three fields, the last of them a sentence",
          suggestion: "write window, source and caption, separated by tabs")
      }
      rows.append(Row(window: fields[0], source: fields[1], caption: fields[2]))
    }
    return CaptionTable(rows)
  }

  /// Writes the file.
  func write(to folder: URL) throws(SurefootError) {
    let lines = rows.map { "\($0.window)\t\($0.source)\t\($0.caption)" }
    try AtomicFile.write(
      ([Self.header] + lines).joined(separator: "\n") + "\n", to: folder.appendingPathComponent(Self.name))
  }

  /// The sentences about a window; of a mirrored one with left and right exchanged. Empty if there are none.
  public func captions(of window: MotionWindow) -> [String] {
    guard window.mirrored else { return byWindow[window.id] ?? [] }
    let original = String(window.id.dropLast("-mirrored".count))
    return (byWindow[original] ?? []).map(Self.mirrored)
  }

  /// A sentence with left and right exchanged.
  static func mirrored(_ caption: String) -> String {
    let exchanged = ["left": "right", "right": "left", "Left": "Right", "Right": "Left"]
    var (result, word) = ("", "")
    for letter in caption + " " {
      if letter.isLetter {
        word.append(letter)
      } else {
        result += (exchanged[word] ?? word) + String(letter)
        word = ""
      }
    }
    return String(result.dropLast())
  }
}

extension String {
  fileprivate var visibleTabs: String { replacingOccurrences(of: "\t", with: "<tab>") }
}
