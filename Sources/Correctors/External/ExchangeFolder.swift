import Foundation
public import Kinematics
public import MotionFormats
public import Support

/// The folder in which an external program finds its input and leaves its output, and the checks of what it left.
struct ExchangeFolder {
  private let folder: TemporaryFolder
  /// The bytes of the input, once it is sent.
  private var sentBytes: Int { (try? FileManager.default.attributesOfItem(atPath: input.path)[.size] as? Int) ?? 0 }

  var input: URL { folder.url.appendingPathComponent("input.bvh") }
  var output: URL { folder.url.appendingPathComponent("output.bvh") }
  var reportFile: URL { folder.url.appendingPathComponent("report.json") }

  private static let convention = FileConvention(metresPerUnit: 1)

  init() throws(SurefootError) { folder = try TemporaryFolder("external") }

  func remove() { folder.remove() }

  /// The most bytes of an output or a report: the input's size many times over, for other digits and more channels.
  private var limit: Int { 16 * sentBytes + (1 << 20) }

  /// Writes the motion, and returns it as the file has it: rounded, its joints in the file's order.
  func send(_ motion: Motion) throws -> Motion {
    let clip = Clip(
      name: "input", motion: motion, convention: ExchangeFolder.convention, provenance: Provenance(source: "surefoot"))
    do {
      try BVH.write(clip, to: input)
      return try BVH.read(contentsOf: input, convention: ExchangeFolder.convention).motion
    } catch {
      throw SurefootError(
        .correctionFailed, message: "the clip cannot be handed to a program: \(error.message)",
        suggestion: error.suggestion)
    }
  }

  /// The program's report; an empty one if it wrote none.
  func report() throws -> ExternalReport {
    guard isThere(reportFile) else { return ExternalReport() }
    let data = Data(try bytes(of: reportFile, "report"))
    do {
      return try JSONDecoder().decode(ExternalReport.self, from: data)
    } catch {
      throw SurefootError(
        .correctionFailed,
        message: "the program's report is not understood (\(ExchangeFolder.sentence(error)))",
        suggestion: "write JSON as the guide on correctors describes it, or none")
    }
  }

  /// Whether a program left something under a name: a file, or a link wherever it leads.
  private func isThere(_ file: URL) -> Bool {
    var status = stat()
    return lstat(file.path, &status) == 0
  }

  /// What a program wrote. It may not name another file by a link, nor fill the memory.
  private func bytes(of file: URL, _ name: String) throws(SurefootError) -> [UInt8] {
    do {
      return try FileBytes.read(file, limit: limit, isForeign: true)
    } catch {
      throw SurefootError(
        .correctionFailed, message: "the program's \(name) \(error.message)",
        suggestion: "let it write a regular file of about the input's size")
    }
  }

  private static func sentence(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return error.localizedDescription }
    let context: DecodingError.Context =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        context
      @unknown default: .init(codingPath: [], debugDescription: "no JSON")
      }
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
    return path.isEmpty ? context.debugDescription : "at \(path.drop { $0 == "." }): \(context.debugDescription)"
  }

  /// The motion that the program wrote, on the input's own skeleton. Joints that it did not touch have the input's very
  /// numbers, without a file's rounding.
  func receive(for motion: Motion, sent: Motion) throws(SurefootError) -> Motion {
    guard isThere(output) else {
      throw SurefootError(
        .correctionFailed,
        message: "the program ended well but wrote no output", suggestion: "let it write BVH to the file named {output}"
      )
    }
    let bytes = try bytes(of: output, "output")
    let back: Motion
    do {
      back = try BVH.reading(bytes: bytes, file: "output", name: "output", metresPerUnit: 1, up: .y).clip.motion
    } catch {
      var place = error
      place.file = "output"
      throw SurefootError(.correctionFailed, message: "the program's output is no BVH that can be read: \(place)")
    }
    try ReturnedMotion(back, sent: sent).check()
    return merge(back, into: motion, sent: sent)
  }

  private func merge(_ back: Motion, into motion: Motion, sent: Motion) -> Motion {
    let order = ExchangeFolder.depthFirst(motion.skeleton)
    var result = motion
    for (i, pose) in back.poses.enumerated() {
      let given = sent.poses[i]
      if pose.rootPosition != given.rootPosition { result.poses[i].rootPosition = pose.rootPosition }
      for (row, joint) in order.enumerated() {
        if pose.rotations[row] != given.rotations[row] { result.poses[i].rotations[joint] = pose.rotations[row] }
        if let moved = pose.translations[row], moved != given.translations[row] {
          result.poses[i].translations[joint] = moved
        }
      }
    }
    return result
  }

  /// The joints in the order in which a BVH file nests them.
  private static func depthFirst(_ skeleton: Skeleton) -> [Int] {
    var order: [Int] = []
    var open = [0]
    while let joint = open.popLast() {
      order.append(joint)
      open += skeleton.children[joint].reversed()
    }
    return order
  }
}

/// A motion that came back from a program, against the one that it was given.
struct ReturnedMotion {
  private let back: Motion
  private let sent: Motion

  init(_ back: Motion, sent: Motion) {
    self.back = back
    self.sent = sent
  }

  /// Refuses another rate, length, hierarchy or size.
  func check() throws(SurefootError) {
    guard back.count == sent.count else {
      throw SurefootError(
        .correctionFailed,
        message: "the program was given \(sent.count) frames and wrote \(back.count)",
        suggestion: "let it keep the number of frames")
    }
    guard abs(back.frameTime - sent.frameTime) <= 1e-3 * sent.frameTime else {
      throw SurefootError(
        .correctionFailed,
        message:
          "the program was given \(rounded(sent.frameRate)) frames a second and wrote \(rounded(back.frameRate))",
        suggestion: "let it keep the frame time")
    }
    try checkHierarchy()
    try checkSize()
  }

  private func checkHierarchy() throws(SurefootError) {
    let (mine, theirs) = (sent.skeleton.joints, back.skeleton.joints)
    guard mine.count == theirs.count else {
      throw SurefootError(
        .correctionFailed,
        message: "the program was given \(mine.count) joints and wrote \(theirs.count)",
        suggestion: "let it keep the hierarchy")
    }
    for (a, b) in zip(mine, theirs) where a.name != b.name || a.parent != b.parent {
      let (before, after) = (a.parent.map { mine[$0].name }, b.parent.map { theirs[$0].name })
      throw SurefootError(
        .correctionFailed,
        message: "the program was given joint \(a.name) below \(before ?? "nothing") and wrote \(b.name) below "
          + "\(after ?? "nothing")", suggestion: "let it keep the joints' names and order")
    }
  }

  private func checkSize() throws(SurefootError) {
    let (mine, theirs) = (sent.skeleton.joints.dropFirst(), back.skeleton.joints.dropFirst())
    let lengths = (mine.reduce(0) { $0 + $1.offset.length }, theirs.reduce(0) { $0 + $1.offset.length })
    let ratio = lengths.0 > 0 ? lengths.1 / lengths.0 : 1
    guard (0.99...1.01).contains(ratio) else {
      throw SurefootError(
        .correctionFailed,
        message: "the figure in the program's output is \(rounded(ratio)) times as large as it was",
        suggestion: "let it write lengths in metres, as in its input")
    }
    for (a, b) in zip(mine, theirs) where (a.offset - b.offset).length > 1e-3 + 0.01 * a.offset.length {
      throw SurefootError(
        .correctionFailed,
        message:
          "the program moved the joint \(a.name) of the skeleton by \(rounded(1000 * (a.offset - b.offset).length)) mm",
        suggestion: "let it keep the offsets; if axes were turned, let it write Y up")
    }
  }

  private func rounded(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }
}
