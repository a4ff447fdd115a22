import Foundation
import Generations
import Kinematics
import Randomness
import Testing

// The extensions in docs/loops.md, line by line; the test below compares them.
// guide begins
struct Upright: Reward {
  let name = "upright"
  func rewards(of candidates: [Candidate]) async throws -> [Double] {
    candidates.map { candidate in
      let heights = candidate.motion.poses.map(\.rootPosition.y)
      return heights.reduce(0, +) / Double(heights.count)
    }
  }
}

struct AboveAll: Curator {
  let name = "above-all"
  func choose(_ rewards: [Double], temperature: Double, using random: inout SeededGenerator) -> Int? {
    rewards.indices.first { rewards[$0] > 0.8 }  // if none is good enough, the prompt goes without a clip
  }
}

struct HalfForgotten: Mixing {
  let name = "half-forgotten"
  func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] {
    real + (synthetic.last ?? []) + synthetic.dropLast().flatMap { $0.prefix($0.count / 2) }
  }
}

func run(_ specification: RunSpecification, _ data: LoopData, _ parts: Loop.Parts, in folder: URL) async throws {
  var parts = parts
  parts.rewards = [Upright()]
  parts.curators = [AboveAll()]
  parts.mixings = [HalfForgotten()]
  let results = try await Loop(specification: specification, data: data, parts: parts, folder: folder).run()
  print(results.arms.map(\.name))
}
// guide ends

@Suite struct GuideExampleTests {
  @Test("The Swift example of docs/loops.md compiles, and is the code of this file")
  func theGuidesExampleCompiles() throws {
    let file = URL(fileURLWithPath: #filePath)
    let root = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let guide = try String(contentsOf: root.appendingPathComponent("docs/loops.md"), encoding: .utf8)
    let source = try String(contentsOf: file, encoding: .utf8)
    let code = source.components(separatedBy: "\n// guide begins\n")[1].components(separatedBy: "// guide ends")[0]
    #expect(
      guide.contains(
        "```swift\nimport Foundation\nimport Generations\nimport Kinematics\nimport Randomness\n\n\(code)```"))
  }
}
