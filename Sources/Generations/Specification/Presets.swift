public import Support

extension RunSpecification {
  /// The names of the presets.
  public static let presetNames = presets.keys.sorted()

  /// A preset by its name.
  ///
  /// - Throws: ``SurefootError`` naming the presets there are.
  public static func preset(_ name: String) throws(SurefootError) -> RunSpecification {
    guard let yaml = presets[name] else {
      throw SurefootError(
        file: "--preset \(name)", message: "there is no preset of that name",
        suggestion: "the presets are \(presetNames.joined(separator: ", "))")
    }
    return try RunSpecification(yaml: yaml, file: "preset \(name)")
  }

  /// The text of each preset, as a file would hold it.
  private static let presets = [
    "quickstart": """
    # Every part of the loop on a few minutes of motion: all arms, two generations, under 8 minutes on 2 cores.
    seed: 1
    generations: 2
    arms: [baseline, raw, corrected]
    lambda: 1
    gamma: .inf
    corrector: tracking
    rejected: drop
    data:
      windows: 48
    model:
      preset: quickstart
      initial-steps: 3000
      steps: 150
    sampling:
      steps: 50
      guidance: 1.5
      batch: 64
    evaluation:
      samples: 128
      keep: 8
      encoder-steps: 600
    """,
    "tiny": """
    # Seconds, for tests: every step is taken, and the model learns nothing.
    seed: 1
    generations: 2
    arms: [baseline, raw, corrected]
    corrector: kinematic
    data:
      windows: 6
    model:
      preset: tiny
      initial-steps: 4
      steps: 2
    sampling:
      steps: 3
      batch: 4
    evaluation:
      samples: 8
      keep: 2
      resamples: 10
      encoder-steps: 4
    """,
  ]
}
