import Correctors
import Dynamics
import Foundation
import Kinematics
import MotionFormats

/// Corrects BVH files and prints one row a clip: `corrector-benchmark [setting=value ...] FILE...`.
///
/// Settings: `corrector`, `seconds` (clips are cut, with `middle` at both ends), `skip` (frames left out at the start),
/// `fps` (resampled to), `corrupt` (clean, sink, float, jitter, drift, pop, hover, swap), `units` (metres a unit), `support` (no correction: how far out of balance the clips are), and numbers of `PredictiveSettings`.
@main struct CorrectorBenchmark {
  static func main() async throws {
    var options: [String: String] = [:]
    var files: [String] = []
    for argument in CommandLine.arguments.dropFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2, !argument.contains("/") || parts[0] == "out" {
        options[parts[0]] = parts[1]
      } else {
        files.append(argument)
      }
    }
    var table = CorrectorTable()
    print(CorrectorTable.header)
    for file in files {
      do {
        print(try await row(file, options, &table))
        fflush(nil)
      } catch {
        print("\(file): \(error)")
      }
    }
    print(table.summary)
  }

  private static func row(_ file: String, _ options: [String: String], _ table: inout CorrectorTable) async throws
    -> String
  {
    let url = URL(fileURLWithPath: file)
    let clip = try BVH.reading(contentsOf: url, metresPerUnit: options["units"].flatMap(Double.init)).clip
    let clean = cut(clip.motion, options)
    let level = options["level"] == nil ? clean : try levelled(clean)
    let motion = Corruption.apply(options["corrupt"] ?? "clean", to: level)
    if options["support"] != nil { return try support(clip.name, motion) }
    let corrector = try corrector(options)
    let correction = try await corrector.correct(motion, seed: 0)
    if let folder = options["out"] {
      var out = clip
      out.motion = correction.motion
      try BVH.write(out, to: URL(fileURLWithPath: folder).appendingPathComponent(clip.name + ".bvh"))
    }
    if options["torques"] != nil {
      for (joint, torque) in (correction.report.peakTorques ?? [:]).sorted(by: { $0.key < $1.key }) {
        print("  \(joint) \(Int(torque.rounded())) N m")
      }
    }
    if options["overlaps"] != nil { try printOverlaps(motion, correction.motion) }
    if options["limits"] != nil { try printLimits(motion, correction.motion) }
    return table.add(clip.name, motion, correction, clean: level)
  }

  /// The part of a clip that is corrected: from the first frame that is not skipped, or around its middle.
  private static func cut(_ motion: Motion, _ options: [String: String]) -> Motion {
    let skip = Int(options["skip"] ?? "0") ?? 0
    var motion = motion.frames(skip..<motion.count)
    if let rate = options["fps"].flatMap(Double.init) { motion = motion.resampled(to: rate) }
    let frames = min(motion.count, Int((Double(options["seconds"] ?? "5") ?? 5) / motion.frameTime + 1e-6) + 1)
    let start = options["middle"] == nil ? 0 : (motion.count - frames) / 2
    return motion.frames(start..<start + frames)
  }

  /// The balance deficit of the clip where it hardly moves, by the length of the interval.
  private static func support(_ name: String, _ motion: Motion) throws -> String {
    let balance = BalanceAnalysis(motion, body: try CorrectorBody().body(for: motion))
    let deficits = [0.5, 1, 2].map { seconds in
      balance.largestDeficit(over: seconds).map { String(format: "%.3f m at %5.2f s", $0.distance, $0.time) } ?? "-"
    }
    return ([name.padding(toLength: 24, withPad: " ", startingAt: 0)] + deficits).joined(separator: "  ")
  }

  /// The worst overlap of every pair of segments that ever is the frame's deepest, and its frame, before and after.
  private static func printOverlaps(_ before: Motion, _ after: Motion) throws {
    let body = try CorrectorBody().body(for: before)
    for (name, motion) in [("before", before), ("after", after)] {
      var worst: [String: (depth: Double, frame: Int)] = [:]
      for (frame, pose) in motion.poses.enumerated() {
        guard let overlap = body.deepestOverlap(in: body.state(of: pose)) else { continue }
        let pair = "\(overlap.first) \(overlap.second)"
        if overlap.depth > worst[pair]?.depth ?? 0 { worst[pair] = (overlap.depth, frame) }
      }
      print(
        "  overlap \(name):",
        worst.sorted { $0.value.depth > $1.value.depth }.map {
          "\($0.key) \(Int($0.value.depth * 1000)) mm at frame \($0.value.frame)"
        })
    }
  }

  /// The frame in which each segment is furthest beyond its limits, before and after.
  private static func printLimits(_ before: Motion, _ after: Motion) throws {
    let body = try CorrectorBody().body(for: before)
    let limits = JointLimits(body: body)
    for (name, motion) in [("before", before), ("after", after)] {
      var worst: [Segment: (degrees: Double, frame: Int)] = [:]
      for (frame, pose) in motion.poses.enumerated() {
        for excess in limits.excesses(in: body.state(of: pose))
        where excess.degrees > worst[excess.segment]?.degrees ?? 0 {
          worst[excess.segment] = (excess.degrees, frame)
        }
      }
      print(
        "  limits \(name):",
        worst.sorted { $0.value.degrees > $1.value.degrees }.map {
          "\($0.key) \(($0.value.degrees * 10).rounded() / 10) at frame \($0.value.frame)"
        })
    }
  }

  /// The clip moved so that the lower quartile of its lowest points is at height 0.
  private static func levelled(_ motion: Motion) throws -> Motion {
    let body = try CorrectorBody().body(for: motion)
    let heights = motion.poses.map { body.lowestPoint(in: body.state(of: $0)) }.sorted()
    var result = motion
    for i in result.poses.indices { result.poses[i].rootPosition.y -= heights[(heights.count - 1) / 4] }
    return result
  }

  private static func corrector(_ options: [String: String]) throws -> any Corrector {
    let name = options["corrector"] ?? "predictive"
    guard name == "predictive" else { return try CorrectorRegistry.named(name) }
    var settings = PredictiveSettings()
    func set(_ key: String, _ path: WritableKeyPath<PredictiveSettings, Double>) {
      if let value = options[key].flatMap(Double.init) { settings[keyPath: path] = value }
    }
    if let value = options["knots"].flatMap(Int.init) { settings.knots = value }
    if let value = options["iterations"].flatMap(Int.init) { settings.iterations = value }
    set("good", \.costTolerance)
    set("gain", \.minRelativeDecrease)
    set("damping", \.damping)
    set("velocity", \.velocityWeight)
    set("orientation", \.orientationWeight)
    set("centre", \.centreOfMassWeight)
    set("centreVelocity", \.centreOfMassVelocityWeight)
    set("effort", \.effortWeight)
    set("last", \.terminalWeight)
    set("ff", \.feedForward)
    set("interval", \.interval)
    set("limit", \.jointLimitWeight)
    set("resort", \.fallbackResidualBound)
    set("torque", \.simulation.torqueScale)
    set("stiffness", \.simulation.stiffnessScale)
    set("overlap", \.simulation.selfOverlap)
    set("foresight", \.simulation.selfContactMargin)
    set("residual", \.simulation.residualBound)
    set("contactMixing", \.simulation.contactForceMixing)
    set("contactReduction", \.simulation.contactErrorReduction)
    set("step", \.simulation.step)
    set("friction", \.simulation.friction)
    set("doubt", \.replanThreshold)
    set("place", \.positionWeight)
    return PredictiveCorrector(settings: settings)
  }
}

/// Rows and their means.
struct CorrectorTable {
  static let header =
    "clip                 verdict    s     mpjpe  root   pen  float  skate<-input  id BW <-input  self  limit jerk<-input  applied  s/s  to clean  work"
  private var sums = [Double](repeating: 0, count: 13)
  private var harm = (before: Harm(), after: Harm())
  private var count = 0
  private var usable = 0

  mutating func add(_ name: String, _ motion: Motion, _ correction: Correction, clean: Motion) -> String {
    let (report, after, before) = (correction.report, correction.report.after, correction.report.before)
    let duration = Double(motion.count - 1) * motion.frameTime
    let applied =
      report.appliedResidual.isEmpty ? 0 : report.appliedResidual.reduce(0, +) / Double(report.appliedResidual.count)
    let speed = report.seconds / duration
    let toClean = MotionDifference(clean, correction.motion).mpjpe
    count += 1
    sums[11] += speed
    if correction.verdict.isUsable {
      usable += 1
      let values = [
        report.mpjpe, report.rootRelativeMPJPE, after.penetrate, after.float, after.skate, before.skate,
        after.residualWrench, before.residualWrench, after.selfPenetration, after.jointLimitExcess, applied,
      ]
      for (i, value) in values.enumerated() { sums[i] += value }
      harm.before += Harm(motion)
      harm.after += Harm(correction.motion)
      sums[12] += toClean
    }
    func f(_ x: Double, _ digits: Int, _ width: Int) -> String {
      let text = String(format: "%.\(digits)f", x)
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let verdict = correction.verdict.isUsable ? correction.verdict.description : "REJECTED"
    return name.prefix(20).padding(toLength: 21, withPad: " ", startingAt: 0)
      + verdict.padding(toLength: 10, withPad: " ", startingAt: 0)
      + f(duration, 1, 5) + f(report.mpjpe, 1, 8) + f(report.rootRelativeMPJPE, 1, 6) + f(after.penetrate, 2, 6)
      + f(after.float, 1, 6) + f(after.skate, 2, 7) + f(before.skate, 2, 7) + f(after.residualWrench, 3, 8)
      + f(before.residualWrench, 3, 7) + f(after.selfPenetration, 1, 7) + f(after.jointLimitExcess, 1, 6)
      + f(after.jerk, 0, 6) + f(before.jerk, 0, 6) + f(applied, 3, 7) + f(speed, 2, 7) + f(toClean, 1, 8) + "  "
      + (report.notes.last ?? "") + (correction.verdict.isUsable ? "" : " " + correction.verdict.description)
  }

  var summary: String {
    let n = Double(max(1, usable))
    return String(
      format:
        "usable %d of %d: mpjpe %.1f root %.1f pen %.2f float %.2f skate %.2f<-%.2f id %.3f<-%.3f self %.1f limit %.1f applied %.4f  cpu %.2f s/s; to clean %.1f mm; ",
      usable, count, sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n, sums[4] / n, sums[5] / n, sums[6] / n,
      sums[7] / n, sums[8] / n, sums[9] / n, sums[10] / n, sums[11] / Double(max(1, count)), sums[12] / n)
      + harm.after.ratios(to: harm.before)
  }
}
