import Evaluation
import Generations
import Support

/// Four arms that ask what keeps a loop alive: a prior of real motion or physics, neither, either, or both.
struct TwoByTwo {
  /// Neither, physics alone, the prior alone, both.
  let neither: SeedCurves.Curve
  let physics: SeedCurves.Curve
  let prior: SeedCurves.Curve
  let both: SeedCurves.Curve

  /// The four, in the order of the picture.
  var all: [SeedCurves.Curve] { [neither, physics, prior, both] }

  /// The first four arms that differ in these two alone, all under the same settings; `nil` if there are none.
  init?(_ curves: [SeedCurves.Curve]) {
    var found: [[String]: [Bool: [Bool: SeedCurves.Curve]]] = [:]
    for curve in curves {
      guard let (hasPrior, hasPhysics) = Self.parts(of: curve) else { continue }
      if found[curve.settings]?[hasPrior]?[hasPhysics] == nil {
        found[curve.settings, default: [:]][hasPrior, default: [:]][hasPhysics] = curve
      }
    }
    for curve in curves {
      guard let cells = found[curve.settings], let neither = cells[false]?[false], let physics = cells[false]?[true],
        let prior = cells[true]?[false], let both = cells[true]?[true]
      else { continue }
      (self.neither, self.physics, self.prior, self.both) = (neither, physics, prior, both)
      return
    }
    return nil
  }

  /// Whether an arm corrects by a data prior, and whether by physics; `nil` for an arm that differs in more than that, such
  /// as one that trains on no samples, or one that uses data it should not have.
  private static func parts(of curve: SeedCurves.Curve) -> (prior: Bool, physics: Bool)? {
    guard let whole = try? RunSpecification(yaml: curve.specification, file: "spec.yaml"),
      let arm = try? whole.resolved(ArmName(rawValue: curve.arm)), arm.lambda != 0,
      arm.extrapolation == whole.extrapolation, arm.curation == whole.curation, arm.mixing == whole.mixing
    else { return nil }
    guard arm.corrector != "none" else { return (false, false) }
    guard let expression = try? CorrectorExpression(arm.corrector) else { return nil }
    let names = expression.parts.map(\.name)
    guard !names.contains(where: { ["oracle", "nearest", "ideal"].contains($0) || $0.hasSuffix("-leak") }) else {
      return nil
    }
    let priors = expression.parts.filter { $0.prior != nil }.count
    return (priors > 0, priors < expression.parts.count)
  }
}
