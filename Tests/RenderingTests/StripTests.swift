import Dynamics
import Kinematics
@testable import Rendering
import Retargeting
import Testing

@Suite struct StripTests {
  /// A standing figure that sinks `depth` into the floor and moves along Z.
  private static func standing(depth: Double = 0, speed: Double = 0) throws -> (Motion, BodyModel) {
    let skeleton = Skeleton.canonical
    let body = try BodyModel(skeleton: skeleton, joints: try BipedMap.understanding(skeleton).joints)
    let sole = -body.lowestPoint(in: body.state(of: Pose(resting: skeleton)))
    let poses = (0..<31).map {
      Pose(resting: skeleton, rootPosition: SIMD3(0, sole - depth, speed * Double($0) / 30))
    }
    return (Motion(skeleton: skeleton, frameTime: 1.0 / 30, poses: poses), body)
  }

  private static func count(_ picture: Picture, _ isWanted: (Int, Int, Int) -> Bool) -> Int {
    stride(from: 0, to: picture.bytes.count, by: 3).count { at in
      isWanted(Int(picture.bytes[at]), Int(picture.bytes[at + 1]), Int(picture.bytes[at + 2]))
    }
  }

  @Test("A strip has its rows and figures") func aStripHasItsRowsAndFigures() throws {
    let (motion, _) = try Self.standing()
    let one = Strip(rows: [.init(motion)], frames: 2, width: 120, view: .front).picture()
    let two = Strip(rows: [.init(motion), .init(motion)], frames: 2, width: 120, view: .front).picture()
    #expect(one.width == 120 && two.height == 2 * one.height)
    #expect(one.bytes.count == 3 * one.width * one.height)
    // A lone figure is blue; of two rows the first is grey.
    let blue = Self.count(one) { r, _, b in b > r + 60 }
    #expect(blue > 300)
    #expect(Self.count(two) { r, _, b in b > r + 60 } > blue / 2)
  }

  /// Where the figure's blue is, by halves of the picture's upper part.
  @Test("Left is left", arguments: [(RenderView.front, true), (.back, false)]) func leftIsLeft(
    view: RenderView, isRight: Bool
  ) throws {
    var (motion, _) = try Self.standing()
    // The right arm hangs, the left one is held out.
    for index in motion.poses.indices {
      motion.poses[index].rotations[CanonicalJoint.rightShoulder.rawValue] = Quaternion(angle: 1.5, axis: .unitZ)
    }
    let picture = Strip(rows: [.init(motion)], frames: 1, width: 120, view: view).picture()
    var halves = (left: 0, right: 0)
    for y in 0..<picture.height / 3 {
      for x in 0..<picture.width {
        let at = 3 * (y * picture.width + x)
        guard Int(picture.bytes[at + 2]) > Int(picture.bytes[at]) + 50 else { continue }
        if x < picture.width / 2 { halves.left += 1 } else { halves.right += 1 }
      }
    }
    #expect(isRight ? halves.right > halves.left + 50 : halves.left > halves.right + 50)
  }

  @Test("Feet are lit and what is in the floor is red") func feetAreLitAndWhatIsInTheFloorIsRed() throws {
    func colours(depth: Double, speed: Double) throws -> (green: Int, red: Int) {
      let (motion, body) = try Self.standing(depth: depth, speed: speed)
      let trace = MotionTrace(motion, body: body)
      let picture = Strip(rows: [.init(motion, trace: trace)], frames: 1, width: 160, view: .front).picture()
      return (
        Self.count(picture) { r, g, b in g > r + 40 && g > b + 25 },
        Self.count(picture) { r, g, b in r > g + 60 && r > b + 60 }
      )
    }
    let stands = try colours(depth: 0, speed: 0)
    #expect(stands.green > 20 && stands.red == 0)
    let slides = try colours(depth: 0, speed: 0.6)
    #expect(slides.red > 20 && slides.green == 0)
    #expect(try colours(depth: 0.05, speed: 0).red > 10)
  }

  @Test("A trace tells what the physics is") func aTraceTellsWhatThePhysicsIs() throws {
    let (motion, body) = try Self.standing(depth: 0.03, speed: 0.6)
    let trace = MotionTrace(motion, body: body)
    #expect(trace.lowest.allSatisfy { abs($0.y + 0.03) < 1e-9 })
    #expect(abs((trace.skate[10]) - 0.6) < 1e-6)
    #expect(trace.touches[10].left == .sliding && trace.touches[10].right == .sliding)
    #expect(trace.residual.allSatisfy { $0 < 0.05 })
    #expect(trace.residual.count == 31 && trace.force.count == 31)
    let (high, _) = try Self.standing(depth: -0.5)
    let flying = MotionTrace(high, body: body)
    #expect(flying.touches[10].left == .none && abs(flying.residual[15] - 1) < 0.05)
    // Hanging in the air needs a body weight upwards.
    #expect(flying.force[15].y > 0.95)
  }

  @Test("A picture is bounded by its frame, however high a figure is", arguments: [100, 1e6, 1e300])
  func heightIsBounded(height: Double) throws {
    var (motion, _) = try Self.standing()
    for index in motion.poses.indices { motion.poses[index].rootPosition.y += height }
    let picture = Strip(rows: [.init(motion)], frames: 2, width: 48).picture()
    #expect(picture.width == 48 && picture.height <= 6 * 48 + 1)
  }

  @Test("Every view draws the figure", arguments: RenderView.allCases) func everyViewDrawsTheFigure(view: RenderView)
    throws
  {
    let (motion, _) = try Self.standing()
    let picture = Strip(rows: [.init(motion)], frames: 1, width: 64, view: view).picture()
    #expect(Self.count(picture) { r, _, b in b > r + 50 } > 60)
  }

  @Test("Films move over the floor") func filmsMoveOverTheFloor() throws {
    let (motion, _) = try Self.standing(speed: 1)
    let strip = Strip(rows: [.init(motion)], width: 96)
    let (first, later) = (strip.frame(at: 0.2, height: 64), strip.frame(at: 0.6, height: 64))
    #expect(first.bytes.count == 3 * 96 * 64)
    #expect(first != later)
    #expect(first == strip.frame(at: 0.2, height: 64))
  }
}
