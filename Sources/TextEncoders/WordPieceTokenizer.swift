import Foundation
public import Support

/// Cuts text into the word pieces of an uncased BERT vocabulary.
///
///     let tokenizer = try WordPieceTokenizer(vocabulary: text, file: "vocab.txt")
///     tokenizer.tokens(of: "A person walks.")          // [101, 1037, 2711, 7365, 1012, 102]
///
/// As BERT's reference does (Devlin et al., arXiv 1810.04805): control characters go, accents go, letters become small,
/// punctuation and Chinese characters stand alone, and each word is cut greedily into the longest pieces that are known.
/// Names of special tokens in the text, such as `[MASK]`, are read as words.
public struct WordPieceTokenizer: Sendable {
  private let pieces: [String: Int]
  private let unknown: Int
  private let first: Int
  private let last: Int

  /// A word of more characters is unknown, as in the reference.
  private static let longestWord = 100

  /// A tokenizer of a vocabulary: one piece a line, numbered from 0; pieces inside a word begin with `##`.
  ///
  /// - Throws: `SurefootError` if a special token is missing.
  public init(vocabulary: String, file: String) throws(SurefootError) {
    // By scalars: one grapheme may hold a newline and what follows.
    let lines = vocabulary.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    var pieces: [String: Int] = [:]
    for (number, line) in lines.enumerated() where !line.isEmpty {
      pieces[String(line.last == "\r" ? line.dropLast() : line)] = number
    }
    guard let unknown = pieces["[UNK]"], let first = pieces["[CLS]"], let last = pieces["[SEP]"] else {
      throw SurefootError(
        file: file, message: "is no vocabulary of BERT's: [UNK], [CLS] or [SEP] is missing",
        suggestion: "fetch the text encoder again")
    }
    (self.pieces, self.unknown, self.first, self.last) = (pieces, unknown, first, last)
  }

  /// The numbers of a text's pieces between those of `[CLS]` and `[SEP]`.
  ///
  /// - Parameter most: The most numbers, these two included; later pieces are left out.
  public func tokens(of text: String, most: Int = .max) -> [Int] {
    precondition(most >= 2, "there is room for [CLS] and [SEP]")
    var tokens = [first]
    words: for word in words(text) {
      for piece in cut(word) {
        guard tokens.count < most - 1 else { break words }
        tokens.append(piece)
      }
    }
    return tokens + [last]
  }

  /// The words, normalised.
  private func words(_ text: String) -> [[Unicode.Scalar]] {
    var cleaned = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !scalar.isLeftOut {
      if scalar.isSpace {
        cleaned.append(" ")
      } else if scalar.isChinese {
        cleaned.append(contentsOf: [" ", scalar, " "])
      } else {
        cleaned.append(scalar)
      }
    }
    let plain = String(cleaned).decomposedStringWithCanonicalMapping.unicodeScalars
      .filter { $0.properties.generalCategory != .nonspacingMark }
    var words: [[Unicode.Scalar]] = [[]]
    for scalar in plain.flatMap({ Array($0.properties.lowercaseMapping.unicodeScalars) }) {
      if scalar.isSpace {
        words.append([])
      } else if scalar.isMark {
        words.append([scalar])
        words.append([])
      } else {
        words[words.count - 1].append(scalar)
      }
    }
    return words.filter { !$0.isEmpty }
  }

  /// A word as pieces: the longest that is known, then the longest of the rest.
  private func cut(_ word: [Unicode.Scalar]) -> [Int] {
    guard word.count <= Self.longestWord else { return [unknown] }
    var (found, start) = ([Int](), 0)
    while start < word.count {
      var end = word.count
      var piece: Int?
      while end > start, piece == nil {
        var text = String.UnicodeScalarView(start > 0 ? "##".unicodeScalars : "".unicodeScalars)
        text.append(contentsOf: word[start..<end])
        piece = pieces[String(text)]
        if piece == nil { end -= 1 }
      }
      guard let piece else { return [unknown] }
      found.append(piece)
      start = end
    }
    return found
  }
}

extension Unicode.Scalar {
  /// Tabs and line ends are spaces.
  fileprivate var isSpace: Bool { properties.isWhitespace }

  /// Control characters and characters without a meaning.
  fileprivate var isLeftOut: Bool {
    if value == 0 || value == 0xFFFD { return true }
    if ["\t", "\n", "\r"].contains(self) { return false }
    return [.control, .format, .surrogate, .privateUse, .unassigned].contains(properties.generalCategory)
  }

  fileprivate var isMark: Bool {
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      true
    default: isASCII && value > 32 && value < 127 && !properties.isAlphabetic && properties.numericType == nil
    }
  }

  /// The blocks that BERT takes for Chinese; Japanese and Korean letters are not among them.
  fileprivate var isChinese: Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
