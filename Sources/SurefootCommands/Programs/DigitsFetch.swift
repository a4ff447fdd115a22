import Foundation
import Support

/// Fetches the digits that travel in the PyPI package `scikit-learn`: `digits.csv`, 1,797 images of 8 x 8 pixels.
///
/// The package is downloaded with pip, and one file of it is kept. The file's hash is known, so that any version of the
/// package serves that still has the same images.
struct DigitsFetch {
  /// Where the digits come from.
  static let acknowledgement =
    "The digits are E. Alpaydin and C. Kaynak's (UCI, 1998, CC BY 4.0) as the PyPI package scikit-learn ships them."

  /// The hash of the file's bytes.
  private static let sha256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"

  let file: URL
  var python = "python3"

  /// Gives the file, fetched if it is not there.
  ///
  /// - Parameters:
  ///   - wheel: The package's wheel if it is at hand; downloaded if absent.
  ///   - note: Called with a sentence before each long step.
  func run(wheel: URL?, note: (String) -> Void) throws(SurefootError) -> URL {
    if FileManager.default.fileExists(atPath: file.path) { return file }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("surefoot-digits-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch {
      throw SurefootError(.unwritable, file: file.path, message: "cannot be written (\(SystemError.text(error)))")
    }
    let archive = if let wheel { wheel } else { try download(to: folder, note) }
    let script = """
      import gzip, sys, zipfile
      data = zipfile.ZipFile(sys.argv[1]).read("sklearn/datasets/data/digits.csv.gz")
      open(sys.argv[2], "wb").write(gzip.decompress(data))
      """
    let unpacked = folder.appendingPathComponent("digits.csv")
    let result = try Subprocess([python, "-c", script, archive.path, unpacked.path]).runBlocking()
    guard result.end == .exit(0), let bytes = try? FileBytes.read(unpacked),
      SHA256.hexadecimal(of: bytes) == Self.sha256
    else {
      throw SurefootError(
        file: archive.path, message: "holds no digits, or others than those that are known",
        suggestion: "give a wheel of scikit-learn with --source FILE.whl, or the images with --digits FILE.csv")
    }
    try AtomicFile.write(Data(bytes), to: file)
    return file
  }

  private func download(to folder: URL, _ note: (String) -> Void) throws(SurefootError) -> URL {
    note("downloading scikit-learn (about 10 MB) for its digits")
    let arguments = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--retries", "5", "--quiet"]
    let result = try Subprocess(
      [python] + arguments + ["--disable-pip-version-check", "-d", folder.path, "scikit-learn"]
    ).runBlocking()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard result.end == .exit(0), let name = names.first(where: { $0.hasSuffix(".whl") }) else {
      let last = result.text.split(whereSeparator: \.isNewline).suffix(2).joined(separator: " ")
      throw SurefootError(
        .subprocessFailed, file: "\(python) -m pip", message: "cannot download scikit-learn (\(last))",
        suggestion: "check Python, pip and the network, or give a downloaded wheel with --source FILE.whl")
    }
    return folder.appendingPathComponent(name)
  }
}
