import Correctors
import Dynamics
import Foundation
import Kinematics
import Rendering
@testable import Reporting
import Retargeting
import Support
import Testing

@Suite struct ViewerTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static var hasBrowser: Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return ["chromium", "google-chrome"].contains { name in
      folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
  }

  private static func page(_ motions: [Motion], hasContacts: Bool = false) throws -> String {
    let entries = try motions.enumerated().map { index, motion in
      let joints = try BipedMap.understanding(motion.skeleton).joints
      let trace = MotionTrace(motion, body: try BodyModel(skeleton: motion.skeleton, joints: joints))
      return ViewerPage.Entry(
        motion: PackedMotion(
          name: "walk \(index) <&>", motion: motion, trace: trace,
          contacts: hasContacts
            ? PackedContacts(try ContactDetection.table(of: motion), frames: motion.count) : nil),
        metrics: trace.metrics)
    }
    return ViewerPage(title: "walks", entries: entries).html
  }

  @Test("The page carries every file of the player, whole and in order")
  func theEmbeddedPlayerIsTheReadableOne() throws {
    let assets = Self.root.appending(path: "Sources/CPageAssets/Assets")
    let parts = [
      "motion", "camera", "stage", "sketch", "timeline", "contacts", "video", "list", "scene", "player", "clock",
      "controls", "start",
    ]
    let html = try Self.page([MadeWalk.motion(seconds: 0.1)])
    var rest = html[...]
    for part in parts {
      let text = try String(contentsOf: assets.appending(path: "\(part).js"), encoding: .utf8)
      rest = rest[try #require(rest.range(of: text), "\(part).js").upperBound...]
    }
    let style = try String(contentsOf: assets.appending(path: "player.css"), encoding: .utf8)
    #expect(html.contains(style))
    // The policy allows exactly what stands between the tags.
    let script = try #require(html.components(separatedBy: "<script>").last?.components(separatedBy: "</script>").first)
    #expect(script == PageAssets.script)
    #expect(Data(base64Encoded: PageAssets.scriptDigest)?.count == 32)
  }

  @Test("The page needs no network and is the same again") func thePageNeedsNoNetworkAndIsTheSameAgain() throws {
    let motions = [MadeWalk.motion(seconds: 0.5)]
    let html = try Self.page(motions)
    for address in ["http:", "https:", "src=", "@import", "url("] { #expect(!html.contains(address), "\(address)") }
    #expect(!html.contains("walk 0 <&>"))
    #expect(html == (try Self.page(motions)))
  }

  @Test(
    "Motions are kept at sixty frames a second at most",
    arguments: [(30.0, 30.0, 31), (60, 60, 61), (120, 60, 61), (100, 50, 51), (24, 24, 25)])
  func motionsAreKeptAtSixtyFramesASecondAtMost(rate: Double, kept: Double, frames: Int) throws {
    let packed = PackedMotion(name: "m", motion: MadeWalk.motion(seconds: 1, rate: rate))
    #expect(abs(packed.fps - kept) < 1e-3)
    #expect(packed.frames == frames)
  }

  @Test("Points come back within a step") func pointsComeBackWithinAStep() throws {
    let motion = MadeWalk.motion(seconds: 1)
    let packed = PackedMotion(name: "m", motion: motion)
    let data = try #require(Data(base64Encoded: packed.positions))
    #expect(data.count == 6 * packed.frames * packed.points)
    let wanted = motion.jointPositions[17][CanonicalJoint.leftAnkle.rawValue]
    let row = 17 * packed.points + CanonicalJoint.leftAnkle.rawValue
    for axis in 0..<3 {
      let at = 2 * (3 * row + axis)
      let step = Int16(bitPattern: UInt16(data[at]) | UInt16(data[at + 1]) << 8)
      #expect(abs(packed.origin[axis] + packed.scale * Double(step) - wanted[axis]) <= packed.scale)
    }
  }

  /// Plays, seeks, shows the right pose, obeys keys, logs no error.
  @Test("It plays in a real browser", .enabled(if: hasBrowser)) func itPlaysInARealBrowser() throws {
    let motions = [MadeWalk.motion(seconds: 2), MadeWalk.motion(seconds: 2, phase: 1)]
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-view-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try AtomicFile.write(try Self.page(motions), to: folder.appending(path: "page.html"))
    var expected: [[String: Any]] = []
    for (index, motion) in motions.enumerated() {
      for frame in [0, 13, 60] {
        for joint in [CanonicalJoint.leftAnkle, .head] {
          let place = motion.jointPositions[frame][joint.rawValue]
          expected.append([
            "motion": index, "time": Double(frame) / 30, "joint": joint.fileName, "place": [place.x, place.y, place.z],
          ])
        }
      }
    }
    let list = folder.appending(path: "expected.json")
    try AtomicFile.write(try JSONSerialization.data(withJSONObject: expected), to: list)
    let errors = try Self.check("player", [folder.appending(path: "page.html").path, list.path])
    #expect(errors.isEmpty, "\(errors)")
  }

  /// Bars dragged, added, deleted and taken back, saved, and read again as the table that `correct` reads.
  @Test("Contacts are edited in a real browser, and the saved table is read again", .enabled(if: hasBrowser))
  func contactsAreEditedInARealBrowser() throws {
    let motion = MadeWalk.motion(seconds: 2)
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-contacts-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appending(path: "page.html")
    try AtomicFile.write(try Self.page([motion], hasContacts: true), to: page)
    let result = try Self.output(of: "contact-editor", [page.path, folder.appending(path: "saved").path])
    #expect(result.errors.isEmpty, "\(result.errors)")
    let table = try ContactTable.read(
      contentsOf: folder.appending(path: "saved/walk-0-contacts.csv"), frames: motion.count,
      frameTime: motion.frameTime)
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let rows = try #require(object as? [[Any]])
    let wanted = rows.map { "\($0.map { "\($0)" }.joined(separator: " "))" }
    let read = table.intervals.map { one in
      "\(one.part.rawValue) \(one.frames.lowerBound) \(one.frames.upperBound - 1) \(one.state)"
    }
    #expect(read.sorted() == wanted.sorted())
    #expect(read.contains { $0.hasPrefix("left_hand") && $0.hasSuffix("ground") })
  }

  @Test("A page without contacts has no editor") func aPageWithoutContactsHasNoEditor() throws {
    let motion = MadeWalk.motion(seconds: 0.2)
    #expect(!(try Self.page([motion])).contains("\"intervals\":"))
    let packed = PackedContacts(
      ContactTable(
        intervals: [.init(part: .leftToe, frames: 3..<5, confidence: 0.456)], frameTime: motion.frameTime),
      frames: 9, first: 2)
    #expect(packed.intervals.map(\.end) == [4] && packed.intervals[0].confidence == 0.46 && packed.first == 2)
  }

  /// Runs one of `tools/`, and returns its error output.
  static func check(_ tool: String, _ arguments: [String]) throws -> String {
    try output(of: tool, arguments).errors
  }

  /// Runs one of `tools/`, and returns what it printed, and its error output if it failed.
  private static func output(of tool: String, _ arguments: [String]) throws -> (output: String, errors: String) {
    let process = Process()
    process.executableURL = root.appending(path: "tools/checks/\(tool)")
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardError = errors
    process.standardOutput = output
    try process.run()
    // Both are short: neither fills a pipe while the other is read.
    let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (printed, process.terminationStatus == 0 ? "" : text + "exit \(process.terminationStatus)")
  }
}
