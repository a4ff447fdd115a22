public import Foundation
public import Kinematics
public import Support

/// How clips become files and motions again.
public protocol ClipFormat: Sendable {
  /// The extension, `bvh`.
  var fileExtension: String { get }
  /// A motion's bytes.
  func encode(_ motion: Motion) throws -> Data
  /// The motion of some bytes; `name` is for messages.
  func decode(_ data: Data, name: String) throws -> Motion
}

/// A run's folder: where everything lies, and clips written to it.
///
/// A clip is what its file says: what is measured, corrected and trained on is the motion read back, so that a run that
/// goes on from its files goes on with the same numbers.
struct ClipStore: Sendable {
  let folder: URL
  let format: any ClipFormat

  func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

  /// `generation-000` for what arms share, `raw/generation-001` for a loop's.
  static func path(arm: String?, generation: Int) -> String {
    (arm.map { $0 + "/" } ?? "") + "generation-\(padded(generation, 3))"
  }

  /// A number with leading noughts.
  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// A clip's bytes and hash, and the motion that they say.
  func render(_ motion: Motion, name: String) throws -> (data: Data, sha256: String, motion: Motion) {
    let data = try format.encode(motion)
    return (data, SHA256.hexadecimal(of: data), try format.decode(data, name: name))
  }

  /// The motion of a clip's file.
  func motion(of clip: ClipRecord) throws -> Motion {
    let file = url(clip.file)
    do {
      return try format.decode(try Data(contentsOf: file), name: clip.file)
    } catch let error as SurefootError {
      throw error
    } catch {
      throw SurefootError(file: file.path, message: "cannot be read (\(error.localizedDescription))")
    }
  }

  /// Whether a file is there with these bytes.
  func holds(_ path: String, sha256: String) -> Bool {
    guard FileManager.default.fileExists(atPath: url(path).path) else { return false }
    return (try? SHA256.hexadecimal(ofFile: url(path))) == sha256
  }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

  /// Whether every file that some events tell of is there as it was.
  func holds(_ events: [LedgerEvent]) -> Bool {
    events.allSatisfy { event in
      guard let file = event.file, let hash = event.sha256 else { return true }
      return holds(file, sha256: hash)
    }
  }

  /// Removes the temporary files that a kill left behind; the ledger's lock says that nobody is writing them.
  func sweep() {
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    for path in paths where path.hasSuffix(".part") && path.split(separator: "/").last?.hasPrefix(".") == true {
      try? FileManager.default.removeItem(at: url(path))
    }
  }

  /// Writes sorted, indented JSON and gives its hash.
  func writeJSON(_ value: some Encodable, to path: String) throws -> String {
    let encoder = Ledger.makeEncoder()
    encoder.outputFormatting.insert(.prettyPrinted)
    var data = try encoder.encode(value)
    data.append(UInt8(ascii: "\n"))
    try AtomicFile.write(data, to: url(path))
    return SHA256.hexadecimal(of: data)
  }
}
