import Correctors
import Dynamics
import Foundation
import Kinematics
import MotionFormats
import Testing

@Suite struct ForceTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  private func forces(_ motion: Motion) async throws -> CorrectionForces {
    let correction = try await KinematicCorrector().correct(motion, seed: 1)
    return try CorrectionForces(of: correction, from: motion)
  }

  @Test("The sum of contact forces and residual is the mass times the acceleration minus gravity's")
  func balance() async throws {
    let motion = Motions.walk(body, seconds: 1)
    let forces = try await forces(motion)
    let centres = forces.forces.centresOfMass
    // The acceleration of the parabola that is fitted to the centre of mass, with the documented weights.
    for frame in 8..<22 {
      var (a, b) = ([[Double]](repeating: [0, 0, 0], count: 3), [SIMD3<Double>](repeating: .zero, count: 3))
      for i in max(0, frame - 5)...min(centres.count - 1, frame + 5) {
        let t = Double(i - frame) / 30
        let weight = exp(-t * t / (2 * 0.05 * 0.05))
        let powers = [1, t, t * t]
        for r in 0..<3 {
          for c in 0..<3 { a[r][c] += weight * powers[r] * powers[c] }
          b[r] += weight * powers[r] * centres[i]
        }
      }
      // By symmetry of the weights the curvature needs the even powers alone.
      let determinant = a[0][0] * a[2][2] - a[0][2] * a[2][0]
      let acceleration = 2 * (a[0][0] * b[2] - a[2][0] * b[0]) / determinant
      let wanted = body.mass * (acceleration + SIMD3(0, 9.81, 0))
      let sum = forces.forces.reactions[frame].reduce(SIMD3<Double>.zero) { $0 + $1.force }
      let error = (sum + forces.forces.residuals[frame].force - wanted).length
      #expect(error < 0.02 * body.weight, "frame \(frame): \(error) N")
    }
  }

  @Test("A body that stands has half its weight on each foot, pressed below it, and nothing left over")
  func standing() async throws {
    let forces = try await forces(Motions.standing(body))
    let frame = forces.forces.reactions[10]
    for part in [MotionForces.Part.leftFoot, .rightFoot] {
      #expect(abs(frame[part.rawValue].force.y - body.weight / 2) < 1)
      #expect(abs(frame[part.rawValue].freeMoment) < 1)
    }
    let centre = forces.forces.centresOfMass[10]
    let places = frame.compactMap(\.centreOfPressure)
    #expect(places.count == 2)
    #expect(abs(places.reduce(0) { $0 + $1.z } / 2 - centre.z) < 0.005)
    #expect(forces.forces.residuals[10].force.length < 1)
  }

  @Test("Files hold the same numbers in the axes of the motion's file", arguments: ["csv", "npz", "mot"])
  func files(ending: String) async throws {
    let forces = try await forces(Motions.standing(body))
    let url = FileManager.default.temporaryDirectory.appending(path: "forces-\(UUID().uuidString).\(ending)")
    defer { try? FileManager.default.removeItem(at: url) }
    try ForceFile.write(forces, to: url, convention: FileConvention(metresPerUnit: 0.01, up: .z))
    let up = forces.forces.reactions[10][0].force.y
    let data = try Data(contentsOf: url)
    if ending == "npz" {
      let archive = try NumPyArchive(bytes: [UInt8](data), file: "f")
      #expect(archive["contact_force"]?.shape == [31, 2, 3])
      #expect(abs(try #require(archive["contact_force"]?.numbers)[10 * 6 + 2] - up) < 1e-9)
      return
    }
    let separator: Character = ending == "csv" ? "," : "\t"
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("time\(separator)") })
    let names = lines[start].split(separator: separator).map(String.init)
    let row = lines[start + 11].split(separator: separator, omittingEmptySubsequences: false)
    let column = try #require(names.firstIndex(of: ending == "csv" ? "L_Fz" : "ground_force_l_vz"))
    let written = try #require(Double(row[column]))
    #expect(row.count == names.count && abs(written - up) < 1e-5)
    #expect(lines.count - start == 32)
  }

  @Test("A rest pose at the head of a clip has no forces") func restPose() async throws {
    var motion = Motions.standing(body)
    for i in 1..<motion.count { motion.poses[i].rootPosition.x += 0.001 * Double(i % 2) }
    motion.poses.insert(Pose(resting: body.skeleton, rootPosition: SIMD3(0, 2, 3)), at: 0)
    let forces = try await forces(motion)
    #expect(forces.frames == 1..<32 && forces.count == 32 && forces.forces.reactions.count == 31)
  }
}
