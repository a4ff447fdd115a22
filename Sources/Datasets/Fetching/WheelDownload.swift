import Foundation
import Support

/// Downloads one version of a PyPI package with pip, as the wheel that it is.
struct WheelDownload {
  /// The package and its version, `NAME==VERSION`.
  let package: String
  /// How large it is, in words.
  let size: String
  /// The Python that has pip.
  let python: String
  /// The folder of the fetch: the wheel lies in `.download` in it.
  let output: URL

  /// The wheel, downloaded unless an earlier run did.
  func wheel(_ note: (String) -> Void) throws(SurefootError) -> URL {
    let folder = output.appendingPathComponent(".download")
    if let wheel = wheels(in: folder).first { return wheel }
    let version = try Subprocess([python, "-m", "pip", "--version"]).runBlocking()
    guard version.end == .exit(0) else {
      throw SurefootError(
        file: "\(python) -m pip", message: "pip is missing, which downloads the package \(package)",
        suggestion: "install it with `apt-get install python3-pip`, or give a downloaded wheel with --source FILE.whl")
    }
    note("downloading \(package) (\(size))")
    // Into a folder of its own and moved when whole: a download that was cut off leaves nothing that looks finished.
    let part = output.appendingPathComponent(".download.part")
    try? FileManager.default.removeItem(at: part)
    let arguments = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--retries", "5", "--quiet"]
    let result = try Subprocess(
      [python] + arguments + ["--disable-pip-version-check", "-d", part.path, package]
    ).runBlocking()
    guard result.end == .exit(0), !wheels(in: part).isEmpty else {
      let last = result.text.split(whereSeparator: \.isNewline).suffix(2).joined(separator: " ")
      throw SurefootError(
        file: package, message: "pip cannot download the package (\(last))",
        suggestion: "check the network and the package index, or give a downloaded wheel with --source FILE.whl")
    }
    do {
      try? FileManager.default.removeItem(at: folder)
      try FileManager.default.moveItem(at: part, to: folder)
    } catch {
      throw SurefootError(file: folder.path, message: "cannot be written (\(SystemError.text(error)))")
    }
    guard let wheel = wheels(in: folder).first else {
      throw SurefootError(
        file: folder.path, message: "the downloaded wheel is gone", suggestion: "run the command again")
    }
    return wheel
  }

  private func wheels(in folder: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".whl") }.sorted().map { folder.appendingPathComponent($0) }
  }
}
