import Dynamics
import Foundation
import Kinematics
import MotionFormats
import Randomness
import Testing

/// The physics figures against an independent numpy implementation, `tools/checks/physics.py`.
@Suite struct IndependentPhysicsTests {
  private struct Case: Encodable {
    var body: Solids
    var motions: [Measured]
  }

  private struct Measured: Encodable {
    var name: String
    var bvh: String
    var figures: [String: Double]
  }

  private struct Solids: Encodable {
    var solids: [Solid]
    var feet: [Sole]
    var toes: [String]
  }

  private struct Sole: Encodable {
    var joint: String
    var corners: [[Double]]
  }

  private struct Solid: Encodable {
    var joint: String
    var kind: String
    var from: [Double]?
    var to: [Double]?
    var radius: Double?
    var centre: [Double]?
    /// The box's axes, one in each row.
    var axes: [[Double]]?
    var half: [Double]?
  }

  private static func numbers(_ v: SIMD3<Double>) -> [Double] { [v.x, v.y, v.z] }

  private static func solids(of body: BodyModel) -> Solids {
    func name(_ joint: Int) -> String { body.skeleton.joints[joint].name }
    let solids = body.bodies.map { part -> Solid in
      switch part.shape {
      case .capsule(let from, let to, let radius):
        return Solid(joint: name(part.carrier), kind: "capsule", from: numbers(from), to: numbers(to), radius: radius)
      case .box(let centre, let rotation, let half):
        let axes = [SIMD3<Double>.unitX, .unitY, .unitZ].map { numbers(rotation.act($0)) }
        return Solid(joint: name(part.carrier), kind: "box", centre: numbers(centre), axes: axes, half: numbers(half))
      }
    }
    let feet = zip(body.feet, BodyModel.footSegments).map { foot, segment in
      Sole(joint: name(body.bodies[segment.rawValue].carrier), corners: foot.solePoints.map(numbers))
    }
    let toes = [CanonicalJoint.leftFoot, .rightFoot].compactMap { body.joints[$0].map(name) }
    return Solids(solids: solids, feet: feet, toes: toes)
  }

  /// Every joint swings at random, over a floor that it touches, misses and penetrates.
  private static func swinging(_ body: BodyModel, seed: UInt64, rate: Double) -> Motion {
    var random = SeededGenerator(seed: seed)
    let swings = body.skeleton.joints.map { _ in
      (
        axis: SIMD3(random.normal(), random.normal(), random.normal()) * 0.12, pace: 1 + 5 * random.uniform(),
        phase: 6 * random.uniform()
      )
    }
    let height = 0.03 * random.normal()
    return Figures.motion(body, count: 50, rate: rate, height: height) { pose, time in
      for (joint, swing) in swings.enumerated() where joint > 0 {
        let turn = Quaternion(rotationVector: swing.axis * sin(swing.pace * time + swing.phase))
        pose.rotations[joint] = (pose.rotations[joint] * turn).normalized
      }
      pose.rootPosition += SIMD3(0.3 * time, 0.02 * sin(3 * time), 0.1 * sin(time))
    }
  }

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("tools/checks/physics.py")

  private static var hasPython: Bool {
    ProcessInfo.processInfo.environment["SUREFOOT_REQUIRE_READERS"] == "1"
      || (try? python(["-c", "import numpy"]).status) == 0
  }

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test("The figures agree with an independent implementation in numpy", .enabled(if: hasPython)) func agreesWithNumpy()
    throws
  {
    let body = try Figures.canonical()
    var motions = [
      ("standing", Figures.motion(body)), ("sunk", Figures.motion(body, height: -0.03)),
      ("hovering", Figures.motion(body, height: 0.05)),
      ("sliding", Figures.motion(body) { pose, time in pose.rootPosition.x += 0.8 * time }),
    ]
    for seed in UInt64(1)...8 {
      motions.append(("swinging \(seed)", IndependentPhysicsTests.swinging(body, seed: seed, rate: seed < 5 ? 20 : 60)))
    }
    let measured = try motions.map { name, motion in
      let metrics = PlausibilityMetrics.measure(motion, body: body)
      return Measured(
        name: name,
        bvh: try BVH.text(of: Clip(name: "clip", motion: motion, provenance: Provenance(source: "made", sha256: ""))),
        figures: [
          "penetrate": metrics.penetrate, "float": metrics.float, "skate": metrics.skate,
          "skateSpeed": metrics.skateSpeed,
          "skatingRatio": metrics.skatingRatio, "jerk": metrics.jerk, "physErr": metrics.physErr,
          "skeletonPenetration": metrics.skeletonPenetration?.share ?? -1,
          "deepestJoint": metrics.skeletonPenetration?.deepest ?? -1,
        ])
    }
    // Some motions exercise each figure.
    for figure in ["penetrate", "float", "skate", "skatingRatio", "jerk", "skeletonPenetration", "deepestJoint"] {
      #expect(measured.count { ($0.figures[figure] ?? 0) > 0.01 } >= 2, "\(figure)")
    }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("surefoot-physics-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try JSONEncoder().encode(Case(body: IndependentPhysicsTests.solids(of: body), motions: measured)).write(to: file)
    let (status, output) = try IndependentPhysicsTests.python([IndependentPhysicsTests.script.path, file.path])
    #expect(status == 0, "\(output)")
    #expect(output.contains("108 figures agree"), "\(output)")
  }
}
