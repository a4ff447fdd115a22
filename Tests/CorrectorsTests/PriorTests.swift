import CorrectionTesting
@testable import Correctors
import Dynamics
import Foundation
import Kinematics
import Randomness
import Support
import Testing

/// Made-up walks with a size of their own each, and the same walks as a tired model would give them back.
private enum Walks {
  static let body = CorrectorBody(shared: try? BodyModel(skeleton: .canonical, joints: joints))
  private static let joints = Dictionary(uniqueKeysWithValues: CanonicalJoint.allCases.map { ($0, $0.rawValue) })

  /// A walk whose limbs swing by `size`, at the frame rate of the sample motions.
  static func walk(size: Double, phase: Double, frames: Int = 19) -> Motion {
    let still = SampleMotions.standing(seconds: Double(frames - 1) / 30)
    var motion = still
    for i in 0..<frames {
      let t = Double(i) / 30
      let p = 7 * t + phase
      for (joint, amount) in [
        (CanonicalJoint.leftHip, sin(p)), (.rightHip, -sin(p)), (.leftKnee, 0.6 * cos(p)), (.rightKnee, -0.6 * cos(p)),
        (.leftShoulder, 0.5 * sin(2 * p)), (.rightShoulder, -0.5 * sin(2 * p)),
      ] {
        motion.poses[i].rotations[joint.rawValue] =
          Quaternion(angle: 0.5 * size * amount, axis: .unitX) * still.poses[i].rotations[joint.rawValue]
      }
      motion.poses[i].rootPosition.z += size * t
      motion.poses[i].rootPosition.y += 0.01 * size * sin(2 * p)
    }
    return motion
  }

  static func windows(_ count: Int, seed: UInt64, scale: Double = 1, frames: Int = 19) -> [LabelledMotion] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      let isLively = index.isMultiple(of: 2)
      let size = scale * ((isLively ? 1 : 0.5) + 0.2 * random.normal())
      return LabelledMotion(
        motion: walk(size: size, phase: 6 * random.uniform(), frames: frames), action: isLively ? "walk" : "stroll")
    }
  }

  static func samples(_ windows: [LabelledMotion]) -> [SetSample] {
    windows.enumerated().map { SetSample(motion: $1.motion, action: $1.action, seed: UInt64($0)) }
  }

  /// Half the mean squared speed of the joints [J/kg].
  static func energy(_ motions: [Motion]) -> Double {
    let all = motions.map { motion in
      let positions = motion.jointPositions
      var sum = 0.0
      for (a, b) in zip(positions, positions.dropFirst()) {
        for (p, q) in zip(a, b) { sum += ((q - p) / motion.frameTime).squaredLength }
      }
      return sum / Double(2 * (motion.count - 1) * motion.skeleton.count)
    }
    return all.reduce(0, +) / Double(all.count)
  }

  static func corrected(_ prior: DataPrior, _ samples: [SetSample]) async throws -> [Correction] {
    var results: [Correction] = []
    for (corrector, sample) in zip(try await prior.correctors(for: samples, jobs: 2), samples) {
      results.append(try await corrector.correct(sample.motion, seed: sample.seed))
    }
    return results
  }
}

@Suite struct PriorTests {
  @Test("Latents lose nothing, wherever the motion stands") func latentsLoseNothing() {
    let windows = Walks.windows(6, seed: 1)
    let space = LatentSpace(fitting: windows.map(\.motion), biped: 0..<22)
    var turning = Walks.walk(size: 1.3, phase: 1).placed(
      rotation: Quaternion(angle: 2.8, axis: .unitY), displacement: SIMD3(3, 0, -2))
    for i in turning.poses.indices {
      turning.poses[i].rotations[0] = Quaternion(angle: 0.3 * Double(i), axis: .unitY) * turning.poses[i].rotations[0]
    }
    let again = space.decode(space.encode(turning), like: turning)
    #expect(MotionDifference(turning, again).worstFrame < 1e-6)
  }

  @Test("The assignment is the cheapest of all") func theAssignmentIsTheCheapestOfAll() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<20 {
      let costs = (0..<4).map { _ in (0..<5).map { _ in random.uniform() } }
      let found = Assignment.cheapest(costs)
      func least(_ row: Int, _ taken: Set<Int>) -> Double {
        guard row < 4 else { return 0 }
        return (0..<5).filter { !taken.contains($0) }.map { costs[row][$0] + least(row + 1, taken.union([$0])) }.min()
          ?? 0
      }
      #expect(Set(found).count == 4)
      #expect(abs((0..<4).reduce(0) { $0 + costs[$1][found[$1]] } - least(0, [])) < 1e-12)
    }
  }

  @Test("The spectrum map gives a set back the energy that a tired model lost")
  func theSpectrumMapGivesEnergyBack() async throws {
    let windows = Walks.windows(30, seed: 1)
    let tired = Walks.windows(30, seed: 2, scale: 0.6)
    let prior = try DataPrior.spectrum(fittedOn: windows, body: Walks.body)
    let (real, before) = (Walks.energy(windows.map(\.motion)), Walks.energy(tired.map(\.motion)))
    let after = Walks.energy(try await Walks.corrected(prior, Walks.samples(tired)).map(\.motion))
    #expect(before < 0.5 * real, "\(before) of \(real)")
    #expect(abs(after / real - 1) < 0.15, "\(after) of \(real)")
    // Half the way at gamma 1.
    let half = try DataPrior.spectrum(fittedOn: windows, gamma: 1, body: Walks.body)
    let between = Walks.energy(try await Walks.corrected(half, Walks.samples(tired)).map(\.motion))
    #expect(between > before && between < after)
  }

  @Test("A set with the windows' own law stays nearly as it is") func theWindowsOwnLawStays() async throws {
    let windows = Walks.windows(30, seed: 1)
    let prior = try DataPrior.spectrum(fittedOn: windows, body: Walks.body)
    let corrections = try await Walks.corrected(prior, Walks.samples(windows))
    #expect(corrections.allSatisfy { $0.report.mpjpe < 30 }, "\(corrections.map(\.report.mpjpe))")
  }

  @Test("Balanced transport gives each window its share of samples, within its action")
  func balancedTransportGivesEachWindowItsShare() async throws {
    let windows = Walks.windows(8, seed: 1)
    // All samples are next to one calm window, which would attract them all.
    let samples = (0..<16).map { index in
      SetSample(motion: Walks.walk(size: 0.4, phase: 0.01 * Double(index)), action: index % 2 == 0 ? "walk" : "stroll")
    }
    let prior = try DataPrior.transport(fittedOn: windows, gamma: .infinity, body: Walks.body)
    let corrections = try await Walks.corrected(prior, samples)
    var counts: [Int: Int] = [:]
    for (sample, correction) in zip(samples, corrections) {
      let distances = windows.map { MotionDifference($0.motion, correction.motion).mpjpe }
      let nearest = try #require(distances.indices.min { distances[$0] < distances[$1] })
      #expect(distances[nearest] < 1e-3, "at full strength it is a copy")
      #expect(windows[nearest].action == sample.action)
      counts[nearest, default: 0] += 1
    }
    #expect(counts.values.allSatisfy { $0 == 2 } && counts.count == 8)
  }

  @Test("At gamma 1 transport goes half the way") func atGammaOneTransportGoesHalfTheWay() async throws {
    let windows = Walks.windows(4, seed: 1)
    let samples = Walks.samples(Walks.windows(4, seed: 5, scale: 0.5))
    let space = LatentSpace(fitting: windows.map(\.motion), biped: 0..<22)
    let full = try await Walks.corrected(
      try .transport(fittedOn: windows, gamma: .infinity, body: Walks.body), samples)
    let half = try await Walks.corrected(try .transport(fittedOn: windows, body: Walks.body), samples)
    for (sample, (whole, part)) in zip(samples, zip(full, half)) {
      let (a, b) = (space.encode(sample.motion), space.encode(whole.motion))
      let c = space.encode(part.motion)
      #expect(abs((squaredDistance(a, c) / squaredDistance(a, b)).squareRoot() - 0.5) < 1e-6)
    }
  }

  @Test("Medoids are windows of the action, few of them") func medoidsAreWindowsOfTheAction() async throws {
    let windows = Walks.windows(16, seed: 1)
    let prior = try DataPrior.medoids(fittedOn: windows, body: Walks.body)
    let corrections = try await Walks.corrected(prior, Walks.samples(Walks.windows(12, seed: 4)))
    var taken: Set<Int> = []
    for (index, correction) in corrections.enumerated() {
      let distances = windows.map { MotionDifference($0.motion, correction.motion).mpjpe }
      let nearest = try #require(distances.indices.min { distances[$0] < distances[$1] })
      #expect(distances[nearest] < 1e-3)
      #expect(windows[nearest].action == (index % 2 == 0 ? "walk" : "stroll"))
      taken.insert(nearest)
    }
    #expect(taken.count <= 4, "one for every four windows")
  }

  @Test("PAM finds two clusters' centres") func pamFindsCentres() {
    let members = [[0.0, 0], [1, 0], [-1, 0], [0, 1], [10, 10], [11, 10], [9, 10], [10, 11]]
    #expect(Medoids.choose(2, of: members) == [0, 4])
    #expect(Medoids.choose(9, of: members) == Array(members.indices))
  }

  /// What a corrector that damps every limb would make of a walk.
  private func damped(_ motion: Motion) -> Motion {
    var result = motion
    let rest = SampleMotions.standing(seconds: 0.1).poses[0]
    for i in result.poses.indices {
      for joint in 1..<22 {
        result.poses[i].rotations[joint] = motion.poses[i].rotations[joint].interpolated(to: rest.rotations[joint], 0.3)
      }
    }
    return result
  }

  @Test("Debiasing takes back what a corrector does to real windows") func debiasingTakesBack() async throws {
    let windows = Walks.windows(30, seed: 1)
    let prior = try DataPrior.debiasing(
      fittedOn: windows, corrections: windows.map { damped($0.motion) }, body: Walks.body)
    let fresh = Walks.windows(10, seed: 9)
    let samples = fresh.map { SetSample(motion: damped($0.motion), action: $0.action) }
    let corrections = try await Walks.corrected(prior, samples)
    func error(_ motions: [Motion]) -> Double {
      zip(motions, fresh).reduce(0) { $0 + MotionDifference($1.0, $1.1.motion).rootRelativeMPJPE } / 10
    }
    let (before, after) = (error(samples.map(\.motion)), error(corrections.map(\.motion)))
    #expect(after < 0.4 * before, "\(after) of \(before) mm")
  }

  @Test("Debiasing does nothing where a corrector's differences cannot be predicted")
  func debiasingDoesNothingWithoutReason() async throws {
    let windows = Walks.windows(12, seed: 1)
    var random = SeededGenerator(seed: 8)
    let shaken = windows.map { window in
      var motion = window.motion
      for i in motion.poses.indices {
        for joint in 1..<22 {
          motion.poses[i].rotations[joint] =
            Quaternion(angle: 0.05 * random.normal(), axis: .unitX) * motion.poses[i].rotations[joint]
        }
      }
      return motion
    }
    let prior = try DataPrior.debiasing(fittedOn: windows, corrections: shaken, body: Walks.body)
    let correction = try await prior.correct(Walks.walk(size: 0.8, phase: 2), seed: 1)
    #expect(correction.verdict == .unchanged)
  }

  @Test("A name says kind, strength, windows and leak, and changes with what it was fitted on")
  func aNameSaysWhatItWasFittedOn() throws {
    let windows = Walks.windows(6, seed: 1)
    let prior = try DataPrior.spectrum(fittedOn: windows, body: Walks.body)
    #expect(prior.name == "spectrum-gamma-inf-6-windows-\(prior.fit.sha256.prefix(12))")
    let leak = try DataPrior.transport(fittedOn: windows, isLeak: true, body: Walks.body)
    #expect(leak.name.hasPrefix("transport-gamma-1.0-leak-6-windows-") && leak.fit.sha256 == prior.fit.sha256)
    var other = windows
    other[3].motion.poses[5].rootPosition.y += 0.001
    #expect(CorrectorFit(other).sha256 != prior.fit.sha256)
    (other[3], other[3].action) = (windows[3], "hop")
    #expect(CorrectorFit(other).sha256 != prior.fit.sha256)
  }

  @Test("Windows that do not fit one another are refused, motions that do not fit them rejected")
  func whatDoesNotFitIsRefused() async throws {
    let windows = Walks.windows(4, seed: 1)
    #expect(throws: SurefootError.self) { try DataPrior.spectrum(fittedOn: []) }
    let faster = LabelledMotion(
      motion: Motion(skeleton: .canonical, frameTime: 0.01, poses: windows[0].motion.poses), action: "walk")
    #expect(throws: SurefootError.self) { try DataPrior.spectrum(fittedOn: windows + [faster]) }
    let prior = try DataPrior.transport(fittedOn: windows, body: Walks.body)
    let long = try await prior.correct(Walks.walk(size: 1, phase: 0, frames: 25), seed: 1)
    #expect(long.verdict == .rejected(reason: "no real window has 25 frames"))
  }

  @Test("Priors conform", arguments: ["spectrum", "transport", "medoids", "debias", "chain"])
  func priorsConform(kind: String) async throws {
    let walks = [SampleMotions.walk(seconds: 0.4), SampleMotions.standing(seconds: 0.4)]
    let windows = Walks.windows(6, seed: 1, frames: 13).map { $0 }
    #expect(windows[0].motion.count == walks[0].count)
    let corrector: any Corrector =
      switch kind {
      case "spectrum": try DataPrior.spectrum(fittedOn: windows)
      case "transport": try DataPrior.transport(fittedOn: windows)
      case "medoids": try DataPrior.medoids(fittedOn: windows)
      case "debias": try DataPrior.debiasing(fittedOn: windows, corrections: windows.map { damped($0.motion) })
      default: ChainedCorrector([try DataPrior.spectrum(fittedOn: windows), KinematicCorrector()])
      }
    // All of them share what they do with odd motions, so that one of them meets every kind.
    let few: [OddMotion] = [.notANumber, .oneFrame, .lowFloor, .farAway, .extraJoints]
    let odd = kind == "spectrum" ? OddMotion.allCases : few
    let failures = await CorrectorConformance(corrector, motions: walks, odd: odd, threads: 2).failures()
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }
}

@Suite struct ChainTests {
  @Test("A chain passes each result on and reports the whole way") func aChainPassesResultsOn() async throws {
    let body = Walks.body
    let windows = Walks.windows(10, seed: 1)
    let samples = Walks.samples(Walks.windows(6, seed: 3, scale: 0.6))
    let prior = try DataPrior.spectrum(fittedOn: windows, body: body)
    let chain = ChainedCorrector([prior, KinematicCorrector(body: body)])
    #expect(chain.name == "\(prior.name)+kinematic")
    let first = try await Walks.corrected(prior, samples)
    for (index, corrector) in try await chain.correctors(for: samples, jobs: 2).enumerated() {
      let correction = try await corrector.correct(samples[index].motion, seed: samples[index].seed)
      let alone = try await KinematicCorrector(body: body).correct(first[index].motion, seed: 0)
      #expect(correction.motion == alone.motion)
      #expect(correction.report.after == alone.report.after && correction.report.before == first[index].report.before)
      #expect(abs(correction.report.mpjpe - MotionDifference(samples[index].motion, correction.motion).mpjpe) < 1e-9)
    }
  }

  @Test("A prior behind a physical corrector sees what that one left") func aPriorSeesWhatWasLeft() async throws {
    let body = Walks.body
    let samples = Walks.samples(Walks.windows(6, seed: 3, scale: 0.6))
    let prior = try DataPrior.transport(fittedOn: Walks.windows(6, seed: 1), body: body)
    let chain = ChainedCorrector([KinematicCorrector(body: body), prior])
    var cleaned = samples
    for index in cleaned.indices {
      cleaned[index].motion = try await KinematicCorrector(body: body).correct(samples[index].motion, seed: 0).motion
    }
    let expected = try await Walks.corrected(prior, cleaned)
    for (index, corrector) in try await chain.correctors(for: samples, jobs: 2).enumerated() {
      let correction = try await corrector.correct(samples[index].motion, seed: samples[index].seed)
      #expect(correction.motion == expected[index].motion)
    }
  }

  @Test("What one corrector of a chain rejects is rejected with its name, and is the input")
  func aRejectionEndsTheChain() async throws {
    let windows = Walks.windows(6, seed: 1)
    let prior = try DataPrior.transport(fittedOn: windows, body: Walks.body)
    let long = Walks.walk(size: 1, phase: 0, frames: 25)
    let samples = [SetSample(motion: long), SetSample(motion: Walks.walk(size: 1, phase: 0))]
    let chain = ChainedCorrector([KinematicCorrector(body: Walks.body), prior, KinematicCorrector(body: Walks.body)])
    let correctors = try await chain.correctors(for: samples, jobs: 2)
    let correction = try await correctors[0].correct(long, seed: 0)
    #expect(correction.verdict == .rejected(reason: "\(prior.name): no real window has 25 frames"))
    #expect(correction.motion == long && correction.report.mpjpe == 0)
    #expect(try await correctors[1].correct(samples[1].motion, seed: 0).verdict == .corrected)
  }
}
