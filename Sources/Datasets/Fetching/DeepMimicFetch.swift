public import Foundation
import MotionFormats
public import Support
import Kinematics

/// Fetches the motion files of DeepMimic that travel in the PyPI package `pybullet`, as BVH.
///
/// The package is downloaded by its name with pip, its motion files are unpacked, and the humanoid's clips are written
/// as BVH beside a `manifest.tsv` and a licence notice. What is already there and whole is not made again.
public struct DeepMimicFetch: Sendable {
  /// The package and version whose files are known.
  public static let package = "pybullet==3.2.7"
  /// The package's licence and the files' origin.
  public static let licence = "pybullet 3.2.7 (zlib licence); motions after DeepMimic (MIT licence), Peng et al. 2018"
  /// What should be printed: where the motions come from.
  public static let acknowledgement =
    "The motions are those of DeepMimic (X. B. Peng et al., ACM TOG 37, 2018) as the PyPI package pybullet 3.2.7 ships them."

  /// A clip that was written.
  public struct Row: Sendable, Hashable {
    /// The clip's name.
    public var name: String
    /// A one-word label.
    public var action: String
    /// Seconds of the clip.
    public var seconds: Double
  }

  private let output: URL
  private let python: String
  private let wheel: URL?
  /// Clips that loop are gone through until they last this long [s].
  private let shortest = 4.0

  /// A fetch into a folder.
  ///
  /// - Parameters:
  ///   - wheel: The package's wheel if it is at hand; downloaded if absent.
  ///   - python: The Python that has pip.
  public init(to output: URL, wheel: URL? = nil, python: String = "python3") {
    self.output = output
    self.wheel = wheel
    self.python = python
  }

  /// Fetches and converts.
  ///
  /// - Parameter note: Called with a sentence before each long step.
  /// - Returns: The clips, by name.
  /// - Throws: A `SurefootError` if Python or pip is missing, the download fails, or a motion file cannot be read.
  public func run(note: (String) -> Void = { (_: String) in }) throws(SurefootError) -> [Row] {
    if let rows = finished() {
      note("\(output.path) is complete")
      return rows
    }
    let motions = output.appendingPathComponent(".motions")
    let extracted = motions.appendingPathComponent("complete")
    if !FileManager.default.fileExists(atPath: extracted.path) {
      let file =
        if let wheel {
          wheel
        } else {
          try WheelDownload(
            package: DeepMimicFetch.package, size: "about 100 MB", python: python, output: output
          ).wheel(note)
        }
      note("unpacking the motion files of \(file.lastPathComponent)")
      try unpack(file, into: motions)
      try AtomicFile.write("\(DeepMimicFetch.package)\n", to: extracted)
    }
    let rows = try convert(motions)
    try finish(rows)
    try? FileManager.default.removeItem(at: motions)
    return rows.map(\.row)
  }

  private func unpack(_ wheel: URL, into folder: URL) throws(SurefootError) {
    // Only the motion files: the wheel holds 300 MB of meshes besides.
    let script = """
      import os, sys, zipfile
      archive, folder = zipfile.ZipFile(sys.argv[1]), sys.argv[2]
      names = [n for n in archive.namelist() if n.startswith("pybullet_data/data/motions/") and n.endswith(".txt")]
      names += [n for n in archive.namelist() if n.endswith(".dist-info/LICENSE.txt")]
      for name in names:
          with open(os.path.join(folder, os.path.basename(name)), "wb") as file:
              file.write(archive.read(name))
      sys.exit(0 if len(names) > 1 else 3)
      """
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw SurefootError(file: folder.path, message: "cannot be made (\(SystemError.text(error)))")
    }
    let result = try Subprocess([python, "-c", script, wheel.path, folder.path]).runBlocking()
    guard result.end == .exit(0) else {
      throw SurefootError(
        file: wheel.path, message: "the wheel holds no motion files or is damaged",
        suggestion: "remove it and run the command again")
    }
  }

  private func convert(_ motions: URL) throws(SurefootError) -> [(row: Row, bytes: Data)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: motions.path)) ?? []
    var rows: [(row: Row, bytes: Data)] = []
    for name in names.sorted() where name.hasSuffix(".txt") && DeepMimicFetch.isHumanoid(name) {
      let file = motions.appendingPathComponent(name)
      let once = try DeepMimic.read(contentsOf: file)
      let cycles = max(1, Int((shortest / max(0.1, once.motion.duration)).rounded(.up)))
      var clip = try DeepMimic.read(contentsOf: file, cycles: cycles, ifLooping: true)
      clip.provenance.source = "pybullet_data/data/motions/\(name)"
      let bytes = Data(try BVH.text(of: clip).utf8)
      rows.append(
        (
          Row(
            name: clip.name, action: DeepMimicFetch.action(clip.name),
            seconds: (clip.motion.duration * 100).rounded() / 100), bytes
        ))
    }
    guard !rows.isEmpty else {
      throw SurefootError(
        file: motions.path, message: "there are no humanoid motions", suggestion: "run the command again")
    }
    return rows
  }

  private func finish(_ rows: [(row: Row, bytes: Data)]) throws(SurefootError) {
    var table = "path\tsubject\taction\tdescription\tseconds\tlicence\tsha256\n"
    for (row, bytes) in rows {
      try AtomicFile.write(bytes, to: output.appendingPathComponent("\(row.name).bvh"))
      let words = row.name.replacingOccurrences(of: "humanoid3d_", with: "").replacingOccurrences(of: "_", with: " ")
      table +=
        [
          "\(row.name).bvh", "deepmimic", row.action, words, String(format: "%.2f", row.seconds),
          DeepMimicFetch.licence,
          SHA256.hexadecimal(of: bytes),
        ].joined(separator: "\t") + "\n"
    }
    let own = output.appendingPathComponent(".motions/LICENSE.txt")
    let text = (try? String(contentsOf: own, encoding: .utf8)) ?? ""
    try AtomicFile.write(
      "\(DeepMimicFetch.acknowledgement)\n\nLicence of the package pybullet 3.2.7:\n\n\(text)",
      to: output.appendingPathComponent("LICENCE.txt"))
    try AtomicFile.write(table, to: output.appendingPathComponent("manifest.tsv"))
  }

  /// The rows of a finished fetch; `nil` if anything is missing or not as it was written.
  private func finished() -> [Row]? {
    guard let text = try? String(contentsOf: output.appendingPathComponent("manifest.tsv"), encoding: .utf8) else {
      return nil
    }
    var rows: [Row] = []
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 7, let seconds = Double(fields[4]),
        let hash = try? SHA256.hexadecimal(ofFile: output.appendingPathComponent(fields[0])), hash == fields[6]
      else { return nil }
      rows.append(Row(name: String(fields[0].dropLast(4)), action: fields[2], seconds: seconds))
    }
    return rows.isEmpty ? nil : rows
  }

  /// The package has a quadruped's motion too.
  private static func isHumanoid(_ name: String) -> Bool {
    name.hasPrefix("humanoid3d_") || name.hasPrefix("turn_") || name == "0walk_forward.txt"
  }

  private static func action(_ name: String) -> String {
    let word = name.replacingOccurrences(of: "humanoid3d_", with: "")
    if word == "0walk_forward" { return "walk" }
    return ["turn_", "dance_", "getup_"].first(where: word.hasPrefix).map {
      $0 == "turn_" ? "walk_turn" : String($0.dropLast())
    }
      ?? word
  }
}
