@testable import Generations
import Support
import Testing

@Suite struct SpecificationTests {
  @Test("Presets survive their own text", arguments: RunSpecification.presetNames) func presetsSurviveTheirOwnText(
    name: String
  ) throws {
    let preset = try RunSpecification.preset(name)
    #expect(try RunSpecification(yaml: preset.yaml, file: "spec.yaml") == preset)
    #expect(preset.yaml.split(separator: "\n").count >= RunSpecification.settings.count)
  }

  @Test("Every field is read and written") func everyFieldIsReadAndWritten() throws {
    let yaml = """
      seed: 18446744073709551615
      generations: 5
      arms: [raw]
      lambda: 0.25
      gamma: .inf
      corrector: kinematic
      rejected: raw
      data:
        windows: 64
        mirrored: false
      model: {preset: cpu, initial-steps: 10, steps: 3, learning-rate: 0.0001}
      sampling:
        steps: 7
        guidance: 1
        batch: 16
      evaluation:
        samples: 1024
        keep: 0
        resamples: 50
        encoder-steps: 0
      """
    let read = try RunSpecification(yaml: yaml, file: "a.yaml")
    #expect(read.seed == .max && read.arms == [.raw] && read.lambda == 0.25 && read.gamma == .infinity)
    #expect(read.rejected == .raw && read.data.windows == 64 && !read.data.mirrored && read.model.preset == "cpu")
    #expect(read.sampling.batch == 16 && read.evaluation.encoderSteps == 0)
    #expect(try RunSpecification(yaml: read.yaml, file: "b.yaml") == read)
  }

  @Test(
    "Faults say where and what",
    arguments: [
      ("lamda: 2\n", 1, 1, "did you mean lambda?"),
      ("seed: 1\nmodel:\n  initial-step: 3\n", 3, 3, "did you mean model.initial-steps?"),
      ("seed: 1\nlambda: much\n", 2, 9, "lambda takes"),
      ("arms: [raw, rough]\n", 1, 7, "arms takes"),
      ("arms: [raw, raw]\n", 1, 7, "each once"),
      ("generations: -1\n", 1, 14, "generations takes"),
      ("generations: 2.5\n", 1, 14, "whole number"),
      ("data: 5\n", 1, 7, "indented"),
      ("gamma: nan\n", 1, 8, "gamma takes"),
      ("- a\n", 1, 1, "mapping"),
      ("seed: [1, 2\n", nil, nil, "YAML"),
      ("seed: 1\nseed: 2\n", nil, nil, "twice"),
    ] as [(String, Int?, Int?, String)])
  func faultsSayWhereAndWhat(yaml: String, line: Int?, column: Int?, text: String) throws {
    let error = try #require(throws: SurefootError.self) { try RunSpecification(yaml: yaml, file: "run.yaml") }
    #expect(error.file == "run.yaml")
    if let line { #expect(error.line == line && error.column == column, "\(error)") }
    #expect(error.description.contains(text), "\(error)")
  }

  @Test("Settings change one by one") func settingsChangeOneByOne() throws {
    var specification = try RunSpecification.preset("tiny")
    try specification.set("lambda=2.5")
    try specification.set("arms=[raw, corrected]")
    try specification.set("evaluation.samples=32")
    #expect(specification.lambda == 2.5 && specification.arms == [.raw, .corrected])
    #expect(specification.evaluation.samples == 32)
    #expect(throws: SurefootError.self) { try specification.set("lambda") }
    #expect(throws: SurefootError.self) { try specification.set("lambda=fast") }
    let error = #expect(throws: SurefootError.self) { try specification.set("samples=3") }
    #expect(error?.suggestion == "did you mean extrapolation.samples or evaluation.samples?")
  }

  @Test("Arms change what they differ") func armsChangeWhatTheyDiffer() throws {
    let yaml = """
      lambda: [1, 2]
      corrector: tracking
      arms: [baseline, raw, far, cold]
      definitions:
        far:
          corrector: kinematic
          curation: {reward: speed, choices: 8}
          lambda: 16
        cold:
          sampling.temperature: 0.5
      """
    let read = try RunSpecification(yaml: yaml, file: "a.yaml")
    #expect(try RunSpecification(yaml: read.yaml, file: "b.yaml") == read)
    #expect(read.lambda[1] == 1 && read.lambda[2] == 2 && read.lambda[9] == 2)
    let (baseline, raw) = (try read.resolved(.baseline), try read.resolved(.raw))
    #expect(baseline.lambda.isZero && raw.lambda == [1, 2] && raw.corrector == "none")
    let far = try read.resolved("far")
    #expect(far.corrector == "kinematic" && far.curation.reward == "speed" && far.curation.choices == 8)
    #expect(far.lambda == 16)
    #expect(try read.resolved("cold").sampling.temperature == 0.5)
    var changed = read
    try changed.set("definitions.cold.sampling.temperature=0.25")
    try changed.set("definitions.warm.sampling.temperature=1.5")
    #expect(try changed.resolved("cold").sampling.temperature == 0.25)
    #expect(try changed.resolved("warm").sampling.temperature == 1.5)
  }

  @Test(
    "Faults of arms say where and what",
    arguments: [
      ("definitions:\n  raw:\n    lambda: 2\n", 3, 13, "built in"),
      ("definitions:\n  a b:\n    lambda: 2\n", 3, 13, "arm's name"),
      ("definitions:\n  x:\n    seed: 2\n", 3, 11, "arms share seed"),
      ("definitions:\n  x:\n    lamda: 2\n", 3, 5, "did you mean lambda?"),
      ("definitions:\n  x:\n    lambda: lots\n", 3, 13, "lambda takes"),
      ("definitions:\n  x: 5\n", 2, 6, "settings indented"),
      ("definitions: 3\n", 1, 14, "by name"),
      ("lambda: [1, x]\n", 1, 9, "a list of them"),
      ("arms: [ghost]\n", 1, 7, "definitions"),
    ] as [(String, Int, Int, String)])
  func faultsOfArmsSayWhereAndWhat(yaml: String, line: Int, column: Int, text: String) throws {
    let error = try #require(throws: SurefootError.self) { try RunSpecification(yaml: yaml, file: "run.yaml") }
    #expect(error.line == line && error.column == column, "\(error)")
    #expect(error.description.contains(text), "\(error)")
  }

  @Test("An unknown preset names the others") func anUnknownPresetNamesTheOthers() {
    let error = #expect(throws: SurefootError.self) { try RunSpecification.preset("big") }
    #expect(error?.suggestion?.contains("quickstart") == true)
  }

  @Test("Edit distance") func editDistance() {
    #expect(EditDistance.between("kitten", "sitting") == 3)
    #expect(EditDistance.nearest(to: "zebra", among: ["lambda", "gamma"]) == nil)
  }
}
