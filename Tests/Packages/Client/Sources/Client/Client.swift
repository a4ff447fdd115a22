import Correctors
import Foundation
import Kinematics
import MotionFormats

/// Reads a BVH file and prints what correction changes: `client walk.bvh`.
@main
enum Client {
  static func main() async throws {
    let clip = try BVH.read(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
    let motion: Motion = clip.motion
    let correction = try await KinematicCorrector().correct(motion, seed: 1)
    print("\(motion.count) frames, \(correction.verdict), moved by \(correction.report.mpjpe) mm")
  }
}
