import Dynamics
import Evaluation
import Foundation
import Kinematics
import Support

extension Loop {
  /// Samples behind each choice of a strength.
  private static let probes = 64
  /// Halvings of the interval of strengths.
  private static let halvings = 5

  /// The strength of a generation's extrapolation: the fixed one, or the one at which samples have the real windows'
  /// kinetic energy.
  ///
  /// A fixed strength restores energy in one generation and overshoots in the next, since what the base lost differs.
  /// Energy grows with the strength, so the interval from 0 to `extrapolation.omega` is halved towards the real windows'
  /// energy; a strength whose samples have more than `extrapolation.largest-jerk` times the real windows' jerk is too
  /// large as well. All strengths are tried with the same random numbers.
  ///
  /// - Parameter extrapolated: The generation's model at a strength, and a name that no other try has.
  func omega(
    of arm: Arm, _ generation: Int, _ run: Run,
    _ extrapolated: (_ omega: Double, _ name: String) async throws -> GenerationModel
  ) async throws -> Double {
    let settings = arm.specification.extrapolation
    guard settings.target == .energy else { return settings.omega }
    let events = try await run.journal.step([.omega(arm: arm.name, generation: generation)]) {
      let real = run.real.map(\.motion)
      let goal = Pace(energy: try Pace.energy(of: real), jerk: Pace.jerk(of: real))
      var tries = 0
      func pace(_ omega: Double) async throws -> Pace {
        tries += 1
        let model = try await extrapolated(omega, "probe-\(tries)")
        let motions = try await probes(of: model, arm, generation, run)
        return Pace(energy: try Pace.energy(of: motions), jerk: Pace.jerk(of: motions))
      }
      func isTooLarge(_ pace: Pace) -> Bool {
        pace.energy > goal.energy || pace.jerk > settings.largestJerk * goal.jerk
      }
      var best = (omega: 0.0, pace: try await pace(0))
      var (low, high) = (0.0, settings.omega)
      if !isTooLarge(best.pace), high > 0 {
        let most = try await pace(high)
        if isTooLarge(most) {
          for _ in 0..<Loop.halvings {
            let middle = (low + high) / 2
            let here = try await pace(middle)
            if isTooLarge(here) {
              high = middle
            } else {
              (low, best) = (middle, (middle, here))
            }
          }
        } else {
          best = (high, most)
        }
      }
      return [
        .omega(
          OmegaRecord(
            arm: arm.name, generation: generation, omega: best.omega, energy: best.pace.energy, jerk: best.pace.jerk,
            realEnergy: goal.energy, realJerk: goal.jerk))
      ]
    }
    guard case .omega(let record) = events[0] else { preconditionFailure("the step's identity is a strength's") }
    observe(
      .note(
        "\(arm.name) generation \(generation): omega \(Numbers.short(record.omega)) gives "
          + "\(Numbers.short(record.energy)) J/kg, real motion has \(Numbers.short(record.realEnergy))"))
    return record.omega
  }

  private func probes(of model: GenerationModel, _ arm: Arm, _ generation: Int, _ run: Run) async throws -> [Motion] {
    let seed = seed(generation, "omega")
    let prompts = ClipPrompt.draw(Loop.probes, from: run.real.map(\.prompt), seed: seed)
    let request = SamplingRequest(
      model: model, settings: arm.specification.sampling, purpose: .sample, folder: "", prefix: "probe-",
      arm: arm.name, generation: generation, title: "\(arm.name) \(generation): samples to choose omega", seed: seed,
      measured: 0)
    return try await draw(request, prompts, run).map { try store.motion(of: $0.clip) }
  }

  /// How lively a set of motions is.
  private struct Pace {
    /// [J/kg].
    let energy: Double
    /// [m/s^3].
    let jerk: Double

    static func energy(of motions: [Motion]) throws -> Double {
      let energies = KineticFeatures.energies(of: try KineticFeatures().features(of: motions))
      return energies.reduce(0, +) / Double(max(1, energies.count))
    }

    static func jerk(of motions: [Motion]) -> Double {
      motions.reduce(0) { $0 + MeanJerk.of($1) } / Double(max(1, motions.count))
    }
  }
}
