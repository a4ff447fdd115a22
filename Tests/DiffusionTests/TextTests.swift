import Diffusion
import Foundation
import Kinematics
import Support
import Tensors
import Testing

@Suite struct TextTests {
  private static let width = 6

  /// A made-up embedding of length 1.
  private static func caption(_ text: String, _ place: Int) -> Caption {
    Caption(text: text, embedding: (0..<width).map { $0 == place ? 0.8 : $0 == 5 ? 0.6 : 0 })
  }
  private static let (walk, swing) = (caption("a person walks", 0), caption("a person swings", 1))

  /// Windows of one action whose captions alone tell two styles apart.
  private static func windows(_ count: Int = 16) -> [TrainingWindow] {
    Synthetic.windows(count).map { window in
      TrainingWindow(motion: window.motion, action: "any", captions: [window.action == "walk" ? walk : swing])
    }
  }

  private static var configuration: ModelConfiguration {
    var configuration = ModelConfiguration.tiny
    configuration.textWidth = width
    return configuration
  }

  private static func trained(steps: Int) throws -> MotionModel {
    let model = try MotionModel(configuration: configuration, fitting: windows(), seed: 1)
    let trainer = try Trainer(
      model: model, data: windows(), options: .preset(configuration), seed: 1)
    try trainer.run(steps: steps)
    return trainer.model
  }

  @Test("A text changes the sample, alone, with an action, and under guidance; a prompt without one keeps its bytes")
  func sampled() async throws {
    let model = try Self.trained(steps: 40)
    var options = SamplingOptions()
    options.steps = 4
    let sampler = try Sampler(model, options)
    func sample(_ action: String?, _ text: Caption?) async throws -> [Float] {
      let motion = try await sampler.sample([Prompt(action: action, frames: 20, text: text)], seed: 1)[0]
      return motion.poses.map { Float($0.rootPosition.x) }
    }
    #expect(try await sample("any", Self.walk) != sample("any", Self.swing))
    #expect(try await sample(nil, Self.walk) != sample(nil, Self.swing))
    #expect(try await sample(nil, Self.walk) == sample(nil, Self.walk))
    // Beside a prompt with a text, one without is what it is alone.
    let prompts = [Prompt(action: "any", frames: 20), Prompt(action: "any", frames: 20, text: Self.walk)]
    let both = try await sampler.sample(prompts, seed: 1)
    #expect(both[0] == (try await sampler.sample([prompts[0]], seed: 1)[0]))
  }

  @Test("A checkpoint keeps texts, captions and the resumed losses; bfloat16 halves a model's file")
  func checkpoint() throws {
    let folder = try TemporaryFolder("texts")
    defer { folder.remove() }
    let (whole, small) = (folder.url.appending(path: "a"), folder.url.appending(path: "b"))
    let model = try MotionModel(configuration: Self.configuration, fitting: Self.windows(), seed: 1)
    let trainer = try Trainer(model: model, data: Self.windows(), options: .preset(Self.configuration), seed: 1)
    try trainer.run(steps: 2)
    try trainer.save(to: whole)
    var losses: [Double] = []
    try trainer.run(steps: 2) { losses.append($0.loss) }
    let again = try Trainer(resuming: whole, data: Self.windows())
    var resumed: [Double] = []
    try again.run(steps: 2) { resumed.append($0.loss) }
    #expect(losses == resumed)
    var others = Self.windows()
    others[0].captions = [Self.caption("someone else", 2)]
    #expect(throws: SurefootError.self) { try Trainer(resuming: whole, data: others) }
    try trainer.model.save(to: whole)
    try trainer.model.save(to: small, as: .bfloat16)
    let sizes = try [whole, small].map { try Data(contentsOf: $0).count }
    #expect(sizes[1] < sizes[0] * 2 / 3)
    let loaded = try MotionModel.load(small)
    #expect(loaded.captions?.sentences == ["a person swings", "a person walks"])
    #expect(loaded.parameterCount == model.parameterCount)
  }

  @Test("A learnt sentence is found whatever its capitals, the nearest one of any other with its cosine")
  func nearest() throws {
    let captions = try #require(
      try MotionModel(configuration: Self.configuration, fitting: Self.windows(), seed: 1).captions)
    #expect(captions.caption(" A person  WALKS.")?.text == "a person walks")
    #expect(captions.caption("a person flies") == nil)
    let (sentence, similarity) = captions.nearest(to: [1, 0, 0, 0, 0, 0])
    #expect(sentence == "a person walks")
    #expect(abs(similarity - 0.8) < 0.01)
  }

  @Test("A model without texts has the weights, the file and the hash of its configuration that it always had")
  func without() throws {
    let plain = try MotionModel(configuration: .tiny, fitting: Self.windows(), seed: 1)
    let text = try MotionModel(configuration: Self.configuration, fitting: Self.windows(), seed: 1)
    #expect(text.parameterCount == plain.parameterCount + 32 * Self.width)
    let json = String(decoding: try JSONEncoder().encode(ModelConfiguration.tiny), as: UTF8.self)
    #expect(!json.contains("text"))
    #expect(TrainingOptions.preset(Self.configuration) == TrainingOptions.preset(.tiny))
  }

  @Test("Missing captions, embeddings of another length, and texts for a model without are refused")
  func refused() async throws {
    func code(_ body: () throws -> Void) -> SurefootError.Code? {
      do {
        try body()
        return nil
      } catch { return (error as? SurefootError)?.code }
    }
    #expect(
      code { _ = try MotionModel(configuration: Self.configuration, fitting: Synthetic.windows(2), seed: 1) } == .text)
    var odd = Self.windows(2)
    odd[0].captions = [Caption(text: "a b", embedding: [1])]
    #expect(code { _ = try MotionModel(configuration: Self.configuration, fitting: odd, seed: 1) } == .text)
    let plain = try Sampler(try MotionModel(configuration: .tiny, fitting: Self.windows(2), seed: 1))
    await #expect(throws: SurefootError.self) {
      try await plain.sample([Prompt(action: nil, frames: 20, text: Self.walk)], seed: 1)
    }
  }
}
