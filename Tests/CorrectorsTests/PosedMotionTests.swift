@testable import Correctors
import Dynamics
import Kinematics
import Testing

@Suite struct PosedMotionTests {
  let walk: Motion

  init() throws { walk = Motions.walk(try Motions.body(), seconds: 0.5) }

  private func expectFresh(_ posed: PosedMotion) {
    for index in posed.poses.indices {
      #expect(posed.frames(at: index) == posed.motion.skeleton.frames(of: posed.poses[index]))
    }
  }

  @Test("Frames follow every edit, to the last bit")
  func framesFollowEdits() {
    var posed = PosedMotion(walk)
    expectFresh(posed)
    posed.setPose(walk.poses[9], at: 2)
    posed.setRootPosition(SIMD3(1.1, 0.97, -3.3), at: 5)
    #expect(posed.poses[2] == walk.poses[9] && posed.poses[5].rootPosition.z == -3.3)
    expectFresh(posed)
    expectFresh(posed.moved(by: SIMD3(0.1, -0.2, 1000.3)))
  }

  @Test("A motion that is not cached has the same frames")
  func anUncachedMotionHasTheSameFrames() {
    var posed = PosedMotion(uncached: walk)
    posed.setRootPosition(.zero, at: 3)
    posed.setPose(walk.poses[0], at: 4)
    expectFresh(posed)
  }

  @Test("Figures of a posed motion are those of the motion")
  func figuresAreTheSame() throws {
    let body = try Motions.body()
    let other = Motions.changed(walk) { pose, t in pose.rootPosition.y += 0.1 * t }
    let (a, b) = (PosedMotion(walk), PosedMotion(other))
    #expect(MotionDifference(a, b) == MotionDifference(walk, other))
    #expect(PlausibilityMetrics.measure(b, body: body) == PlausibilityMetrics.measure(other, body: body))
    #expect(BalanceAnalysis(b, body: body).distances == BalanceAnalysis(other, body: body).distances)
  }
}
