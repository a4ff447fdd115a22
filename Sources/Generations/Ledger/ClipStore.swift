import Foundation
import Kinematics
import Support

/// A clip on its way through a generation: what the ledger records of it, and the motion of its file.
struct StoredClip: Sendable {
  var record: ClipRecord
  /// The motion as the file says it; `nil` for a clip of an earlier generation or of a run that was resumed, whose file is
  /// read when the motion is needed.
  var motion: Motion?
}

/// A run's folder: where each file lies, and how clips are written to it and read back.
///
/// A clip is what its file says. Measurement, correction and training use the motion that was read back from the file's
/// bytes, so that a run that is resumed from its files goes on with the same numbers.
struct ClipStore: Sendable {
  let folder: URL
  let format: any ClipFormat

  func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

  /// The file of a path that a ledger records.
  ///
  /// - Throws: ``SurefootError`` if it leads out of the folder, by a link for example.
  func recorded(_ path: String) throws(SurefootError) -> URL { try FilePlace.inside(folder, path) }

  /// `generation-000` for what all arms share, `raw/generation-001` for an arm's.
  static func path(arm: String?, generation: Int) -> String {
    (arm.map { $0 + "/" } ?? "") + "generation-\(generation.padded(to: 3))"
  }

  /// A clip's file, relative to the run's folder.
  func path(_ folder: String, _ name: String) -> String { "\(folder)/\(name).\(format.fileExtension)" }

  /// The bytes of a clip's file, and the motion that they say: one encoding and one parse.
  func encode(_ motion: Motion, name: String) throws -> (bytes: Data, motion: Motion) {
    let bytes = try format.encode(motion)
    return (bytes, try format.decode(bytes, name: name))
  }

  /// Writes a clip's file and notes its hash in the record.
  func write(_ bytes: Data, of record: inout ClipRecord) throws {
    try AtomicFile.write(bytes, to: url(record.file))
    record.sha256 = SHA256.hexadecimal(of: bytes)
  }

  /// Encodes a motion, writes the file that the record names, and gives the clip with the motion of that file.
  func save(_ motion: Motion, as record: ClipRecord) throws -> StoredClip {
    let (bytes, decoded) = try encode(motion, name: record.id)
    var record = record
    try write(bytes, of: &record)
    return StoredClip(record: record, motion: decoded)
  }

  /// A clip's motion, read from its file if it is not at hand.
  func motion(of clip: StoredClip) throws -> Motion {
    if let motion = clip.motion { return motion }
    let data = try Data(readingFile: try recorded(clip.record.file))
    return try format.decode(data, name: clip.record.file)
  }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

  /// Whether the file that an event records is there with the recorded bytes; `true` for an event without a file.
  func holds(_ event: LedgerEvent) -> Bool {
    guard let file = event.file else { return true }
    guard exists(file.path), let url = try? recorded(file.path) else { return false }
    return (try? SHA256.hexadecimal(ofFile: url)) == file.sha256
  }

  /// Removes the temporary files of a killed run. The ledger's lock guarantees that no process is writing them.
  func removeLeftovers() {
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

extension Int {
  /// The decimal digits with leading zeros up to a width: `7.padded(to: 3)` is `007`.
  func padded(to width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
