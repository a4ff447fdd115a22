import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing

@Suite struct AcclaimTests {
  static let skeletonText = """
    # comment
    :version 1.10
    :name test
    :units
      mass 1.0
      length 0.45
      angle deg
    :documentation
      free text: begin end
    :root
      order TX TY TZ RX RY RZ
      axis XYZ
      position 0 0 0
      orientation 0 0 0
    :bonedata
      begin
        id 1
        name hip
        direction 0 -2 0
        length 2
        axis 0 0 0 XYZ
      end
      begin
        id 2
        name femur
        direction 0 -1 0
        length 7
        axis 0 0 20 XYZ
        dof rx rz
        limits (-160.0 20.0)
               (-inf 70.0)
      end
      begin
        id 3
        name chest
        direction 0 1 0
        length 4
        axis 0 0 0 XYZ
        dof ry
      end
    :hierarchy
      begin
        root hip chest
        hip femur
      end

    """
  static let motionText = """
    #!OML:ASF somewhere
    :FULLY-SPECIFIED
    :DEGREES
    1
    root 1 2 3 0 90 0
    chest 10
    femur 30 40
    2
    root 1 2 3 10 20 30
    femur 0 0
    chest 0

    """

  static func skeleton(_ text: String = skeletonText) throws -> AcclaimSkeleton {
    try ASF.read(bytes: Array(text.utf8), file: "a.asf")
  }

  static func clip(_ text: String = motionText, _ actor: AcclaimSkeleton? = nil) throws -> Clip {
    try AMC.read(bytes: Array(text.utf8), file: "a.amc", name: "16_01", skeleton: try actor ?? skeleton())
  }

  @Test("Bones become joints at their near ends") func bonesBecomeJointsAtTheirNearEnds() throws {
    let actor = try Self.skeleton()
    let unit = 0.0254 / 0.45
    #expect(actor.skeleton.names == ["root", "femur", "chest"])
    #expect((actor.skeleton.joints[1].offset - SIMD3(0, -2 * unit, 0)).length < 1e-12)
    #expect(actor.skeleton.joints[2].offset == .zero)
    let tips = actor.skeleton.joints.map(\.endSite)
    #expect(tips[0] == nil)
    #expect((try #require(tips[1]) - SIMD3(0, -7 * unit, 0)).length < 1e-12)
    #expect(actor.jointOfBone == ["root": 0, "hip": 0, "femur": 1, "chest": 2])
    let femur = actor.bones[1]
    #expect(femur.degreesOfFreedom == [.x, .z] && femur.limits.count == 2)
    #expect(abs(femur.limits[0].upperBound - .pi / 9) < 1e-12 && femur.limits[1].lowerBound == -.infinity)
  }

  @Test("Rows turn bones in their own axes") func rowsTurnBonesInTheirOwnAxes() throws {
    let clip = try Self.clip()
    #expect(clip.motion.count == 2 && clip.motion.frameRate == 120)
    let unit = 0.0254 / 0.45
    let pose = clip.motion.poses[0]
    #expect((pose.rootPosition - SIMD3(1, 2, 3) * unit).length < 1e-12)
    #expect((pose.rotations[0].act(.unitZ) - .unitX).length < 1e-12)
    let degree = Double.pi / 180
    let axes = Quaternion(angle: 20 * degree, axis: .unitZ)
    let turn = Quaternion(angle: 40 * degree, axis: .unitZ) * Quaternion(angle: 30 * degree, axis: .unitX)
    #expect(pose.rotations[1].angle(to: axes * turn * axes.inverse) < 1e-7)
    #expect(pose.rotations[2].angle(to: Quaternion(angle: 10 * degree, axis: .unitY)) < 1e-7)
    let root = Quaternion(eulerAngles: [30, 20, 10].map { $0 * degree }, axes: [.z, .y, .x])
    #expect(clip.motion.poses[1].rotations[0].angle(to: root) < 1e-7)
  }

  @Test("Radians and other line ends") func radiansAndOtherLineEnds() throws {
    let degrees = try Self.clip(Self.motionText.replacingOccurrences(of: "\n", with: "\r\n"))
    let plain = try Self.clip()
    #expect(degrees == plain)
    let radians = Self.motionText.replacingOccurrences(of: ":DEGREES", with: ":RADIANS")
      .replacingOccurrences(of: "chest 10", with: "chest \(Double.pi / 18)")
    #expect(try Self.clip(radians).motion.poses[0].rotations[2].angle(to: degrees.motion.poses[0].rotations[2]) < 1e-7)
  }

  @Test("Capture rates", arguments: [("16_15", 120), ("61_02", 60), ("135_01", 120), ("walk", 120), ("34", 60)])
  func captureRates(name: String, rate: Double) {
    #expect(AMC.cmuFrameRate(of: name) == rate)
  }

  @Test(
    "Skeleton refusals",
    arguments: [
      (":units", "units", "a.asf:46:1: no section :units"),
      ("# comment", "comment", "a.asf:1:1: expected a section, found 'comment'"),
      ("length 0.45", "length 0", "a.asf:6:10: the length unit is not positive"),
      ("angle deg", "angle gon", "a.asf:7:9: an unknown angle unit 'gon'"),
      ("order TX TY", "order TX TX", "a.asf:11:12: 'TX' stands twice in the root's order"),
      ("axis XYZ", "axis XY", "a.asf:12:8: an axis order is three letters, not 'XY'"),
      ("orientation 0 0 0", "facing 0 0 0", "a.asf:14:3: unexpected 'facing' in :root"),
      ("name femur", "name hip", "a.asf:23:3: a second bone 'hip'"),
      ("    name femur\n", "", "a.asf:23:3: a bone without a name"),
      ("direction 0 -2 0\n", "\n", "a.asf:16:3: bone 'hip' has no direction"),
      ("length 7", "length 7,5", "a.asf:27:12: the length of bone 'femur' is written with a decimal comma ('7,5')"),
      ("dof rx rz", "dof rx l", "a.asf:29:12: bone 'femur' moves along 'l'"),
      ("dof rx rz", "dof rx rx", "a.asf:29:12: 'rx' stands twice in bone 'femur'"),
      ("(-160.0 20.0)", "(-160.0 20.0", "a.asf:30:12: a limit of bone 'femur' is not closed"),
      ("root hip chest", "root hip torso", "a.asf:43:14: no bone 'torso'"),
      ("hip femur\n", "hip femur chest\n", "a.asf:44:15: bone 'chest' hangs twice"),
      ("    hip femur\n", "", "a.asf:23:3: bone 'femur' does not hang from the root"),
      ("    hip femur\n  end\n", "", "a.asf:44:1: the hierarchy has no end"),
      (":hierarchy", ":other", "a.asf:46:1: no section :hierarchy"),
    ]) func skeletonRefusals(from: String, to: String, expected: String)
  {
    let text = Self.skeletonText.replacingOccurrences(of: from, with: to)
    #expect(text != Self.skeletonText)
    let error = #expect(throws: SurefootError.self) { try Self.skeleton(text) }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "none") expected \(expected)")
  }

  @Test(
    "Motion refusals",
    arguments: [
      ("1\nroot", "root", "a.amc:4:1: the frame's number is not a number ('root')"),
      ("1\nroot", "1 root", "a.amc:4:1: more than a number on the line of frame 1"),
      ("chest 10\n", "", "a.amc:7:1: frame 1 has no row for 'chest'"),
      ("root 1 2 3 0 90 0\n", "", "a.amc:7:1: frame 1 has no row for 'root'"),
      ("chest 10", "chest 10 20", "a.amc:6:10: frame 1: more numbers for 'chest' than the skeleton has"),
      ("femur 30 40", "femur 30", "a.amc:7:9: frame 1: too few numbers for 'femur'"),
      ("femur 30 40", "femur 30 nan", "a.amc:7:10: frame 1: a number of 'femur' is not a finite number ('nan')"),
      ("femur 30 40", "tibia 30 40", "a.amc:7:1: frame 1: no bone 'tibia'"),
      ("femur 30 40", "femur 30 40\nfemur 1 2", "a.amc:8:1: frame 1: a second row for 'femur'"),
      (
        "1\nroot 1 2 3 0 90 0\nchest 10\nfemur 30 40\n2\nroot 1 2 3 10 20 30\nfemur 0 0\nchest 0\n", "",
        "a.amc:4:1: no frames"
      ),
    ]) func motionRefusals(from: String, to: String, expected: String)
  {
    let text = Self.motionText.replacingOccurrences(of: from, with: to)
    #expect(text != Self.motionText)
    let error = #expect(throws: SurefootError.self) { try Self.clip(text) }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "none") expected \(expected)")
  }

  @Test("Empty files are refused") func emptyFilesAreRefused() {
    #expect(throws: SurefootError.self) { try Self.skeleton("") }
    #expect(throws: SurefootError.self) { try Self.clip("") }
  }
}
