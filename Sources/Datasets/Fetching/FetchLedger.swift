import Foundation
import Support

/// The files that were fetched and verified: `fetched.tsv` with path, bytes and SHA-256.
actor FetchLedger {
  private let folder: URL
  private var entries: [String: (bytes: Int, sha256: String)] = [:]

  init(folder: URL) {
    self.folder = folder
    let text = (try? String(contentsOf: folder.appendingPathComponent("fetched.tsv"), encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: "\t").map(String.init)
      if fields.count == 3, let bytes = Int(fields[1]) { entries[fields[0]] = (bytes, fields[2]) }
    }
  }

  /// Whether the file is there and still the one that was recorded.
  func isWhole(_ path: String) -> Bool {
    guard let entry = entries[path], let data = try? Data(contentsOf: folder.appendingPathComponent(path)) else {
      return false
    }
    return data.count == entry.bytes && SHA256.hexadecimal(of: data) == entry.sha256
  }

  /// Records a file that was written.
  func record(_ path: String, _ data: Data) throws(SurefootError) {
    entries[path] = (data.count, SHA256.hexadecimal(of: data))
    let lines = entries.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value.bytes)\t\($0.value.sha256)" }
    let text = (["path\tbytes\tsha256"] + lines).joined(separator: "\n") + "\n"
    try AtomicFile.write(text, to: folder.appendingPathComponent("fetched.tsv"))
  }
}
