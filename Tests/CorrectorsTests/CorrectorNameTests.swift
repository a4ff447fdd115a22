@testable import Correctors
import Dynamics
import Testing

/// Ledgers and kept corrections are keyed by a corrector's name.
@Suite struct CorrectorNameTests {
  @Test("With default settings a corrector has its plain name")
  func defaultsHaveThePlainName() {
    #expect(PredictiveCorrector().name == "predictive")
    #expect(TrackingCorrector().name == "tracking")
    #expect(KinematicCorrector().name == "kinematic")
    #expect(TrackingCorrector(residualBound: 0.5).name == "tracking-0.5")
  }

  @Test("Every setting of the predictive corrector changes its name")
  func everyPlanningSettingIsInTheName() {
    let integers: [WritableKeyPath<PredictiveSettings, Int>] = [\.knots, \.iterations, \.extendedKnots]
    let numbers: [WritableKeyPath<PredictiveSettings, Double>] = [
      \.interval, \.residualInterval, \.costTolerance, \.minRelativeDecrease, \.damping, \.maxControl, \.positionWeight,
      \.velocityWeight, \.orientationWeight, \.centreOfMassWeight, \.centreOfMassVelocityWeight, \.effortWeight,
      \.jointLimitWeight, \.terminalWeight, \.feedForward, \.replanThreshold, \.fallbackResidualBound,
      \.plausibleResidual,
    ]
    // One path a setting, and one for the simulation's: a new setting needs a line here.
    #expect(Mirror(reflecting: PredictiveSettings()).children.count == integers.count + numbers.count + 1)
    var names: Set = ["predictive"]
    for path in integers {
      var corrector = PredictiveCorrector()
      corrector.settings[keyPath: path] += 1
      #expect(names.insert(corrector.name).inserted, "\(path)")
    }
    for path in numbers {
      var corrector = PredictiveCorrector()
      corrector.settings[keyPath: path] += 1
      #expect(names.insert(corrector.name).inserted, "\(path)")
    }
    for path in simulationSettings {
      var corrector = PredictiveCorrector()
      corrector.settings.simulation[keyPath: path] += 1
      #expect(names.insert(corrector.name).inserted, "\(path)")
    }
    for path: WritableKeyPath<PredictiveCorrector, Double> in [\.maxTrackingError, \.maxError, \.maxImbalance] {
      var corrector = PredictiveCorrector()
      corrector[keyPath: path] += 1
      #expect(names.insert(corrector.name).inserted, "\(path)")
    }
  }

  @Test("Every setting of the tracking and the kinematic corrector changes its name")
  func everyOtherSettingIsInTheName() {
    var names: Set = ["tracking", "kinematic"]
    for path in simulationSettings {
      var corrector = TrackingCorrector()
      corrector.settings[keyPath: path] += 1
      #expect(names.insert(corrector.name).inserted, "\(path)")
    }
    var tracking = TrackingCorrector()
    tracking.settings.selfCollision = false
    #expect(names.insert(tracking.name).inserted)
    tracking = TrackingCorrector()
    tracking.plausibleResidual = 0
    #expect(names.insert(tracking.name).inserted)
    tracking = TrackingCorrector()
    tracking.maxError = 1
    #expect(names.insert(tracking.name).inserted)
    var kinematic = KinematicCorrector()
    kinematic.maxError = 1
    #expect(names.insert(kinematic.name).inserted)
  }

  @Test("A name lists the settings that differ")
  func differencesAreListed() {
    var corrector = PredictiveCorrector()
    corrector.settings.knots = 4
    corrector.settings.simulation.friction = 0.8
    #expect(corrector.name == "predictive[knots=4,simulation.friction=0.8]")
  }

  private let simulationSettings: [WritableKeyPath<SimulationSettings, Double>] = [
    \.step, \.friction, \.errorReduction, \.constraintForceMixing, \.contactErrorReduction, \.contactForceMixing,
    \.surfaceLayer, \.correctingSpeed, \.selfOverlap, \.stiffnessScale, \.torqueScale, \.residualDeflection,
    \.residualDamping, \.speedLimit,
  ]
}

@Suite struct VerdictTests {
  @Test(
    "A verdict is read back from its description",
    arguments: [
      Verdict.corrected, .unchanged, .rejected(reason: "a seat (or a partner) at 3 s"),
    ])
  func descriptionsAreLossless(verdict: Verdict) { #expect(Verdict(verdict.description) == verdict) }

  @Test("No other text is a verdict", arguments: ["", "Corrected", "rejected", "rejected (", "failed"])
  func otherTextIsRefused(text: String) { #expect(Verdict(text) == nil) }
}
