public import Foundation
import Support

extension Loop {
  /// Copies the encoder, the frozen evaluation set and generation 0 from another run's folder instead of making them
  /// again: they would be the same, bit for bit.
  ///
  /// Nothing is copied if this run has begun, or if the other one differs in anything that generation 0 depends on, has
  /// not finished generation 0, or has files that do not match its ledger.
  ///
  /// - Returns: Whether generation 0 was copied.
  public func shareGenerationZero(from other: URL) throws -> Bool {
    let ledger = store.url("ledger.jsonl")
    guard (try? Ledger.events(in: ledger))?.isEmpty ?? true else { return false }
    guard let theirs = try? RunSpecification(contentsOf: other.appendingPathComponent("spec.yaml")),
      theirs.generationZero == specification.generationZero,
      let events = try? Ledger.events(in: other.appendingPathComponent("ledger.jsonl")),
      case .run(let begun)? = events.first,
      let end = events.firstIndex(where: { $0.identity == .evaluation(arm: nil, generation: 0) })
    else { return false }
    let real = try chosen.get().map { pool[$0] }
    let record = runRecord(real, try specification.arms.map { try makeArm($0, real) })
    guard begun.dataset == record.dataset, begun.generator == record.generator, begun.windows == record.windows,
      begun.seeding == record.seeding
    else { return false }
    let shared = events[1...end].filter(\.isStep)
    let source = ClipStore(folder: other, format: store.format)
    guard shared.allSatisfy(source.holds) else { return false }
    for file in shared.compactMap(\.file?.path) {
      try AtomicFile.write(try Data(contentsOf: source.url(file)), to: store.url(file))
    }
    try AtomicFile.write(specification.yaml, to: store.url("spec.yaml"))
    try Ledger(at: ledger).append([.run(record)] + shared)
    return true
  }
}
