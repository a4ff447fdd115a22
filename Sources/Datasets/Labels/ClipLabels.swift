import Foundation
import MotionFormats

/// What is known of clips beside their files: subject, action, description, licence.
///
/// A `manifest.tsv` beside the clips or a folder above them says it (columns `path`, `subject`, `action`, `description`,
/// `licence`, any order, others ignored). Without one, a name such as `16_15` is looked up in the list of CMU's trials,
/// and else says only itself.
struct ClipLabels {
  struct Label: Hashable {
    var subject = ""
    var action = "unknown"
    var description = ""
    var licence = ""
  }

  private var byPath: [String: Label] = [:]
  private var looked: Set<String> = []

  /// The label of a clip's file. The clip's own provenance fills what nothing else says.
  mutating func label(of file: URL, provenance: Provenance) -> Label {
    var folder = file.deletingLastPathComponent()
    for _ in 0..<3 {
      read(folder)
      folder = folder.deletingLastPathComponent()
    }
    if let label = byPath[file.standardizedFileURL.path] { return label }
    let name = file.deletingPathExtension().lastPathComponent
    var label = Label(
      subject: provenance.subject ?? "", action: provenance.action ?? "unknown",
      description: provenance.description ?? "", licence: provenance.licence ?? "")
    if let (subject, trial) = CMUTrial.parse(name) {
      label.subject = subject
      label.licence = CMUTrial.licence
      if let known = CMUTrial.shipped.first(where: { $0.subject == subject && $0.trial == trial }) {
        label.action = known.action
        label.description = known.description
      }
    }
    return label
  }

  private mutating func read(_ folder: URL) {
    let folder = folder.standardizedFileURL
    guard looked.insert(folder.path).inserted else { return }
    guard let text = try? String(contentsOf: folder.appendingPathComponent("manifest.tsv"), encoding: .utf8) else {
      return
    }
    let rows = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    guard let header = rows.first?.map(String.init), let path = header.firstIndex(of: "path") else { return }
    for row in rows.dropFirst() where row.count > path {
      func column(_ name: String) -> String {
        guard let index = header.firstIndex(of: name), index < row.count else { return "" }
        return row[index].trimmingCharacters(in: .whitespaces)
      }
      let label = Label(
        subject: column("subject"), action: column("action").nonEmpty ?? "unknown", description: column("description"),
        licence: column("licence"))
      byPath[folder.appendingPathComponent(String(row[path])).standardizedFileURL.path] = label
    }
  }
}
