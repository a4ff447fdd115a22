import Correctors
import Support

/// One of the loops that a run compares: what enters its training sets, and how it samples.
struct Arm: Sendable {
  let name: String
  /// The run's specification with this arm's settings.
  let specification: RunSpecification
  let mixing: any Mixing
  /// What corrects samples; `nil` for samples as they are.
  let plan: CorrectorPlan?
  /// The plan's corrector, once what it is fitted on is there; see ``Loop/fitted(_:_:)``.
  var corrector: (any Corrector)?
  /// Whether the sample or its correction enters.
  let policy: CorrectionPolicy
  /// `nil` for one sample a prompt and no choice.
  let curation: Curation?

  /// A choice among candidates.
  struct Curation: Sendable {
    let reward: any Reward
    let curator: any Curator
    let choices: Int
    let temperature: Double
  }
}

extension Loop {
  /// The names of the correctors that the loop itself makes from real windows.
  public static let realCorrectorNames = ["oracle", "nearest", "ideal"]

  /// The arm of a name.
  ///
  /// - Throws: ``SurefootError`` if a name in its settings is unknown.
  func makeArm(_ name: ArmName, _ real: [TrainingClip]) throws -> Arm {
    let settings = try specification.resolved(name)
    let plan = try makePlan(settings, real)
    return Arm(
      name: name.rawValue, specification: settings,
      mixing: try part(
        settings.mixing, "mixing",
        [RealAndNewest(), Accumulation(), FullySynthetic(), FreshReal()] + parts.mixings, by: \.name),
      plan: plan, corrector: plan?.ready,
      policy: CorrectionPolicy(gamma: settings.gamma, rejected: settings.rejected),
      curation: try makeCuration(settings.curation, real))
  }

  /// The arm with its priors fitted; the same arm if it has none, or corrects nothing.
  func fitted(_ arm: Arm, _ run: Run) async throws -> Arm {
    guard let plan = arm.plan, plan.ready == nil, !arm.specification.lambda.isZero else { return arm }
    var result = arm
    result.corrector = try await fitted(plan, arm, run)
    return result
  }

  /// The corrector of a name that needs no fitting.
  func makeCorrector(_ name: String, _ real: [TrainingClip]) throws -> any Corrector {
    switch name {
    case "oracle": NearestRealCorrector(name: name, windows: data.training, measure: parts.measure)
    case "nearest": NearestRealCorrector(name: name, windows: real, measure: parts.measure)
    case "ideal": PromptWindowCorrector(windows: pool, measure: parts.measure)
    default: try parts.corrector(name)
    }
  }

  private func makeJudge(_ name: String, _ real: [TrainingClip]) throws -> any Corrector {
    guard PriorName(part: name) == nil else {
      throw SurefootError(
        file: "curation.judge", message: "\(name) can judge no candidate: it looks at whole sets of samples",
        suggestion: "name another corrector")
    }
    let judge = try makeCorrector(name, real)
    guard judge is PromptWindowCorrector else { return judge }
    throw SurefootError(
      file: "curation.judge", message: "\(name) can judge no candidate: it does not look at the motion",
      suggestion: "name another corrector")
  }

  private func makeCuration(
    _ settings: RunSpecification.CurationPart, _ real: [TrainingClip]
  ) throws -> Arm.Curation? {
    guard settings.reward != "none" else { return nil }
    let curator = try part(
      settings.curator, "curation.curator", [BradleyTerryCurator() as any Curator] + parts.curators, by: \.name)
    let reward: any Reward =
      switch settings.reward {
      case "verdict": VerdictReward(judge: try makeJudge(settings.judge, real), atOnce: jobs)
      case "label": try LabelReward(real: real)
      case "program": ProgramReward(program: settings.program, format: parts.format)
      default:
        try part(
          settings.reward, "curation.reward",
          [PhysicsReward() as any Reward, SmoothnessReward(), SpeedReward()] + parts.rewards, by: \.name,
          besides: ["none", "verdict", "label", "program"])
      }
    return Arm.Curation(
      reward: reward, curator: curator, choices: settings.choices, temperature: settings.temperature)
  }

  /// The part of a name, or an error that lists the names.
  private func part<Part>(
    _ name: String, _ setting: String, _ parts: [Part], by key: (Part) -> String, besides: [String] = []
  ) throws(SurefootError) -> Part {
    if let part = parts.first(where: { key($0) == name }) { return part }
    throw SurefootError(
      file: setting, message: "there is none named \(name)",
      suggestion: "use one of: \((besides + parts.map(key)).joined(separator: ", "))")
  }
}
