import Correctors
import Foundation
import Kinematics
import Randomness
import Support

/// The correctors of an arm before those with a data prior are fitted, which happens after generation 0.
struct CorrectorPlan: Sendable {
  enum Stage: Sendable {
    case ready(any Corrector)
    case prior(PriorName, gamma: Double, level: Double, steps: Int)
  }

  let stages: [Stage]
  /// Its name in the ledger's first entry, known before anything is fitted.
  let name: String

  /// The corrector, if nothing has to be fitted.
  var ready: (any Corrector)? {
    let ready = stages.compactMap { if case .ready(let corrector) = $0 { corrector } else { nil } }
    guard ready.count == stages.count, !ready.isEmpty else { return nil }
    return ready.count == 1 ? ready[0] : ChainedCorrector(ready)
  }
}

extension Loop {
  /// The plan of an arm's `corrector`; `nil` for `none`.
  ///
  /// - Throws: ``SurefootError`` if the expression cannot be read or a name is unknown.
  func makePlan(_ settings: RunSpecification, _ real: [TrainingClip]) throws -> CorrectorPlan? {
    let expression = try CorrectorExpression(settings.corrector)
    guard settings.corrector != "none" else { return nil }
    var (stages, names) = ([CorrectorPlan.Stage](), [String]())
    for part in expression.parts {
      guard let prior = part.prior else {
        let corrector = try makeCorrector(part.name, real)
        let scaled = part.gamma.map { GammaCorrector(corrector, gamma: $0, body: parts.body) as any Corrector }
        stages.append(.ready(scaled ?? corrector))
        names.append((scaled ?? corrector).name)
        continue
      }
      let gamma = part.gamma ?? prior.kind.defaultGamma
      let steps = settings.prior.steps > 0 ? settings.prior.steps : 5 * settings.model.initialSteps
      stages.append(.prior(prior, gamma: gamma, level: settings.prior.level, steps: steps))
      let fit = CorrectorFit(labelled(prior.isLeak ? pool : real), isLeak: prior.isLeak)
      let details = prior.kind == .denoise ? "-\(settings.prior.level)-\(steps)-steps" : ""
      names.append("\(prior.kind.rawValue)\(details)-gamma-\(gamma)\(fit.suffix)")
    }
    return CorrectorPlan(stages: stages, name: names.joined(separator: "+"))
  }

  /// Fits the priors of an arm's plan and joins its correctors.
  func fitted(_ plan: CorrectorPlan, _ arm: Arm, _ run: Run) async throws -> any Corrector {
    var done: [any Corrector] = []
    for stage in plan.stages {
      switch stage {
      case .ready(let corrector): done.append(corrector)
      case .prior(let name, let gamma, let level, let steps):
        let prior = try await fit(name, gamma, level, steps, after: done, arm, run)
        let record = FitRecord(
          corrector: prior.name, windows: prior.fit.windows, sha256: prior.fit.sha256, isLeak: prior.fit.isLeak)
        if run.fits.insert(record.corrector).inserted { try run.journal.record(.fit(record)) }
        done.append(prior)
      }
    }
    return done.count == 1 ? done[0] : ChainedCorrector(done)
  }

  private func fit(
    _ name: PriorName, _ gamma: Double, _ level: Double, _ steps: Int, after stages: [any Corrector], _ arm: Arm,
    _ run: Run
  ) async throws -> any FittedCorrector {
    let clips = name.isLeak ? pool : run.real
    let windows = labelled(clips)
    switch name.kind {
    case .spectrum:
      return try DataPrior.spectrum(fittedOn: windows, gamma: gamma, isLeak: name.isLeak, body: parts.body)
    case .transport:
      return try DataPrior.transport(fittedOn: windows, gamma: gamma, isLeak: name.isLeak, body: parts.body)
    case .medoids:
      return try DataPrior.medoids(fittedOn: windows, gamma: gamma, isLeak: name.isLeak, body: parts.body)
    case .debias:
      let corrections = try await corrected(clips, by: stages, run)
      return try DataPrior.debiasing(
        fittedOn: windows, corrections: corrections, gamma: gamma, isLeak: name.isLeak, body: parts.body)
    case .denoise:
      let model = try await priorModel(clips, steps: steps, isLeak: name.isLeak, run)
      let plan = SamplingPlan(
        checkpoint: store.url(model.file), steps: arm.specification.sampling.steps, guidance: 1,
        batch: specification.sampling.batch)
      return DenoisingPrior(
        try await parts.generator.sampler(plan), model: model.sha256, trainedOn: windows, level: level, gamma: gamma,
        isLeak: name.isLeak, body: parts.body)
    }
  }

  /// The frozen model of the denoising prior: as generation 0, trained longer.
  private func priorModel(_ clips: [TrainingClip], steps: Int, isLeak: Bool, _ run: Run) async throws -> ModelRecord {
    let name = "prior-\(steps)\(isLeak ? "-leak" : "")"
    if let known = run.priorModels[name] { return known }
    let job = TrainingJob(
      folder: "priors", name: name, arm: nil, generation: 0, steps: steps, clips: clips.count,
      actions: actions(clips), purpose: "training the denoising prior")
    let model = try await train(job, run) { clips }
    run.priorModels[name] = model
    return model
  }

  /// What some correctors do to real windows, recorded and written; `nil` for a window that they reject.
  private func corrected(_ clips: [TrainingClip], by stages: [any Corrector], _ run: Run) async throws -> [Motion?] {
    let chain = stages.count == 1 ? stages[0] : ChainedCorrector(stages)
    let key = SHA256.hexadecimal(of: Array("\(ledgerName(chain))".utf8)).prefix(8)
    if let known = run.realCorrections[String(key)] { return known }
    let samples = clips.map { clip in
      SetSample(
        motion: clip.motion, action: clip.action, window: clip.id,
        seed: Seed.derive(specification.seed, "real window", clip.id))
    }
    let correctors = try await (chain as? any SetCorrector)?.correctors(for: samples, jobs: jobs)
    var motions: [Motion?] = []
    for start in stride(from: 0, to: clips.count, by: 4 * jobs) {
      let part = Array(start..<min(clips.count, start + 4 * jobs))
      let done = try await run.journal.clips(part.map { "real-\(key)-\($0.padded(to: 4))c" }) {
        try await concurrentMap(part, limit: jobs) { index in
          let corrector = correctors?[index] ?? chain
          let record = ClipRecord(
            id: "real-\(key)-\(index.padded(to: 4))c", purpose: .realCorrection, parents: [clips[index].id], model: "",
            arm: nil, generation: 0, index: index, action: clips[index].action, frames: clips[index].motion.count,
            seed: samples[index].seed, file: "", sha256: "", corrector: ledgerName(chain),
            metrics: try parts.measure(clips[index].motion))
          return try await outcome(
            of: corrector, on: clips[index].motion, record: record, folder: "priors/\(key)",
            fileName: "real-\(key)-\(index.padded(to: 4))")
        }
      }
      for clip in done { motions.append(clip.record.isUsable ? try store.motion(of: clip) : nil) }
      observe(
        .progress(
          step: "correcting real windows", done: motions.count, total: clips.count, unit: "clips", detail: ""))
    }
    run.realCorrections[String(key)] = motions
    return motions
  }

  private func labelled(_ clips: [TrainingClip]) -> [LabelledMotion] {
    clips.map { LabelledMotion(motion: $0.motion, action: $0.action) }
  }
}
