import Correctors
import Dynamics
import Foundation
import Kinematics
import Support
import Testing

@Suite struct ContactTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  /// How far a foot's sole moves over the floor in some frames [m].
  private func slide(_ motion: Motion, _ side: Int, _ frames: Range<Int>) -> Double {
    let points = frames.map { body.solePoints(in: body.state(of: motion.poses[$0]))[4 * side] }
    return points.map { ($0 - points[0]).horizontal.length }.max() ?? 0
  }

  /// Stands for two seconds while the whole body creeps along, 8 cm a second.
  private var creep: Motion {
    Motions.changed(Motions.standing(body, seconds: 2)) { pose, time in pose.rootPosition.z += 0.08 * time }
  }

  @Test("A detected table is read back as it was written, with both feet of a standing body in it")
  func roundTrip() throws {
    let motion = Motions.standing(body)
    let table = try ContactDetection.table(of: motion)
    #expect(table.intervals.map(\.part) == [.leftHeel, .leftToe, .rightHeel, .rightToe])
    #expect(table.intervals.allSatisfy { $0.frames == 0..<motion.count && $0.confidence > 0.8 })
    let again = try ContactTable.read(table.text, file: "t.csv", frames: motion.count, frameTime: motion.frameTime)
    #expect(again.text == table.text)
  }

  @Test("A planted foot stands, and one that the table frees may slide")
  func obeyed() async throws {
    let motion = creep
    let table = try ContactTable.read(
      "part,first_frame,last_frame\nleft_heel,10,40\n", file: "t.csv", frames: motion.count,
      frameTime: motion.frameTime)
    let corrector = KinematicCorrector(body: CorrectorBody(shared: body), feet: FootConstraints(table: table))
    #expect(corrector.name.hasPrefix("kinematic[feet=auto+"))
    let result = try await corrector.correct(motion, seed: 1)
    #expect(slide(motion, 0, 10..<41) > 0.07)
    #expect(slide(result.motion, 0, 10..<41) < 0.005)
    #expect(slide(result.motion, 1, 10..<41) > 0.07)
  }

  @Test("The modes for a whole clip", arguments: FootConstraints.Mode.allCases)
  func modes(mode: FootConstraints.Mode) async throws {
    var motion = creep
    for i in motion.poses.indices { motion.poses[i].rootPosition.y += 0.03 }
    let corrector = KinematicCorrector(body: CorrectorBody(shared: body), feet: FootConstraints(mode: mode))
    let result = try await corrector.correct(motion, seed: 1)
    let low = body.lowestPoint(in: body.state(of: result.motion.poses[30]))
    switch mode {
    case .auto, .planted: #expect(slide(result.motion, 0, 5..<55) < 0.005)
    case .ground: #expect(slide(result.motion, 0, 5..<55) > 0.1 && abs(low) < 0.01)
    case .free: #expect(slide(result.motion, 0, 5..<55) > 0.1)
    }
  }

  @Test("What the leg cannot reach, and what the floor would not hold, is said with its time")
  func contradictions() async throws {
    let motion = Motions.changed(Motions.standing(body, seconds: 2)) { pose, time in
      pose.rootPosition.z += 0.8 * time
    }
    let planted = FootConstraints(
      table: ContactTable(
        intervals: [.init(part: .leftHeel, frames: 5..<56)], frameTime: motion.frameTime))
    let corrector = KinematicCorrector(body: CorrectorBody(shared: body), feet: planted)
    let result = try await corrector.correct(motion, seed: 1)
    let said = planted.contradictions(in: result.motion, body: body)
    #expect(
      said.contains { $0.contains("left foot is planted by the table from 0.17") && $0.contains("does not reach") })
    let nothing = FootConstraints(table: ContactTable(intervals: [], frameTime: motion.frameTime))
    #expect(nothing.contradictions(in: Motions.standing(body), body: body).contains { $0.contains("does not hold") })
  }

  @Test(
    "A table that cannot be obeyed is refused with its place",
    arguments: [
      ("", "t.csv: is empty"), ("when,start\n", "t.csv:1:1: has no column 'part'"),
      ("part,start,end\nleft_hel,0,1\n", "t.csv:2:1: there is no part 'left_hel'; did you mean left_heel?"),
      ("part,start,end\nleft_heel,0,soon\n", "t.csv:2:13: 'soon' is no number"),
      ("part,start,end\nleft_heel,1,0.5\n", "t.csv:2:11: ends before it begins"),
      ("part,start,end\nleft_heel,0,9\n", "t.csv:2:11: frames 0 to 270 lie outside the clip"),
      ("part,start,end\nleft_heel,-1,1\n", "t.csv:2:11: frames -30 to 30 lie outside the clip"),
      ("part,start,end\nleft_heel,0,1\nleft_heel,0.5,2\n", "t.csv:3:1: overlaps line 2"),
      ("part,start,end\nleft_heel,,\n", "t.csv:2:1: says no time"),
      ("part,start,end\nleft_heel,0\n", "t.csv:2:11: has 2 cells, the first line 3"),
      ("part,start,end,mode\nleft_heel,0,1,glued\n", "t.csv:2:15: there is no mode 'glued'"),
      (
        "part,start,end,first_frame,last_frame\nleft_heel,0,1,0,12\n", "t.csv:2:15: has frames 0 to 12, but its seconds"
      ),
      ("part,start,end\nleft_heel,1e300,1e301\n", "lie outside the clip"),
    ])
  func refused(text: String, message: String) throws {
    #expect {
      try ContactTable.read(text, file: "t.csv", frames: 61, frameTime: 1.0 / 30)
    } throws: { error in
      "\(error)".contains(message)
    }
  }
}
