@testable import Diffusion
import Foundation
import Kinematics
import Support
import Tensors
import Testing

@Suite struct ConstraintTests {
  /// Untrained models are the hardest: nothing in them helps to meet a constraint.
  static func sampler(
    _ architecture: ModelConfiguration.Architecture, _ change: (inout SamplingOptions) -> Void = { _ in }
  ) throws -> Sampler {
    let model = try MotionModel(
      configuration: TrainingTests.configuration(architecture), fitting: Synthetic.windows(16), seed: 1)
    return try Sampler(model, SamplingTests.options(change))
  }

  static let spaces: [ModelConfiguration.Architecture] = [.encoder, .convolutions]
  static let prompt = Prompt(action: "walk", frames: 24)

  /// The largest step of a joint between two frames next to each other [m].
  static func step(_ motion: Motion, _ range: Range<Int>) -> Double {
    let positions = motion.jointPositions
    return range.map { frame in
      zip(positions[frame], positions[frame + 1]).map { ($1 - $0).length }.max() ?? 0
    }.max() ?? 0
  }

  @Test("A motion begins with the frames that are given", arguments: spaces)
  func beginsWithGivenFrames(_ architecture: ModelConfiguration.Architecture) async throws {
    let given = Synthetic.motion(seed: 40, frames: 6)
    var constraints = MotionConstraints()
    constraints.hold(given, from: 0)
    let made = try await Self.sampler(architecture).sample([Self.prompt], constraints: [constraints], seed: 1)[0]
    #expect(made.count == 24 && made.isFinite)
    #expect(Synthetic.distance(made.frames(0..<6), given) < 1e-3)
    #expect(constraints.error(of: made) < 1e-3)
    #expect(Self.step(made, 4..<8) < 3 * max(Self.step(given, 0..<5), Self.step(made, 8..<20)))
  }

  @Test("A motion between two clips meets both where they lie", arguments: spaces)
  func meetsBothClips(_ architecture: ModelConfiguration.Architecture) async throws {
    let given = Synthetic.motion(seed: 41, frames: 24)
    var constraints = MotionConstraints()
    constraints.hold(given.frames(0..<4), from: 0)
    constraints.hold(given.frames(20..<24), from: 20)
    let made = try await Self.sampler(architecture).sample([Self.prompt], constraints: [constraints], seed: 2)[0]
    #expect(constraints.error(of: made) < 0.005)
    #expect(Synthetic.distance(made.frames(20..<24), given.frames(20..<24)) < 0.005)
  }

  @Test("Joints are where keyframes want them, the root where the path goes", arguments: spaces)
  func meetsPlaces(_ architecture: ModelConfiguration.Architecture) async throws {
    // Places that one body can take: those of a motion that the model has never seen, somewhere in the world.
    let target = Synthetic.motion(seed: 42, frames: 24).placed(displacement: SIMD3(3, 0, -2)).jointPositions
    var constraints = MotionConstraints()
    for (frame, joint) in [(5, 20), (12, 7), (12, 21), (22, 15)] {
      constraints.points.append(.init(frame: frame, joint: joint, position: target[frame][joint]))
    }
    for frame in stride(from: 0, to: 24, by: 4) {
      constraints.points.append(.init(frame: frame, joint: 0, position: target[frame][0], isOnFloor: true))
    }
    let prompts = [Self.prompt, Prompt(action: "swing", frames: 24)]
    let made = try await Self.sampler(architecture).sample(
      prompts, constraints: [constraints, MotionConstraints()], seed: 3)
    #expect(constraints.error(of: made[0]) < 0.005)
    #expect(made[1].poses[0].rootPosition.horizontal.length < 1e-6)
    #expect(Synthetic.distance(made[0], made[1]) > 0.1)
  }

  @Test("Batch and division change no constrained motion", arguments: spaces)
  func batchChangesNothing(_ architecture: ModelConfiguration.Architecture) async throws {
    let given = Synthetic.motion(seed: 43, frames: 5)
    let constraints = (0..<4).map { index in
      var constraints = MotionConstraints()
      if index % 2 == 0 { constraints.hold(given, from: 0) }
      return constraints
    }
    let prompts = (0..<4).map { _ in Self.prompt }
    let whole = try await Self.sampler(architecture).sample(prompts, constraints: constraints, seed: 7)
    let single = try await Self.sampler(architecture) { $0.batch = 1 }.sample(
      prompts, constraints: constraints, seed: 7)
    let isSame = whole == single
    #expect(isSame)
    let second = try await Self.sampler(architecture).sample(
      Array(prompts[2...]), constraints: Array(constraints[2...]), seed: 7, first: 2)
    let isPart = Array(whole[2...]) == second
    #expect(isPart)
  }

  @Test("Derivatives of places are those of the decoded motion") func derivativesAreRight() throws {
    let motion = Synthetic.motion(seed: 44, frames: 8)
    let representation = MotionRepresentation(skeleton: .canonical, frameRate: 20)
    let rows = try representation.encode(motion).map(Double.init)
    var constraints = MotionConstraints()
    let start = Placement(position: SIMD3(0.2, 0, -0.1), heading: 0.7)
    // Near the motion, since far places are approached in steps.
    let there = representation.decode(rows.map(Float.init), at: start).jointPositions
    constraints.points = [
      .init(frame: 6, joint: 20, position: there[6][20] + SIMD3(0.1, 0, -0.1)),
      .init(frame: 3, joint: 0, position: there[3][0], isOnFloor: true),
    ]
    let problem = ConstraintProblem(constraints, representation, frames: 8)
    func state(_ rows: [Double]) -> ConstraintProblem.Linearised {
      problem.linearised(
        rows, representation.decode(rows.map(Float.init), at: start), at: start, guiding: true, tolerance: 0.01)
    }
    let base = state(rows)
    #expect(base.gaps.count == 5)
    let size = rows.count
    for column in [
      0, 142 * 2 + 1, 142 * 5 + 2, 142 * 6 + 3, 142 * 6 + 5, 142 * 6 + 4 + 6 * 16 + 3, 142 * 6 + 4 + 6 * 18,
    ] {
      let step = 1e-2
      var (up, down) = (rows, rows)
      up[column] += step
      down[column] -= step
      let (a, b) = (state(up), state(down))
      for gap in base.gaps.indices {
        // The gap shrinks as the place moves towards its goal.
        let measured = (b.gaps[gap] - a.gaps[gap]) / (2 * step)
        #expect(abs(measured - base.derivatives[gap * size + column]) < 0.01, "column \(column), gap \(gap)")
      }
    }
  }

  @Test("The projection steps are spread from the share on, or are the last ones")
  func projectionSteps() {
    func steps(_ number: Int, _ from: Double, of count: Int) -> [Int] {
      Projection(lastSteps: number, from: from) { motions, _, _ in motions }.steps(of: count).sorted()
    }
    #expect(steps(4, 1, of: 50) == [46, 47, 48, 49])
    #expect(steps(4, 0.5, of: 50) == [25, 33, 41, 49])
    #expect(steps(1, 0, of: 50) == [49] && steps(9, 0, of: 4) == [0, 1, 2, 3] && steps(0, 0, of: 4) == [])
  }
}
