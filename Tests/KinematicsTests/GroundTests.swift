import Kinematics
import Testing

@Suite struct GroundTests {
  private let ground = Ground(boxes: [
    Ground.Box(centre: SIMD3(0, 0.2, 0), halfExtents: SIMD3(0.5, 0.2, 0.3)),
    Ground.Box(
      centre: SIMD3(3, 0.3, 0), rotation: Quaternion(angle: 0.2, axis: .unitZ), halfExtents: SIMD3(1, 0.05, 1)),
  ])

  @Test("The height under a point is the highest surface that it is over")
  func height() {
    #expect(abs(ground.height(at: SIMD3(0, 1, 0)) - 0.4) < 1e-12)
    #expect(ground.height(at: SIMD3(0.6, 1, 0)) == 0)
    // Sunk in the box by a centimetre.
    #expect(abs(ground.height(at: SIMD3(0, 0.39, 0)) - 0.4) < 1e-12)
    let raised = Ground(boxes: [Ground.Box(centre: SIMD3(0, 0.5, 0), halfExtents: SIMD3(1, 0.02, 1))])
    #expect(raised.height(at: SIMD3(0, 0.2, 0)) == 0)
    #expect(abs(raised.height(at: SIMD3(0, 0.55, 0)) - 0.52) < 1e-12)
  }

  @Test("A turned box is a slope")
  func slope() {
    let (low, high) = (ground.surface(at: SIMD3(2.5, 1, 0)), ground.surface(at: SIMD3(3.5, 1, 0)))
    #expect(abs((high.point.y - low.point.y) - 0.2027) < 1e-3)
    #expect(abs(low.normal.x + 0.19867) < 1e-4)
  }

  @Test("The nearest way out of a box that stands on the floor is not into the floor")
  func nearest() {
    let inside = ground.nearest(to: SIMD3(0, 0.05, 0.25))
    #expect(abs(inside.distance + 0.05) < 1e-12)
    #expect(inside.normal == .unitZ)
    #expect(ground.depth(of: SIMD3(0, 0.05, 0.25)) == 0)
    #expect(abs(ground.depth(of: SIMD3(0, 0.37, 0)) - 0.03) < 1e-12)
  }

  @Test("A flat floor gives a point's own height, to the last bit")
  func flat() {
    #expect(Ground.flat.clearance(of: SIMD3(1, 0.1 + 0.2, 3)) == 0.1 + 0.2)
    #expect(Ground.flat.nearest(to: SIMD3(1, -0.3, 3)).distance == -0.3)
  }

  @Test("Feet rest on a box")
  func contacts() {
    let points = [[SIMD3(0, 0.405, 0), SIMD3(1, 0.405, 0)], [SIMD3(0, 0.405, 0), SIMD3(1, 0.405, 0)]]
    let feet = FootContacts(positions: points, frameTime: 0.01, on: ground)
    #expect(feet.rests(anyOf: 0..<1, at: 0, .soleCorners))
    #expect(!feet.rests(anyOf: 1..<2, at: 0, .soleCorners))
  }
}
