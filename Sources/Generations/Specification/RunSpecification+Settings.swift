extension RunSpecification {
  /// Every setting, in the order in which a specification is written.
  static let settings: [SettingDescriptor] = [
    SettingDescriptor(
      path: "seed", scope: .generationZero,
      meaning: "The seed of everything random: the same seed gives the same run, byte for byte, whatever the threads.",
      takes: "a whole number, at least 0", shape: .integer(0...Int.max),
      read: { specification, texts in
        guard let value = UInt64(texts[0]) else { return false }
        specification.seed = value
        return true
      }, write: { String($0.seed) }, reset: SettingDescriptor.restore(\.seed)),
    .integer("generations", \.generations, 0...10_000, .extent, "How many generations follow generation 0."),
    arms,
    lambda,
    .integer(
      "distinct", \.distinct, 0...1_000_000, .arm,
      "The most different synthetic clips of a generation, for slow correctors; each is repeated to make up `lambda`. 0 for no limit."
    ),
    .word(
      "mixing", \.mixing, .arm,
      "How real and synthetic clips make a training set: `augment` (real + newest), `accumulate` (real + all so far), `synthetic` (newest alone), `fresh` (other real windows each generation + newest)."
    ),
    .word(
      "corrector", \.corrector, .arm,
      "The corrector of samples: `none`, a corrector's name, `oracle` (the nearest of all the dataset's training windows), `nearest` (the nearest of the n windows), `ideal` (the real window that the prompt was taken from), or a data prior that is fitted on the n windows: `spectrum`, `transport`, `medoids`, `denoise`, `debias`. Several follow one another with a + between them, each at a strength of its own after an @: `spectrum@1+predictive`."
    ),
    .real(
      "gamma", \.gamma, 0...Double.infinity, .arm,
      "The correction strength: with probability gamma / (1 + gamma) the corrected clip replaces the raw one."),
    .choice(
      "rejected", \.rejected, .arm,
      "What happens to a clip that the corrector rejects: `drop` (it is left out), `raw` (its raw form enters), `replace` (another is drawn, up to three times)."
    ),
    .real(
      "prior.level", \.prior.level, 0...1, .arm,
      "The noise that the prior `denoise` adds and takes away, as a share of the model's schedule."),
    .integer(
      "prior.steps", \.prior.steps, 0...1_000_000_000, .arm,
      "The training steps of its frozen model, from scratch on the n windows; 0 for five times those of generation 0."),
    .word(
      "curation.reward", \.curation.reward, .arm,
      "The reward by which one of several candidates for a prompt is chosen: `physics`, `smoothness`, `speed`, `label`, `verdict`, `program`; `none` for one sample and no choice."
    ),
    .integer("curation.choices", \.curation.choices, 1...1000, .arm, "The number of candidates for a prompt (K)."),
    .real(
      "curation.temperature", \.curation.temperature, 0...Double.infinity, .arm,
      "Rewards are divided by it: 0 takes the best candidate, infinity any."),
    .word(
      "curation.curator", \.curation.curator, .arm,
      "How the choice among candidates is made: `bradley-terry`, or a curator of yours."),
    .word("curation.judge", \.curation.judge, .arm, "The corrector whose verdict is the reward `verdict`."),
    .word(
      "curation.program", \.curation.program, .arm,
      "The program that gives the reward `program`: it receives a folder of BVH files with `actions.txt`, and prints one number a line."
    ),
    .choice(
      "extrapolation.method", \.extrapolation.method, .arm,
      "Whether the model steps away from an auxiliary that learned from its own samples: `none`, `sims` (of predictions, at every step of sampling), `neon` (of weights, once)."
    ),
    .real(
      "extrapolation.omega", \.extrapolation.omega, 0...100, .arm,
      "The strength of that step: (1 + omega) base - omega auxiliary."),
    .choice(
      "extrapolation.target", \.extrapolation.target, .arm,
      "Whether the strength is chosen each generation: `none`, `energy` (the strength up to `extrapolation.omega` at which samples have the real windows' kinetic energy)."
    ),
    .real(
      "extrapolation.largest-jerk", \.extrapolation.largestJerk, 0...1000, .arm,
      "The most jerk that a chosen strength may give to samples, in multiples of the real windows'."),
    .integer(
      "extrapolation.steps", \.extrapolation.steps, 1...1_000_000_000, .arm, "The auxiliary's training steps (B)."),
    .integer(
      "extrapolation.samples", \.extrapolation.samples, 0...1_000_000_000, .arm,
      "The number of samples that the auxiliary learns from (n_s); 0 for as many as there are real windows."),
    .choice(
      "extrapolation.negative", \.extrapolation.negative, .arm,
      "What those samples are: `own` (fresh samples of the generation's base), `raw` (the uncorrected ones of those that it learned from)."
    ),
    .integer(
      "data.windows", \.data.windows, 0...1_000_000_000, .generationZero,
      "The number of real training windows (n), drawn by the seed; 0 for all."),
    .flag("data.mirrored", \.data.mirrored, .generationZero, "Whether mirrored windows are among them."),
    .word(
      "model.preset", \.model.preset, .generationZero,
      "The model's shape and schedule: `tiny`, `quickstart`, `cpu` or `paper`."),
    .integer(
      "model.initial-steps", \.model.initialSteps, 1...1_000_000_000, .generationZero,
      "The training steps of generation 0, from scratch."),
    .choice(
      "model.start", \.model.start, .arm,
      "Where later generations begin: at the `previous` one's weights, or from `scratch` (with `initial-steps`)."),
    .integer(
      "model.steps", \.model.steps, 1...1_000_000_000, .arm,
      "The training steps of each later generation, with a new optimizer."),
    .real(
      "model.learning-rate", \.model.learningRate, 0...1, .arm,
      "The learning rate of later generations; 0 for the preset's default."),
    .integer(
      "sampling.steps", \.sampling.steps, 1...10_000, .generationZeroAndArm,
      "The denoising steps of a sample; fewer are faster and rougher."),
    .real(
      "sampling.guidance", \.sampling.guidance, 0...100, .generationZeroAndArm,
      "The scale of classifier-free guidance: 1 is none, more follows the action's label more closely."),
    .real(
      "sampling.temperature", \.sampling.temperature, 0...10, .generationZeroAndArm,
      "The scale of the noise that sampling draws: below 1 likelier motions, less diverse."),
    .integer(
      "sampling.batch", \.sampling.batch, 1...100_000, .generationZero,
      "The number of clips that are denoised at once: a matter of speed and memory, not of the result."),
    .word(
      "sampling.projection", \.sampling.projection, .generationZeroAndArm,
      "The corrector inside sampling, as PhysDiff projects: `none`, or a corrector's name."),
    .integer(
      "sampling.projection-steps", \.sampling.projectionSteps, 1...10_000, .generationZeroAndArm,
      "The number of denoising steps in which it corrects."),
    .real(
      "sampling.projection-from", \.sampling.projectionFrom, 0...1, .generationZeroAndArm,
      "The share of the denoising steps after which it begins, spread evenly to the last; at 1 they are the last ones."),
    .choice(
      "evaluation.windows", \.evaluation.windows, .generationZero,
      "The real windows that figures are measured against: `subjects` (the dataset's evaluation windows), `other-clips` (training windows of clips that none of the n windows is cut from, 600 at most)."
    ),
    .integer(
      "evaluation.samples", \.evaluation.samples, 6...1_000_000, .generationZero,
      "The number of clips of each generation that are drawn and measured: 1024 or more to compare figures."),
    .integer(
      "evaluation.physics", \.evaluation.physics, 0...1_000_000, .generationZero,
      "The number of the first of them whose physics is measured, which takes longest; 0 for all. Distances use all."),
    .integer(
      "evaluation.keep", \.evaluation.keep, 0...1_000_000, .generationZero,
      "The number of the first of them that are written as BVH."),
    .integer(
      "evaluation.resamples", \.evaluation.resamples, 2...100_000, .generationZero,
      "The bootstrap resamples behind every interval."),
    .integer(
      "evaluation.encoder-steps", \.evaluation.encoderSteps, 0...1_000_000, .generationZero,
      "The training steps of the motion encoder behind FID; 0 leaves it and its figures out."),
  ]

  /// The arms by name; whether they are defined is checked once everything is read.
  static let arms = SettingDescriptor(
    path: "arms", scope: .extent,
    meaning: "The loops that run beside one another; they share generation 0, the evaluation set and the encoder.",
    takes: "a list, each once, of " + ArmDefinition.builtIn.map(\.name.rawValue).joined(separator: ", ")
      + ", or of names under definitions",
    shape: .text, isList: true,
    read: { specification, texts in
      let names = texts.map(ArmName.init(rawValue:))
      guard !names.isEmpty, Set(names).count == names.count, names.allSatisfy(\.isFolderName) else { return false }
      specification.arms = names
      return true
    }, write: { "[" + $0.arms.map(\.rawValue).joined(separator: ", ") + "]" },
    reset: SettingDescriptor.restore(\.arms))

  private static let lambda = SettingDescriptor(
    path: "lambda", scope: .arm,
    meaning:
      "The augmentation ratio: synthetic clips for each real one in a training set. A list is a schedule, whose last value holds for all later generations.",
    takes: "a number, 0.0 to 1000.0, or a list of them, one a generation", shape: .real(0...1000), isList: true,
    read: { specification, texts in
      let ratios = texts.compactMap(Double.init)
      guard !ratios.isEmpty, ratios.count == texts.count, ratios.allSatisfy((0...1000).contains) else { return false }
      specification.lambda = LambdaSchedule(ratios)
      return true
    },
    write: { specification in
      let texts = specification.lambda.ratios.map { String($0) }
      return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
    }, reset: SettingDescriptor.restore(\.lambda))

  /// The setting of a dotted name.
  static func setting(_ path: String) -> SettingDescriptor? { settings.first { $0.path == path } }

  /// This specification with everything at its default that generation 0 does not depend on: runs that agree in it have
  /// the same generation 0.
  var generationZero: RunSpecification {
    var result = self
    result.definitions = []
    for setting in RunSpecification.settings where !setting.decidesGenerationZero { setting.reset(&result) }
    return result
  }
}
