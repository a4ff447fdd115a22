import Foundation
@testable import Generations
import Support
import Testing

/// `evaluation.windows: other-clips`.
@Suite struct OtherClipsTests {
  /// Three windows a clip, ten clips.
  private static let data: LoopData = {
    var data = Fake.data()
    data.training = (0..<30).map { index in
      var clip = Fake.walk(index, frames: 8)
      clip.source = "clip\(index / 3)"
      return clip
    }
    return data
  }()

  private static func specification(windows: Int) throws -> RunSpecification {
    var specification = try Fake.specification()
    try specification.set("evaluation.windows=other-clips")
    specification.data.windows = windows
    return specification
  }

  @Test("No clip is both learnt and measured against", arguments: [UInt64(1), 2, 3])
  func noClipIsBothLearntAndMeasuredAgainst(seed: UInt64) throws {
    var specification = try OtherClipsTests.specification(windows: 5)
    specification.seed = seed
    let chosen = try OtherClipsTests.data.chosen(specification)
    let held = try OtherClipsTests.data.measured(
      against: specification.evaluation.windows, seed: seed, besides: chosen)
    let learnt = Set(chosen.map { OtherClipsTests.data.training[$0].source })
    #expect(learnt.isDisjoint(with: held.map(\.source)))
    #expect(held.count == 30 - 3 * learnt.count, "all of them, as they are few")
  }

  @Test("The run is measured against them") func theRunIsMeasuredAgainstThem() async throws {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let specification = try OtherClipsTests.specification(windows: 4)
    let results = try await Fake.loop(specification, in: folder, data: OtherClipsTests.data).run()
    let learnt = Set(try OtherClipsTests.data.chosen(specification).map { OtherClipsTests.data.training[$0].source })
    #expect(results.evaluationWindows == 30 - 3 * learnt.count)
  }

  @Test("No clip left is an error") func noClipLeftIsAnError() async throws {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let specification = try OtherClipsTests.specification(windows: 30)
    await #expect(throws: SurefootError.self) {
      try await Fake.loop(specification, in: folder, data: OtherClipsTests.data).run()
    }
  }

  @Test("Subjects are the standard") func subjectsAreTheStandard() throws {
    let data = OtherClipsTests.data
    #expect(try data.measured(against: .subjects, seed: 1, besides: [0]) == data.evaluation)
    #expect(try RunSpecification.preset("quickstart").evaluation.windows == .subjects)
  }
}
