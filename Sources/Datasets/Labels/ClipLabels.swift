import Foundation
import MotionFormats

/// What is known of clips beside their files: subject, action, description, licence.
///
/// The first of these that says something counts, for each of the four: a `manifest.tsv` or `labels.csv` beside the clip
/// or up to two folders above it (columns `path`, from that folder on, with or without its ending, `subject`, `action`,
/// `description`, `licence`, any order, others ignored); the clip's own file; the list of CMU's trials, for a name such as
/// `16_15`; `NAME.txt` beside `NAME.bvh`, one word for the action or a sentence that describes it; and for the action the
/// name of the folder that the clip lies in, below the one that is prepared.
struct ClipLabels {
  struct Label: Hashable {
    var subject = ""
    var action = "unknown"
    var description = ""
    var licence = ""

    /// The label with another's values where this one says nothing.
    func filled(from other: Label) -> Label {
      Label(
        subject: subject.nonEmpty ?? other.subject, action: action == "unknown" ? other.action : action,
        description: description.nonEmpty ?? other.description, licence: licence.nonEmpty ?? other.licence)
    }
  }

  private var byPath: [String: Label] = [:]
  private var looked: Set<String> = []

  /// The label of a clip's file.
  ///
  /// - Parameter path: The file's path below the folder that is prepared.
  mutating func label(of file: URL, below path: String, provenance: Provenance) -> Label {
    var folder = file.deletingLastPathComponent()
    for _ in 0..<3 {
      read(folder)
      folder = folder.deletingLastPathComponent()
    }
    let own = file.standardizedFileURL
    let listed = byPath[own.path] ?? byPath[own.deletingPathExtension().path] ?? Label()
    let said = Label(
      subject: provenance.subject ?? "", action: provenance.action ?? "unknown",
      description: provenance.description ?? "", licence: provenance.licence ?? "")
    let trial = trial(file.deletingPathExtension().lastPathComponent)
    return [trial, said, text(beside: file), Label(action: action(ofFolder: path))]
      .reduce(listed) { $0.filled(from: $1) }
  }

  /// What CMU's list says of a trial's name.
  private func trial(_ name: String) -> Label {
    guard let (subject, trial) = CMUTrial.parse(name) else { return Label() }
    let known = CMUTrial.shipped.first { $0.subject == subject && $0.trial == trial }
    return Label(
      subject: subject, action: known?.action ?? "unknown", description: known?.description ?? "",
      licence: CMUTrial.licence)
  }

  /// What the first line of a text beside a clip says; HumanML3D's texts go on with `#` and parts of speech.
  private func text(beside file: URL) -> Label {
    let url = file.deletingPathExtension().appendingPathExtension("txt")
    guard url.standardizedFileURL != file.standardizedFileURL,
      let text = try? String(contentsOf: url, encoding: .utf8), text.utf8.count < 1 << 16,
      let line = text.split(whereSeparator: \.isNewline).first?.split(separator: "#").first
    else { return Label() }
    let words = line.trimmingCharacters(in: .whitespaces)
    guard !words.isEmpty, !words.hasPrefix("{") else { return Label() }
    return words.contains(" ") ? Label(description: words) : Label(action: words.lowercased())
  }

  /// Folders whose names say how motions are stored, not what is done.
  private static let storage: Set = [
    "bvh", "amc", "asf", "glb", "gltf", "npz", "npy", "csv", "fbx", "train", "training", "test", "val", "valid",
    "validation", "eval", "evaluation", "clips", "motion", "motions", "mocap", "data", "dataset", "animation",
    "animations",
    "takes", "converted", "corrected", "export", "exports", "in", "out", "input", "output", "subjects", "new_joints",
    "new_joint_vecs", "joints",
  ]

  private func action(ofFolder path: String) -> String {
    let folders = path.split(separator: "/").dropLast()
    guard let name = folders.last?.lowercased(), !Self.storage.contains(name),
      name.contains(where: \.isLetter), name.count <= 40
    else { return "unknown" }
    return String(name.map { $0.isWhitespace ? "_" : $0 })
  }

  private mutating func read(_ folder: URL) {
    let folder = folder.standardizedFileURL
    guard looked.insert(folder.path).inserted else { return }
    if let text = try? String(contentsOf: folder.appendingPathComponent("labels.csv"), encoding: .utf8) {
      read(text.split(whereSeparator: \.isNewline).map(Self.fields), in: folder)
    }
    if let text = try? String(contentsOf: folder.appendingPathComponent("manifest.tsv"), encoding: .utf8) {
      read(
        text.split(whereSeparator: \.isNewline).map {
          $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }, in: folder)
    }
  }

  /// A line's fields, separated by commas or, where there is none, semicolons; quoted ones may hold both.
  private static func fields(_ line: Substring) -> [String] {
    let separator: Character = line.contains(",") ? "," : ";"
    var (fields, field, isQuoted) = ([String](), "", false)
    for letter in line where letter != "\u{FEFF}" {
      if letter == "\"" {
        isQuoted.toggle()
      } else if letter == separator, !isQuoted {
        fields.append(field)
        field = ""
      } else {
        field.append(letter)
      }
    }
    return fields + [field]
  }

  private mutating func read(_ rows: [[String]], in folder: URL) {
    guard let header = rows.first?.map({ $0.trimmingCharacters(in: .whitespaces).lowercased() }),
      let path = ["path", "file", "clip", "name"].lazy.compactMap(header.firstIndex(of:)).first
    else { return }
    for row in rows.dropFirst() where row.count > path {
      func column(_ names: String...) -> String {
        guard let index = names.lazy.compactMap(header.firstIndex(of:)).first, index < row.count else { return "" }
        return row[index].trimmingCharacters(in: .whitespaces)
      }
      let label = Label(
        subject: column("subject"), action: column("action", "label").nonEmpty ?? "unknown",
        description: column("description", "text"), licence: column("licence", "license"))
      let file = row[path].trimmingCharacters(in: .whitespaces)
      byPath[folder.appendingPathComponent(file).standardizedFileURL.path] = label
    }
  }
}
