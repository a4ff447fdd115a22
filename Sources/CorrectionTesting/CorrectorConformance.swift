public import Correction
import Dynamics
import Foundation
public import Mocap

/// Checks that any corrector keeps the promises of ``Corrector``.
///
///     @Test func conforms() async throws {
///       let failures = await CorrectorConformance(MyCorrector(), motions: [walk]).failures()
///       #expect(failures.isEmpty, "\(failures)")
///     }
///
/// It corrects the given motions and faulty copies of them, twice where determinism is asked, and returns one sentence
/// a broken promise. It knows no test library, so that any can use it.
public struct CorrectorConformance: Sendable {
  /// What is checked.
  public let corrector: any Corrector
  /// Plausible motions, of a second or so, that the corrector should be able to correct.
  public let motions: [Motion]

  /// A check of one corrector on some motions.
  public init(_ corrector: any Corrector, motions: [Motion]) {
    self.corrector = corrector
    self.motions = motions
  }

  /// A sentence for every promise that was broken; empty if all were kept.
  public func failures() async -> [String] {
    var failures: [String] = []
    for (index, motion) in motions.enumerated() {
      failures += await check(motion).map { "motion \(index): \($0)" }
      failures += await checkBad(motion).map { "motion \(index): \($0)" }
    }
    return failures
  }

  private func check(_ motion: Motion) async -> [String] {
    do {
      let first = try await corrector.correct(motion, seed: 7)
      async let second = corrector.correct(motion, seed: 7)
      async let third = corrector.correct(motion, seed: 7)
      var failures = shape(first, of: motion) + report(first, of: motion)
      for other in [try await second, try await third]
      where other.motion != first.motion || other.verdict != first.verdict {
        failures.append("the same motion and seed gave another result, run beside itself")
      }
      return failures
    } catch {
      return ["a motion that it should know was refused: \(error)"]
    }
  }

  /// Skeleton, rate and length are the input's; a usable result is finite; a rejected or unchanged one is the input.
  private func shape(_ correction: Correction, of motion: Motion) -> [String] {
    var failures: [String] = []
    let result = correction.motion
    if result.skeleton != motion.skeleton { failures.append("the skeleton was not kept") }
    if result.frameTime != motion.frameTime { failures.append("the frame time was not kept") }
    if result.count != motion.count { failures.append("\(motion.count) frames became \(result.count)") }
    if correction.verdict.isUsable, !result.isFinite {
      failures.append("a usable result has numbers that are not finite")
    }
    if correction.verdict != .corrected, result != motion {
      failures.append("the verdict is \(correction.verdict), but the motion is not the input")
    }
    if correction.verdict == .corrected, result == motion { failures.append("corrected, but nothing changed") }
    if case .rejected(let reason) = correction.verdict, reason.isEmpty {
      failures.append("a rejection gives no reason")
    }
    return failures
  }

  private func report(_ correction: Correction, of motion: Motion) -> [String] {
    let report = correction.report
    var failures: [String] = []
    let figures = [report.mpjpe, report.rootRelativeMPJPE, report.accelerationError, report.seconds]
    if !figures.allSatisfy({ $0.isFinite && $0 >= 0 }) { failures.append("the report has impossible figures") }
    let measured = MotionDifference(motion, correction.motion)
    if abs(measured.mpjpe - report.mpjpe) > 0.01 + 0.001 * measured.mpjpe {
      failures.append("the report says MPJPE \(report.mpjpe) mm, measured are \(measured.mpjpe) mm")
    }
    if !report.appliedResidual.isEmpty, report.appliedResidual.count != motion.count, correction.verdict.isUsable {
      failures.append("\(report.appliedResidual.count) applied residuals for \(motion.count) frames")
    }
    if !report.appliedResidual.allSatisfy({ $0.isFinite && $0 >= 0 }) {
      failures.append("an applied residual is impossible")
    }
    if !report.contacts.isEmpty, report.contacts.count != motion.count {
      failures.append("\(report.contacts.count) contacts for \(motion.count) frames")
    }
    return failures
  }

  /// Motions that are wrong or odd: each may be refused with a `CorrectionError`, rejected or corrected, but must come
  /// back, whole and finite.
  private func checkBad(_ motion: Motion) async -> [String] {
    var failures: [String] = []
    for (name, bad) in CorrectorConformance.faults(of: motion) {
      do {
        let correction = try await corrector.correct(bad, seed: 7)
        if !bad.isFinite, correction.verdict.isUsable { failures.append("\(name): passed on as usable") }
        if bad.isFinite { failures += shape(correction, of: bad).map { "\(name): \($0)" } }
      } catch let error as CorrectionError {
        if error.problem.isEmpty { failures.append("\(name): refused without a reason") }
        if name.hasPrefix("sound") { failures.append("\(name): refused: \(error)") }
      } catch {
        failures.append("\(name): threw \(type(of: error)), not CorrectionError")
      }
    }
    return failures
  }

  /// Faulty copies of a motion; names that begin with `sound` are odd but right.
  static func faults(of motion: Motion) -> [(String, Motion)] {
    func changed(_ change: (inout Pose, Int) -> Void) -> Motion {
      var copy = motion
      for i in copy.poses.indices { change(&copy.poses[i], i) }
      return copy
    }
    func timed(_ frameTime: Double) -> Motion {
      Motion(skeleton: motion.skeleton, frameTime: frameTime, poses: motion.poses)
    }
    let middle = motion.count / 2
    return [
      ("a NaN in the root", changed { if $1 == middle { $0.rootPosition.y = .nan } }),
      ("an infinite rotation", changed { if $1 == middle { $0.rotations[1].w = .infinity } }),
      ("no frames", motion.frames(0..<0)),
      ("sound: one frame", motion.frames(0..<1)),
      ("sound: two frames", motion.frames(0..<2)),
      ("sound: 500 frames a second", timed(1.0 / 500)),
      ("one frame a second", timed(1)),
      ("sound: 1000 m away", changed { pose, _ in pose.rootPosition += SIMD3(1000, 0, -1000) }),
      ("sound: a floor 30 m down", changed { pose, _ in pose.rootPosition.y -= 30 }),
      (
        "upside down",
        changed { pose, _ in
          pose.rotations[0] = Quaternion(angle: .pi, axis: .unitX) * pose.rotations[0]
        }
      ),
      ("feet that never touch", changed { pose, i in pose.rootPosition.y += 1 + 0.3 * Double(i % 5) }),
      ("a leap of 3 m in one frame", changed { pose, i in if i >= middle { pose.rootPosition.x += 3 } }),
      (
        "a root that spins wildly",
        changed { pose, i in
          pose.rotations[0] = Quaternion(angle: 2.5 * Double(i), axis: .unitZ) * pose.rotations[0]
        }
      ),
    ]
  }
}
