public import Correctors
public import Support

/// One loop: what enters its training sets, and how it draws.
struct Arm: Sendable {
  let name: String
  /// The run's specification with this arm's own settings.
  let specification: RunSpecification
  let source: any SyntheticSource
  let mixing: any Mixing
  /// None for samples as they are.
  let corrector: (any Corrector)?
  /// None for a sample a prompt and no choice.
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
  /// The names of the correctors that the loop makes of the real windows itself.
  public static let oracleNames = ["oracle", "nearest", "ideal"]

  /// The arm of that name.
  ///
  /// - Throws: ``SurefootError`` for a name of nothing.
  func makeArm(_ name: ArmName, _ real: [TrainingClip]) throws -> Arm {
    let own = try specification.resolved(name)
    let corrector = own.corrector == "none" ? nil : try makeCorrector(own.corrector, real)
    return Arm(
      name: name.rawValue, specification: own,
      source: corrector == nil
        ? RawSamples() as any SyntheticSource : CorrectedSamples(gamma: own.gamma, rejected: own.rejected),
      mixing: try named(
        own.mixing, "mixing",
        [RealAndNewest(), Accumulation(), FullySynthetic(), FreshReal()] + parts.mixings, by: \.name),
      corrector: corrector, curation: try makeCuration(own, real))
  }

  private func makeCorrector(_ name: String, _ real: [TrainingClip]) throws -> any Corrector {
    switch name {
    case "oracle": OracleCorrector(name: name, windows: data.training, measure: parts.measure)
    case "nearest": OracleCorrector(name: name, windows: real, measure: parts.measure)
    case "ideal": IdealCorrector(windows: pool, measure: parts.measure)
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

  private func makeCuration(_ own: RunSpecification, _ real: [TrainingClip]) throws -> Arm.Curation? {
    guard own.curation.reward != "none" else { return nil }
    let curator = try named(
      own.curation.curator, "curation.curator", [BradleyTerry() as any Curator] + parts.curators, by: \.name)
    let reward: any Reward =
      switch own.curation.reward {
      case "verdict": VerdictReward(judge: try makeJudge(own.curation.judge, real), atOnce: jobs)
      case "label": try LabelReward(real: real)
      case "program": ProgramReward(program: own.curation.program, format: parts.format)
      default:
        try named(
          own.curation.reward, "curation.reward",
          [PhysicsReward() as any Reward, SmoothnessReward(), SpeedReward()] + parts.rewards, by: \.name,
          besides: ["none", "verdict", "label", "program"])
      }
    return Arm.Curation(
      reward: reward, curator: curator, choices: own.curation.choices, temperature: own.curation.temperature)
  }

  private func named<Part>(
    _ name: String, _ setting: String, _ parts: [Part], by key: (Part) -> String, besides: [String] = []
  ) throws(SurefootError) -> Part {
    if let part = parts.first(where: { key($0) == name }) { return part }
    throw SurefootError(
      file: setting, message: "there is none named \(name)",
      suggestion: "use one of: \((besides + parts.map(key)).joined(separator: ", "))")
  }
}
