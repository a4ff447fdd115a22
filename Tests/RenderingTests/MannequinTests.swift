import Kinematics
@testable import Rendering
import Testing

@Suite struct MannequinTests {
  private let skeleton = Skeleton.canonical

  @Test("A biped stands on its feet and is mirrored") func aBipedStandsOnItsFeetAndIsMirrored() {
    let mannequin = Mannequin(skeleton)
    let rest = Pose(resting: skeleton, rootPosition: SIMD3(0, 0.95, 0))
    let points = mannequin.points(of: skeleton.frames(of: rest))
    #expect(points.count == mannequin.pointCount)
    let tops = mannequin.limbs.flatMap { [(points[$0.from].y, $0.fromRadius), (points[$0.to].y, $0.toRadius)] }
    let height = (tops.map { $0.0 + $0.1 }.max() ?? 0) - (tops.map { $0.0 - $0.1 }.min() ?? 0)
    #expect(height > 1.6 && height < 1.8)
    // What is drawn on the left is drawn on the right.
    let places = mannequin.limbs.map { (points[$0.from], points[$0.to]) }
    for (from, to) in places {
      let mirror = SIMD3(-1.0, 1, 1)
      #expect(
        places.contains { a, b in
          ((a - from * mirror).length < 1e-9 && (b - to * mirror).length < 1e-9)
            || ((a - to * mirror).length < 1e-9 && (b - from * mirror).length < 1e-9)
        })
    }
  }

  @Test("A skeleton that is no biped gets its bones") func aSkeletonThatIsNoBipedGetsItsBones() {
    let chain = Skeleton(
      joints: [
        Joint(name: "a", parent: nil, offset: .zero), Joint(name: "b", parent: 0, offset: SIMD3(0, 1, 0)),
        Joint(name: "c", parent: 1, offset: SIMD3(0, 1, 0), endSite: SIMD3(0, 0.5, 0)),
      ])
    let mannequin = Mannequin(chain)
    #expect(mannequin.limbs.count == 3 && mannequin.joints.isEmpty)
    let points = mannequin.points(of: chain.frames(of: Pose(resting: chain, rootPosition: .zero)))
    #expect(points.last == SIMD3(0, 2.5, 0))
  }
}
