/// One loop: what enters its training sets.
struct Arm: Sendable {
  let name: String
  let source: any SyntheticSource
  let mixing: any Mixing

  init(_ kind: ArmKind, _ specification: RunSpecification) {
    name = kind.rawValue
    mixing = RealAndNewest()
    source =
      switch kind {
      case .baseline: NoSynthesis()
      case .raw: RawSamples()
      case .corrected: CorrectedSamples(gamma: specification.gamma, rejected: specification.rejected)
      }
  }
}
