public import MotionFormats
public import Support

/// One setting of a run's specification, explained.
public struct SettingExplanation: Sendable, Hashable, Codable {
  /// Its name, dotted: `model.initial-steps`.
  public var key: String
  /// What it does, in a sentence.
  public var meaning: String
  /// What it takes: `a whole number from 0 to 10000`.
  public var takes: String
  /// Its value where nothing is said.
  public var standard: String
  /// Its value in each preset, by the preset's name.
  public var presets: [String: String]
}

extension RunSpecification {
  /// Every setting, explained, in the order in which a specification is written.
  public static func explanations() throws(SurefootError) -> [SettingExplanation] {
    var presets: [(name: String, specification: RunSpecification)] = []
    for name in presetNames { presets.append((name, try preset(name))) }
    let standard = RunSpecification()
    return fields.map { field in
      SettingExplanation(
        key: field.path, meaning: meanings[field.path] ?? "", takes: field.takes, standard: field.write(standard),
        presets: Dictionary(uniqueKeysWithValues: presets.map { ($0.name, field.write($0.specification)) }))
    }
  }

  /// One setting, explained; of a dotted name the last part is enough where it is the only one.
  ///
  /// - Throws: A `SurefootError` with the nearest right name.
  public static func explanation(of key: String) throws(SurefootError) -> SettingExplanation {
    let all = try explanations()
    let ending = all.filter { $0.key == key || $0.key.hasSuffix("." + key) }
    if let exact = all.first(where: { $0.key == key }) ?? (ending.count == 1 ? ending.first : nil) { return exact }
    if ending.count > 1 {
      throw SurefootError(
        file: key, message: "several settings are named so",
        suggestion: "give one of: \(ending.map(\.key).joined(separator: ", "))")
    }
    let nearest = EditDistance.nearest(to: key, among: all.map(\.key))
    throw SurefootError(
      file: key, message: "there is no such setting",
      suggestion: nearest.map { "did you mean \($0)?" } ?? "`surefoot config explain` lists all")
  }

  /// What each setting does.
  static let meanings: [String: String] = [
    "seed": "The seed of everything random: the same seed gives the same run, byte for byte, whatever the threads.",
    "generations": "How many generations follow generation 0.",
    "arms": "Which loops run beside one another; they share generation 0, the evaluation set and the encoder.",
    "lambda": "The augmentation ratio: synthetic clips for each real one in a training set.",
    "distinct":
      "How many different synthetic clips a generation draws at most, each repeated to make up lambda; 0 for no limit.",
    "mixing": "How real and synthetic clips make a training set.",
    "corrector": "The corrector that samples go through before they are learnt from.",
    "gamma":
      "The correction strength: with probability gamma / (1 + gamma) the corrected clip stands in for the raw one.",
    "rejected":
      "What becomes of a clip that the corrector rejects: it is left out, its raw form is learnt from, or another is drawn.",
    "curation.reward": "By what one of several candidates for a prompt is chosen; none for one sample and no choice.",
    "curation.choices": "How many candidates are drawn for a prompt.",
    "curation.temperature": "Rewards are divided by it: 0 takes the best candidate, infinity any.",
    "curation.curator": "How the choice among candidates is made.",
    "curation.judge": "The corrector whose verdict is the reward `verdict`.",
    "curation.program": "The program that gives the reward `program`.",
    "extrapolation.method": "Whether the model steps away from one that learnt from its own samples, and how.",
    "extrapolation.omega": "How far that step goes.",
    "extrapolation.steps": "Training steps of the model that learns from samples alone.",
    "extrapolation.samples": "How many samples it learns from; 0 for as many as there are real windows.",
    "extrapolation.negative": "What those samples are.",
    "data.windows": "How many real training windows are learnt from, drawn by the seed; 0 for all.",
    "data.mirrored": "Whether mirrored windows are among them.",
    "model.preset": "The model's shape and schedule: tiny, quickstart, cpu or paper.",
    "model.initial-steps": "Training steps of generation 0, from scratch.",
    "model.start": "Where later generations begin: from the last one's weights, or elsewhere.",
    "model.steps": "Training steps of each later generation, with a new optimizer.",
    "model.learning-rate": "The learning rate of later generations; 0 for the preset's own.",
    "sampling.steps": "Denoising steps of a sample; fewer are faster and rougher.",
    "sampling.guidance":
      "The scale of classifier-free guidance: 1 is none, more follows the action's label more closely.",
    "sampling.temperature": "The scale of the noise that sampling draws: below 1 likelier motions, less diverse.",
    "sampling.batch":
      "How many clips are denoised at once; it changes the random numbers drawn, so it is part of a run.",
    "evaluation.windows":
      "The real windows that figures are measured against: other subjects, or clips that none of the n windows is cut from.",
    "evaluation.samples": "How many clips of each generation are drawn and measured.",
    "evaluation.physics":
      "Of how many of them the physics is measured, which takes longest; 0 for all. Distances are of all.",
    "evaluation.keep": "How many of them are written as BVH.",
    "evaluation.resamples": "Bootstrap resamples behind every interval.",
    "evaluation.encoder-steps": "Training steps of the motion encoder behind FID; 0 leaves it and its figures out.",
  ]
}
