import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing

/// How large a figure is: which unit is taken, and what is said where no person is that tall.
@Suite struct StatureTests {
  /// The canonical walk, written in a unit of so many metres.
  private static func text(_ metresPerUnit: Double) throws -> String {
    try BVH.text(
      of: FormatTests.clip(FormatTests.walk(frames: 3)), convention: FileConvention(metresPerUnit: metresPerUnit))
  }

  private static func reading(_ metresPerUnit: Double, given: Double? = nil) throws -> ClipReading {
    try BVH.reading(
      bytes: Array(try text(metresPerUnit).utf8), file: "f.bvh", name: "f", metresPerUnit: given)
  }

  @Test(
    "A person's unit is found, of metre, decimetre, foot, inch, centimetre and millimetre",
    arguments: [
      1, 0.1, 0.3048, 0.0254, 0.01, 0.001,
    ])
  func units(metres: Double) throws {
    let reading = try Self.reading(metres)
    #expect(reading.clip.convention.metresPerUnit == metres)
    #expect(abs((Stature(reading.clip).metres ?? 0) - 1.7) < 1e-3)
    // An inch may be a centimetre of a small figure.
    #expect(reading.warnings.isEmpty == (metres != 0.0254), "\(reading.warnings)")
  }

  @Test(
    "A stature that nobody has is said, with the unit that fits",
    arguments: [
      (0.01, 0.0254, "4.32 m", "cm (1.70 m)"), (0.3048, 1, "5.58 m", "ft (1.70 m)"),
      (0.0044, 0.01, "3.86 m", "0.0044 m"),
      (0.01, 0.004, "0.68 m", "cm (1.70 m)"),
    ])
  func unusual(metres: Double, given: Double, stature: String, fitting: String) throws {
    let warnings = try Self.reading(metres, given: given).warnings
    #expect(warnings.count == 1 && warnings.allSatisfy { $0.contains(stature) && $0.contains(fitting) }, "\(warnings)")
  }

  @Test("A figure between all units is said although its unit was estimated")
  func between() throws {
    let reading = try Self.reading(0.0044)
    #expect(reading.warnings.contains { $0.contains("a stature of 3.86 m is unlikely") }, "\(reading.warnings)")
  }

  @Test("GLB is in metres: another unit is said, and can be given")
  func glb() throws {
    try FormatTests.withFolder { folder in
      var motion = FormatTests.walk(frames: 3)
      motion = FileConvention(metresPerUnit: 100).intoWorld(motion)
      let url = folder.appending(path: "big.glb")
      try MotionFile.write(FormatTests.clip(motion), to: url)
      let reading = try MotionFile.reading(contentsOf: url)
      #expect(
        reading.warnings.contains { $0.contains("170.00 m") && $0.contains("cm (1.70 m)") }, "\(reading.warnings)")
      let given = try MotionFile.reading(contentsOf: url, options: .init(metresPerUnit: 0.01))
      #expect(given.warnings.isEmpty && abs((Stature(given.clip).metres ?? 0) - 1.7) < 1e-3)
    }
  }

  @Test("A figure that is no biped has no stature, and no warning")
  func noBiped() throws {
    let joints = (0..<4).map { index in
      Joint(name: "tail\(index)", parent: index > 0 ? index - 1 : nil, offset: SIMD3(0, 0, 900), channels: .root)
    }
    let skeleton = Skeleton(joints: joints)
    let motion = Motion(skeleton: skeleton, frameTime: 0.1, poses: [Pose(resting: skeleton)])
    let text = try BVH.text(of: FormatTests.clip(motion))
    let reading = try BVH.reading(bytes: Array(text.utf8), file: "f.bvh", name: "f", metresPerUnit: 1)
    #expect(Stature(reading.clip).metres == nil && reading.warnings.isEmpty)
  }
}
