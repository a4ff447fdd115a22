import Correctors
import Datasets
import Dynamics
import Evaluation
import Foundation
import Kinematics
import MotionEncoders

/// What correctors do to real windows that need no correction:
/// `harm-benchmark DATASET ENCODER [corrector,...] [windows]`.
///
/// DATASET is a folder of `surefoot data prepare`, ENCODER a file of `surefoot evaluate --encoder`. Windows are drawn from
/// the training side by seed 7, unmirrored; the first set is corrected, the second is the other half that its distance is
/// compared with. Corrected motions are corrected once more: what that changes is a corrector's own noise.
@main struct HarmBenchmark {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 2 else {
      print("usage: harm-benchmark DATASET ENCODER [corrector,...] [windows]")
      exit(64)
    }
    let names = arguments.count > 3 ? arguments[3].split(separator: ",").map(String.init) : CorrectorRegistry.names
    let count = arguments.count > 4 ? Int(arguments[4]) ?? 100 : 100
    let dataset = try MotionDataset.load(URL(fileURLWithPath: arguments[1]))
    let training = try dataset.windows(in: .train).filter { $0.frames == 60 && !$0.mirrored }
    var random = Draw(state: 7)
    let order = training.shuffled(using: &random)
    let untouched = try order.prefix(count).map { try dataset.motion(of: $0) }
    let others = try order.dropFirst(count).prefix(count).map { try dataset.motion(of: $0) }
    let joints = try CorrectorBody.joints(of: dataset.skeleton)
    let sample = try stride(from: 0, to: training.count, by: 5).map { try dataset.motion(of: training[$0]) }
    let body = try BodyModel(skeleton: dataset.skeleton, joints: joints, calibratedOn: sample)
    let ruler = try Ruler(untouched, encoder: URL(fileURLWithPath: arguments[2]), body: body)
    print(Ruler.header)
    print(try ruler.row("other real", others))
    for name in names {
      let corrector = try CorrectorRegistry.named(name, body: CorrectorBody(shared: body))
      let once = try await corrected(untouched, corrector)
      print(try ruler.row(name, once.motions) + once.verdicts)
      fflush(nil)
      let twice = try await corrected(once.motions, corrector)
      print(try ruler.row(name + ", twice", twice.motions, against: once.motions) + twice.verdicts)
      fflush(nil)
    }
  }

  private static func corrected(_ motions: [Motion], _ corrector: any Corrector) async throws
    -> (motions: [Motion], verdicts: String)
  {
    var result: [Motion] = []
    var (error, rejected) = (0.0, 0)
    for motion in motions {
      let correction = try await corrector.correct(motion, seed: 1)
      result.append(correction.motion)
      error += correction.report.mpjpe
      if !correction.verdict.isUsable { rejected += 1 }
    }
    return (result, String(format: "%8.1f mm  %d rejected", error / Double(motions.count), rejected))
  }
}

/// Distances of sets of motions to the untouched one, and ratios of what moves in them.
struct Ruler {
  static let header =
    "set                        FID   FID_k   FID_g    energy    speed     path     jerk       MPJPE  (ratios of sums)"
  private let untouched: [Motion]
  private let encoder: MotionEncoder
  private let set: EvaluationSet
  private let measure: EvaluationSet.Measure
  private let bootstrap = Bootstrap(resamples: 20, seed: 1)

  init(_ untouched: [Motion], encoder file: URL, body: BodyModel) throws {
    self.untouched = untouched
    encoder = try MotionEncoder.load(from: file)
    measure = { PlausibilityMetrics.measure($0, body: body) }
    set = try EvaluationSet(
      evaluation: untouched.enumerated().map { ("window \($0)", $1) }, training: untouched, encoder: encoder,
      measure: measure, bootstrap: bootstrap)
  }

  func row(_ name: String, _ motions: [Motion], against before: [Motion]? = nil) throws -> String {
    let report = try set.report(on: motions, encoder: encoder, measure: measure, bootstrap: bootstrap)
    let distances = [Figure.fid, .fidKinetic, .fidGeometric].map { report[$0]?.value ?? .nan }
    let (a, b) = (sums(before ?? untouched), sums(motions))
    let ratios = zip(a, b).map { $1 / $0 }
    return name.padding(toLength: 20, withPad: " ", startingAt: 0)
      + distances.map { String(format: "%8.2f", $0) }.joined()
      + ratios.map { String(format: "  x %.3f", $0) }.joined(separator: "")
  }

  /// Of squared speeds, speeds, the root's way and jerks, over joints, frames and motions.
  private func sums(_ motions: [Motion]) -> [Double] {
    var sums = [0.0, 0.0, 0.0, 0.0]
    for motion in motions {
      let speeds = differences(motion.jointPositions, motion.frameTime)
      let jerks = differences(differences(speeds, motion.frameTime), motion.frameTime)
      sums[0] += speeds.joined().reduce(0) { $0 + $1.squaredLength }
      sums[1] += speeds.joined().reduce(0) { $0 + $1.length }
      sums[2] += speeds.reduce(0) { $0 + $1[0].horizontal.length }
      sums[3] += jerks.joined().reduce(0) { $0 + $1.length }
    }
    return sums
  }

  private func differences(_ rows: [[SIMD3<Double>]], _ time: Double) -> [[SIMD3<Double>]] {
    rows.indices.dropFirst().map { i in zip(rows[i], rows[i - 1]).map { ($0 - $1) / time } }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same windows on every machine.
struct Draw: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
