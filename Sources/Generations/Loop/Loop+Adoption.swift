public import Foundation
public import Support

extension RunSpecification {
  /// This specification without what only later generations see: runs that agree in it have one generation 0.
  var shared: RunSpecification {
    var result = self
    let fresh = RunSpecification()
    result.arms = fresh.arms
    result.definitions = []
    result.generations = fresh.generations
    result.lambda = fresh.lambda
    result.distinct = fresh.distinct
    result.mixing = fresh.mixing
    result.corrector = fresh.corrector
    result.gamma = fresh.gamma
    result.rejected = fresh.rejected
    result.curation = fresh.curation
    result.extrapolation = fresh.extrapolation
    result.model.start = fresh.model.start
    result.model.steps = fresh.model.steps
    result.model.learningRate = fresh.model.learningRate
    return result
  }
}

extension Loop {
  /// Takes the encoder, the frozen evaluation set and generation 0 from another run's folder, so that they are not made
  /// again: they would be the same, bit for bit.
  ///
  /// Nothing is taken by a run that has begun, or from one that differs in anything that generation 0 depends on, has not
  /// come so far, or whose files are not what its ledger says.
  ///
  /// - Returns: Whether something was taken.
  public func adopt(from other: URL) throws -> Bool {
    let ledger = store.url("ledger.jsonl")
    guard (try? Ledger.events(in: ledger))?.isEmpty ?? true else { return false }
    guard let theirs = try? RunSpecification(contentsOf: other.appendingPathComponent("spec.yaml")),
      theirs.shared == specification.shared,
      let events = try? Ledger.events(in: other.appendingPathComponent("ledger.jsonl")),
      case .run(let begun)? = events.first,
      let end = events.firstIndex(where: { $0.identity == "evaluation shared 0" })
    else { return false }
    let real = try chosen.get().map { pool[$0] }
    let record = runRecord(real, try specification.arms.map { try makeArm($0, real) })
    guard begun.dataset == record.dataset, begun.generator == record.generator, begun.windows == record.windows else {
      return false
    }
    let taken = events[1...end].filter(\.isStep)
    let source = ClipStore(folder: other, format: store.format)
    guard source.holds(taken) else { return false }
    for file in taken.compactMap(\.file) {
      try AtomicFile.write(try Data(contentsOf: source.url(file)), to: store.url(file))
    }
    try AtomicFile.write(specification.yaml, to: store.url("spec.yaml"))
    try Ledger(at: ledger).append([.run(record)] + taken)
    return true
  }
}

extension LedgerEvent {
  /// The file that the event tells of, relative to the run's folder.
  var file: String? {
    switch self {
    case .model(let record): record.file
    case .evaluationSet(let record): record.file
    case .clip(let record): record.file
    case .choice(let record): record.clip?.file
    case .evaluation(let record): record.file
    case .run, .mix, .end: nil
    }
  }

  /// The hash of that file.
  var sha256: String? {
    switch self {
    case .model(let record): record.sha256
    case .evaluationSet(let record): record.sha256
    case .clip(let record): record.sha256
    case .choice(let record): record.clip?.sha256
    case .evaluation(let record): record.sha256
    case .run, .mix, .end: nil
    }
  }
}
