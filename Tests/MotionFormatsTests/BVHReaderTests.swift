import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing

@Suite struct BVHReaderTests {
  static let plain = """
    HIERARCHY
    ROOT Hips
    {
    	OFFSET 0 0 0
    	CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation
    	JOINT Spine
    	{
    		OFFSET 0 10 0
    		CHANNELS 3 Zrotation Yrotation Xrotation
    		End Site
    		{
    			OFFSET 0 5 0
    		}
    	}
    }
    MOTION
    Frames: 2
    Frame Time: 0.04
    1 2 3 90 0 0 0 0 0
    1 2 3 0 0 0 0 0 45

    """

  static let centimetres = FileConvention.centimetres

  static func read(_ text: String) throws -> ClipReading {
    try BVH.reading(bytes: Array(text.utf8), file: "f.bvh", name: "f", metresPerUnit: 0.01, up: .y)
  }

  @Test("Positions and rotations") func positionsAndRotations() throws {
    let clip = try Self.read(Self.plain).clip
    #expect(clip.name == "f" && clip.motion.count == 2 && clip.motion.frameTime == 0.04)
    #expect(clip.motion.skeleton.joints[1].endSite == SIMD3(0, 0.05, 0))
    let positions = clip.motion.jointPositions
    #expect((positions[0][1] - SIMD3(0.01 - 0.1, 0.02, 0.03)).length < 1e-12)
    #expect((positions[1][1] - SIMD3(0.01, 0.12, 0.03)).length < 1e-12)
  }

  /// Spellings of the same file: each must read as the plain one.
  @Test(
    "Spellings",
    arguments: [
      ("CRLF", [("\n", "\r\n")]), ("CR", [("\n", "\r")]), ("byte order mark", [("HIERARCHY", "\u{FEFF}HIERARCHY")]),
      ("upper case", [("Frame Time", "FRAME TIME"), ("Frames", "FRAMES"), ("Xposition", "XPOSITION")]),
      ("lower case", [("HIERARCHY", "hierarchy"), ("ROOT", "root"), ("JOINT", "joint"), ("MOTION", "motion")]),
      ("blank lines", [("\n", "\n\n")]), ("tabs between numbers", [("1 2 3 ", "1\t2\t3\t")]),
      ("blanks at line ends", [("\n", "  \n")]), ("exponents", [("OFFSET 0 10 0", "OFFSET 0 1e+01 0.0E-3")]),
      ("no leading zero", [("0.04", ".04")]), ("wrapped frames", [("90 0 0 0", "90 0\n0 0")]),
      ("brace on the line", [("Spine\n\t{", "Spine {")]), ("End Site otherwise", [("End Site", "END SITE")]),
      ("EndSite in a word", [("End Site", "EndSite")]), ("no colon's blank", [("Frames: 2", "Frames:2")]),
      ("colon apart", [("Frame Time:", "Frame Time :")]), ("no final line end", [("45\n", "45")]),
      ("spare tail", [("45\n", "45\n\n\u{1A}")]), ("plus sign", [("90 0", "+90 0")]),
    ] as [(String, [(String, String)])])
  func spellings(name: String, changes: [(String, String)]) throws {
    var text = Self.plain
    for (from, to) in changes { text = text.replacingOccurrences(of: from, with: to) }
    #expect(text != Self.plain, "\(name)")
    let reading = try Self.read(text)
    #expect(reading.clip == (try Self.read(Self.plain).clip), "\(name)")
    #expect(reading.warnings.isEmpty)
  }

  @Test("Channels in any number and order") func channelsInAnyNumberAndOrder() throws {
    let text = """
      HIERARCHY
      ROOT a
      { OFFSET 1 2 3 CHANNELS 4 Yrotation Zposition Xposition Xrotation
        JOINT b { OFFSET 0 10 0 CHANNELS 6 Xposition Yposition Zposition Xrotation Yrotation Zrotation
          JOINT c { OFFSET 0 1 0 CHANNELS 0 JOINT d { OFFSET 0 1 0
            JOINT e { OFFSET 0 1 0 CHANNELS 1 Zrotation JOINT g { OFFSET 0 1 0 CHANNELS 2 Yposition Zrotation } } } } } }
      MOTION Frames: 1 Frame Time: 1
      30 5 6 -20  7 8 9 10 20 30  40  2 50
      """
    let pose = try Self.read(text).clip.motion.poses[0]
    #expect((pose.rootPosition - SIMD3(0.06, 0.02, 0.05)).length < 1e-12)
    let degree = Double.pi / 180
    let root = Quaternion(eulerAngles: [30 * degree, -20 * degree], axes: [.y, .x])
    #expect(pose.rotations[0].angle(to: root) < 1e-7)
    let b = Quaternion(eulerAngles: [10 * degree, 20 * degree, 30 * degree], axes: [.x, .y, .z])
    #expect(pose.rotations[1].angle(to: b) < 1e-7)
    #expect(pose.rotations[2] == .identity && pose.rotations[3] == .identity)
    #expect(abs(pose.rotations[4].angle - 40 * degree) < 1e-7)
    #expect((try #require(pose.translations[1]) - SIMD3(0.07, 0.08, 0.09)).length < 1e-12)
    #expect((try #require(pose.translations[5]) - SIMD3(0, 0.02, 0)).length < 1e-12)
    #expect(pose.translations.count == 2)
  }

  @Test("A roots offset stays and moves nothing") func aRootsOffsetStaysAndMovesNothing() throws {
    let text = Self.plain.replacingOccurrences(of: "OFFSET 0 0 0", with: "OFFSET 0 90 0")
    let clip = try Self.read(text).clip
    #expect(clip.motion.skeleton.joints[0].offset == SIMD3(0, 0.9, 0))
    #expect(clip.motion.jointPositions == (try Self.read(Self.plain).clip.motion.jointPositions))
    // Written as zero: a loader that adds OFFSET and position channels would raise the figure.
    #expect(try BVH.text(of: clip).contains("ROOT Hips\n{\n\tOFFSET 0.000000 0.000000 0.000000"))
    let fixed = text.replacingOccurrences(of: "6 Xposition Yposition Zposition", with: "3")
      .replacingOccurrences(of: "1 2 3 ", with: "")
    let still = try Self.read(fixed).clip
    #expect(still.motion.poses.allSatisfy { $0.rootPosition == SIMD3(0, 0.9, 0) })
    #expect(try BVH.text(of: still).contains("OFFSET 0.000000 90.000000 0.000000"))
  }

  @Test("Joints may move without turning") func jointsMayMoveWithoutTurning() throws {
    let text = Self.plain.replacingOccurrences(
      of: "CHANNELS 3 Zrotation Yrotation Xrotation", with: "CHANNELS 3 Zposition Yposition Xposition")
    let motion = try Self.read(text).clip.motion
    #expect((try #require(motion.poses[1].translations[1]) - SIMD3(0.45, 0, 0)).length < 1e-12)
    #expect(motion.poses[1].rotations[1] == .identity)
  }

  @Test("The skeleton alone needs no frames") func theSkeletonAloneNeedsNoFrames() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "figure.bvh")
    try AtomicFile.write(String(Self.plain.prefix { $0 != "M" }), to: url)
    let skeleton = try BVH.readSkeleton(contentsOf: url, convention: .centimetres)
    #expect(skeleton == (try Self.read(Self.plain).clip.motion.skeleton))
    #expect(throws: SurefootError.self) { try BVH.read(contentsOf: url) }
  }

  @Test("More rows than declared warn") func moreRowsThanDeclaredWarn() throws {
    let reading = try Self.read(Self.plain.replacingOccurrences(of: "Frames: 2", with: "Frames: 1"))
    #expect(reading.clip.motion.count == 1)
    #expect(reading.warnings == ["f.bvh:20:1: more rows than the 1 frames declared; the rest is left out"])
  }

  @Test("Names may hold blanks") func namesMayHoldBlanks() throws {
    let clip = try Self.read(Self.plain.replacingOccurrences(of: "JOINT Spine", with: "JOINT  Bip 01:Spine ")).clip
    #expect(clip.motion.skeleton.names == ["Hips", "Bip 01:Spine"])
  }

  /// What is refused, and exactly where.
  @Test(
    "Refusals",
    arguments: [
      ("HIERARCHY\n", "", "f.bvh:1:1: expected HIERARCHY, found 'ROOT'"),
      ("ROOT Hips", "JOINT Hips", "f.bvh:2:1: expected ROOT, found 'JOINT'"),
      ("JOINT Spine", "JOINT", "f.bvh:6:7: a joint without a name"),
      ("Hips\n{", "Hips\n", "f.bvh:4:2: expected '{' after joint 'Hips', found 'OFFSET'"),
      ("\tOFFSET 0 0 0\n", "", "f.bvh:14:1: joint 'Hips' has no OFFSET"),
      ("OFFSET 0 0 0", "OFFSET 0 0 0 OFFSET 1 1 1", "f.bvh:4:15: a second OFFSET in joint 'Hips'"),
      ("OFFSET 0 10 0", "OFFSET 0 ten 0", "f.bvh:8:12: the OFFSET of joint 'Spine' is not a number ('ten')"),
      ("OFFSET 0 10 0", "OFFSET 0 10", "f.bvh:9:3: the OFFSET of joint 'Spine' is not a number ('CHANNELS')"),
      ("CHANNELS 3 Z", "CHANNELS 4 Z", "f.bvh:10:3: joint 'Spine' declares 4 channels and lists 3, then 'End'"),
      ("CHANNELS 3 Z", "CHANNELS 2 Z", "f.bvh:9:34: joint 'Spine' declares 2 channels and lists more"),
      ("CHANNELS 3 Z", "CHANNELS 9 Z", "f.bvh:9:12: joint 'Spine' declares 9 channels"),
      ("CHANNELS 3 Z", "CHANNELS -3 Z", "f.bvh:9:12: joint 'Spine' declares -3 channels"),
      ("CHANNELS 3 Z", "CHANNELS 3.5 Z", "f.bvh:9:12: the number of channels of joint 'Spine' is not a whole number"),
      ("Xposition Yposition", "Xposition Xposition", "f.bvh:5:23: 'Xposition' stands twice in joint 'Hips'"),
      ("CHANNELS 3 Zrotation Y", "CHANNELS 3 Wrotation Y", "declares 3 channels and lists 0, then 'Wrotation'"),
      ("\t\tEnd Site\n\t\t{\n", "\t\tEnd Site\n", "f.bvh:11:4: expected '{' after End Site, found 'OFFSET'"),
      ("\t\t\tOFFSET 0 5 0\n", "", "f.bvh:12:3: expected the End Site's OFFSET, found '}'"),
      ("}\nMOTION", "MOTION", "f.bvh:15:1: unbalanced braces: joint 'Hips' is not closed before 'MOTION'"),
      ("}\nMOTION", "}\n}\nMOTION", "f.bvh:16:1: unbalanced braces: a closing brace too many"),
      ("}\nMOTION", "}\nROOT Other", "f.bvh:16:1: a second ROOT: the file holds several figures"),
      ("}\nMOTION", "ROOT Other {", "f.bvh:15:1: a ROOT inside joint 'Hips'"),
      ("MOTION\n", "", "f.bvh:16:1: expected MOTION, found 'Frames:'"),
      ("Frames: 2\n", "", "f.bvh:17:1: expected 'Frames:', found 'Frame'"),
      ("Frames: 2", "Frames: -2", "f.bvh:17:9: a negative number of frames (-2)"),
      ("Frames: 2", "Frames: 0", "f.bvh:17:9: no frames"),
      ("Frames: 2", "Frames: 3", "f.bvh:17:9: 3 frames are declared, 2 are there"),
      ("Frames: 2", "Frames: 99999999999", "f.bvh:17:9: 99999999999 frames are declared, 2 are there"),
      ("Frames: 2", "Frames: 9000000000000000", "f.bvh:17:9: 9000000000000000 frames are declared, 2 are there"),
      ("Frames: 2", "Frames: 1e300", "f.bvh:17:9: the number of frames is not a whole number in range"),
      ("Frames: 2", "Frames: two", "f.bvh:17:9: the number of frames is not a number ('two')"),
      ("Frame Time: 0.04", "0.04", "f.bvh:18:1: expected 'Frame Time:'"),
      ("Frame Time: 0.04", "Frame Time: 0", "f.bvh:18:13: the frame time is not positive"),
      ("Frame Time: 0.04", "Frame Time: -0.04", "f.bvh:18:13: the frame time is not positive"),
      ("Frame Time: 0.04", "Frame Time: 0,04", "f.bvh:18:13: the frame time is written with a decimal comma ('0,04')"),
      ("1 2 3 90", "1 2 nan 90", "f.bvh:19:5: channel 3 of frame 1 is not a finite number ('nan')"),
      ("1 2 3 90", "1 2 -1.#IND 90", "f.bvh:19:5: channel 3 of frame 1 is not a finite number ('-1.#IND')"),
      ("1 2 3 90", "1 2 1e999 90", "f.bvh:19:5: channel 3 of frame 1 is not a finite number ('1e999')"),
      ("1 2 3 90", "1 2,5 3 90", "f.bvh:19:3: channel 2 of frame 1 is written with a decimal comma ('2,5')"),
      ("1 2 3 90", "1 2 3 90 4", "f.bvh:19:20: frame 1 has more than 9 numbers"),
      ("1 2 3 90", "1 2 3", "f.bvh:19:16: frame 1 has 8 numbers on line 19, not 9"),
      ("0 0 45\n", "0\n", "f.bvh:21:1: frame 2 is cut off: it has 7 of 9 numbers"),
      ("0 0 45\n", "0 0 4", "f.bvh:20:1"),
    ])
  func refusals(from: String, to: String, expected: String) throws {
    // The last case is the control: a file cut inside its last number cannot be told from a whole one.
    let text = Self.plain.replacingOccurrences(of: from, with: to)
    #expect(text != Self.plain)
    if expected == "f.bvh:20:1" {
      _ = try Self.read(text)
      return
    }
    let error = #expect(throws: SurefootError.self) { try Self.read(text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "none") expected \(expected)")
    #expect(error?.suggestion != nil)
  }

  @Test("Empty files", arguments: ["", "\n \t\r\n", "\u{FEFF}"]) func emptyFiles(text: String) {
    let bytes = Array(text.utf8)
    let error = #expect(throws: SurefootError.self) { try BVH.reading(bytes: bytes, file: "f.bvh", name: "f") }
    #expect(error?.message == "the file is empty" && error?.line != nil)
  }

  @Test("Wide text is refused") func wideTextIsRefused() {
    let wide = Self.plain.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let bytes: [UInt8] = [0xFF, 0xFE] + wide
    let error = #expect(throws: SurefootError.self) { try BVH.reading(bytes: bytes, file: "f.bvh", name: "f") }
    #expect(error?.message == "is written in UTF-16")
  }

  @Test("A missing file is an error") func aMissingFileIsAnError() {
    let url = URL(fileURLWithPath: "/nonexistent/file.bvh")
    #expect(throws: SurefootError.self) { try BVH.read(contentsOf: url) }
  }

  @Test("A chain of four thousand joints") func aChainOfFourThousandJoints() throws {
    let count = 4000
    let channels = "CHANNELS 3 Zrotation Yrotation Xrotation"
    var text =
      "HIERARCHY\nROOT j0 { OFFSET 0 0 0 CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation\n"
    for index in 1..<count { text += "JOINT j\(index) { OFFSET 0 1 0 \(channels)\n" }
    text += "End Site { OFFSET 0 1 0 }\n" + String(repeating: "}", count: count)
    text += "\nMOTION\nFrames: 1\nFrame Time: 0.01\n" + String(repeating: "0 ", count: 3 * count + 3)
    let clip = try BVH.read(text: text, name: "chain", convention: .centimetres)
    #expect(clip.motion.skeleton.count == count)
    #expect(abs(clip.motion.jointPositions[0][count - 1].y - 0.01 * Double(count - 1)) < 1e-6)
    let again = try BVH.read(text: try BVH.text(of: clip), name: "chain", convention: .centimetres)
    #expect(again.motion.skeleton.names == clip.motion.skeleton.names)
  }
}
