public import Evaluation
import Support

/// Whether generation 0 is a model that a loop can lose something of: its samples beside the n real windows.
///
/// A model that was trained too little begins calm and floating, and a loop that starts from it says little about loops:
/// there is hardly any energy left to lose.
public struct StartingPoint: Sendable, Hashable {
  /// The share of the real windows' kinetic energy that generation 0 has; `nil` if it was not measured.
  public let energy: Double?
  /// Generation 0's Phys-Err as a multiple of the real windows'; `nil` if it was not measured.
  public let physErr: Double?
  /// What was measured, in a sentence; empty if nothing was.
  public let sentence: String

  /// Energies that lie within this share of the real windows' are near enough.
  public static let energyTolerance = 0.15
  /// Phys-Err up to this multiple is near enough.
  public static let largestPhysErr = 1.5

  /// Compares generation 0's samples with the n windows measured in the same way.
  public init(generationZero: SetReport, windows: SetReport) {
    func ratio(_ metric: Metric) -> Double? {
      guard let mine = generationZero[metric]?.value, let real = windows[metric]?.value, real > 0, mine.isFinite
      else { return nil }
      return mine / real
    }
    func clause(_ metric: Metric) -> String? {
      guard let share = ratio(metric), let mine = generationZero[metric]?.value, let real = windows[metric]?.value
      else { return nil }
      return "\(metric.title) \(Numbers.short(mine)) \(metric.unit), the real windows \(Numbers.short(real)) "
        + "(\(Numbers.short(share)) times)"
    }
    (energy, physErr) = (ratio(.kineticEnergy), ratio(.physErr))
    let clauses = [clause(.kineticEnergy), clause(.physErr)].compactMap { $0 }
    sentence = clauses.isEmpty ? "" : "generation 0 has \(clauses.joined(separator: "; "))"
  }

  /// What is wrong with it, in a sentence with a remedy; `nil` if it is near enough to real motion.
  public var warning: String? {
    var faults: [String] = []
    if let energy, abs(energy - 1) > Self.energyTolerance {
      faults.append("its kinetic energy differs by more than \(Int(100 * Self.energyTolerance)) %")
    }
    if let physErr, physErr > Self.largestPhysErr { faults.append("its Phys-Err is over \(Self.largestPhysErr) times") }
    guard !faults.isEmpty else { return nil }
    return "generation 0 is far from the real windows: \(faults.joined(separator: " and ")). What the loop does to it "
      + "says little; train it longer (model.initial-steps) or take more steps of sampling (sampling.steps)"
  }
}

extension RunResults {
  /// Generation 0 beside the n real windows.
  public var startingPoint: StartingPoint {
    StartingPoint(generationZero: shared.samples, windows: realAgainstReal)
  }
}

extension Loop {
  /// Says where the loop starts, and warns of a start that is worth little.
  func tell(_ start: StartingPoint) {
    if !start.sentence.isEmpty { observe(.note(start.sentence)) }
    if let warning = start.warning { observe(.warning(warning)) }
  }
}
