import Foundation
import MotionFormats
import Support

/// A sentence that somebody wrote about a clip or a part of it.
struct GivenCaption: Sendable, Hashable {
  var text: String
  /// From where in the clip [s]; the whole clip if both are absent.
  var from: Double?
  var to: Double?

  /// Whether it speaks of a window: they share half of the shorter of the two.
  func speaks(of start: Double, _ end: Double) -> Bool {
    guard let from, let to else { return true }
    let shared = min(end, to) - max(start, from)
    return shared >= 0.5 * min(end - start, to - from)
  }

  /// The sentences of a text in HumanML3D's layout: `sentence#parts of speech#from#to` a line, 0 and 0 for the whole clip
  /// (Guo et al., CVPR 2022); a line without `#` is a sentence. One word alone is an action's label and no sentence.
  static func read(_ text: String) -> [GivenCaption] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let fields = line.split(separator: "#", omittingEmptySubsequences: false)
      let sentence = fields[0].split(whereSeparator: \.isWhitespace).joined(separator: " ")
      guard sentence.contains(" "), !sentence.hasPrefix("{"), sentence.utf8.count <= 10_000 else { return nil }
      var caption = GivenCaption(text: sentence)
      if fields.count >= 4, let from = Double(fields[fields.count - 2]), let to = Double(fields[fields.count - 1]),
        from.isFinite, to.isFinite, from >= 0, to > from
      {
        (caption.from, caption.to) = (from, to)
      }
      return caption
    }
  }

  /// The sentences of the text beside a clip's file; none if there is no such text.
  static func beside(_ file: URL) -> [GivenCaption] {
    let url = file.deletingPathExtension().appendingPathExtension("txt")
    guard url.standardizedFileURL != file.standardizedFileURL, MotionFile.isRegular(url),
      let text = try? String(contentsOf: url, encoding: .utf8), text.utf8.count < 1 << 20
    else { return [] }
    return read(text)
  }
}

/// A folder of texts in HumanML3D's layout, and its `index.csv`, which says what clip each text is about.
///
/// Texts lie in the folder or in `texts` in it. Without an index a text is about the clip of its own name. With one, its
/// `source_path` names the clip, `./pose_data/CMU/86/86_02_poses.npy` the clip `86_02`, and `start_frame` and `end_frame`
/// the part, at 20 frames a second.
struct CaptionFolder: Sendable {
  private var byClip: [String: [GivenCaption]] = [:]
  /// How many texts there are.
  private(set) var count = 0

  /// HumanML3D's frames a second.
  private static let frameRate = 20.0

  init(_ folder: URL) throws(SurefootError) {
    let below = folder.appendingPathComponent("texts")
    let texts = FileManager.default.fileExists(atPath: below.path) ? below : folder
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: texts.path).filter { $0.hasSuffix(".txt") }.sorted()
    } catch {
      throw SurefootError(
        .unreadable, file: texts.path, message: "cannot be read (\(SystemError.text(error)))",
        suggestion: "name the folder of the texts, or the one that holds texts/ and index.csv")
    }
    var byName: [String: [GivenCaption]] = [:]
    for name in names {
      let file = texts.appendingPathComponent(name)
      guard let text = try? String(contentsOf: file, encoding: .utf8) else {
        throw SurefootError(.unreadable, file: file.path, message: "is no text in UTF-8", suggestion: "remove it")
      }
      byName[String(name.dropLast(4))] = GivenCaption.read(text)
    }
    guard byName.values.contains(where: { !$0.isEmpty }) else {
      throw SurefootError(
        .notEnoughData, file: texts.path, message: "holds no text with a sentence",
        suggestion: "name a folder with NAME.txt for each clip, a sentence a line")
    }
    count = byName.count
    byClip = byName
    let places = [folder, folder.deletingLastPathComponent()].map { $0.appendingPathComponent("index.csv") }
    guard let index = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else { return }
    try read(index, byName)
  }

  /// The sentences about a clip, with times in it.
  func captions(of clip: String) -> [GivenCaption] { byClip[clip] ?? [] }

  private mutating func read(_ index: URL, _ byName: [String: [GivenCaption]]) throws(SurefootError) {
    guard let text = try? String(contentsOf: index, encoding: .utf8) else {
      throw SurefootError(.unreadable, file: index.path, message: "is no text in UTF-8", suggestion: "remove it")
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let header = lines.first ?? []
    guard let source = header.firstIndex(of: "source_path"), let start = header.firstIndex(of: "start_frame"),
      let end = header.firstIndex(of: "end_frame"), let name = header.firstIndex(of: "new_name")
    else {
      throw SurefootError(
        file: index.path, line: 1,
        message: "the header line lacks one of source_path, start_frame, end_frame, new_name",
        suggestion: "take HumanML3D's index.csv, or remove the file")
    }
    for (number, fields) in lines.enumerated().dropFirst() where fields != [""] {
      guard fields.count > [source, start, end, name].max() ?? 0, let first = Int(fields[start]),
        let last = Int(fields[end]), first >= 0
      else {
        throw SurefootError(
          file: index.path, line: number + 1, message: "the row lacks a path or a frame's number",
          suggestion: "take HumanML3D's index.csv")
      }
      let text = URL(fileURLWithPath: fields[name]).deletingPathExtension().lastPathComponent
      var clip = URL(fileURLWithPath: fields[source]).deletingPathExtension().lastPathComponent
      if clip.hasSuffix("_poses") { clip.removeLast("_poses".count) }
      guard clip != text, let sentences = byName[text] else { continue }
      let offset = Double(first) / Self.frameRate
      let length = last > first ? Double(last - first) / Self.frameRate : .infinity
      byClip[clip, default: []] += sentences.map { sentence in
        GivenCaption(
          text: sentence.text, from: offset + (sentence.from ?? 0), to: offset + min(length, sentence.to ?? length))
      }
    }
  }
}
