import Correctors
import Support

/// One of the loops that a run compares: what enters its training sets, and how it samples.
struct Arm: Sendable {
  let name: String
  /// The run's specification with this arm's settings.
  let specification: RunSpecification
  let mixing: any Mixing
  /// `nil` for samples as they are.
  let corrector: (any Corrector)?
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
    return Arm(
      name: name.rawValue, specification: settings,
      mixing: try part(
        settings.mixing, "mixing",
        [RealAndNewest(), Accumulation(), FullySynthetic(), FreshReal()] + parts.mixings, by: \.name),
      corrector: settings.corrector == "none" ? nil : try makeCorrector(settings.corrector, real),
      policy: CorrectionPolicy(gamma: settings.gamma, rejected: settings.rejected),
      curation: try makeCuration(settings.curation, real))
  }

  private func makeCorrector(_ name: String, _ real: [TrainingClip]) throws -> any Corrector {
    switch name {
    case "oracle": NearestRealCorrector(name: name, windows: data.training, measure: parts.measure)
    case "nearest": NearestRealCorrector(name: name, windows: real, measure: parts.measure)
    case "ideal": PromptWindowCorrector(windows: pool, measure: parts.measure)
    default: try parts.corrector(name)
    }
  }

  private func makeJudge(_ name: String, _ real: [TrainingClip]) throws -> any Corrector {
    let judge = try makeCorrector(name, real)
    guard judge is any PromptedCorrector else { return judge }
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
