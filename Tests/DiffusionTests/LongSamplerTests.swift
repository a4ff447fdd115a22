@testable import Diffusion
import Kinematics
import Support
import Testing

@Suite struct LongSamplerTests {
  @Test("Windows cover a motion and have enough in common", arguments: [60, 61, 80, 101, 300, 1200])
  func windows(_ frames: Int) {
    let plan = WindowPlan(window: 60, frameRate: 20)
    let starts = plan.starts(frames: frames)
    #expect(starts[0] == 0 && starts[starts.count - 1] + 60 == frames)
    for (a, b) in zip(starts, starts.dropFirst()) { #expect(b > a && a + 60 - b >= plan.overlap + plan.margin) }
  }

  @Test("What the model makes at once is the sampler's own") func shortIsTheSamplers() async throws {
    let sampler = try ConstraintTests.sampler(.convolutions)
    let prompts = [ConstraintTests.prompt, Prompt(action: "swing", frames: 10)]
    let made = try await LongSampler(sampler).sample(prompts, seed: 5)
    let isSame = made == (try await sampler.sample(prompts, seed: 5))
    #expect(isSame)
  }

  @Test("A long motion goes on without a jump, in any division", arguments: ConstraintTests.spaces)
  func goesOn(_ architecture: ModelConfiguration.Architecture) async throws {
    let sampler = try ConstraintTests.sampler(architecture)
    // A model of frames makes up to 200 at once, one of spectra 24.
    let frames = architecture == .encoder ? 230 : 70
    let prompts = [
      Prompt(action: "walk", frames: frames), Prompt(action: "walk", frames: 24),
      Prompt(action: "swing", frames: frames - 5),
    ]
    let long = LongSampler(sampler)
    let made = try await long.sample(prompts, seed: 6)
    #expect(made.map(\.count) == prompts.map(\.frames))
    let plan = WindowPlan(window: sampler.model.longestMotion, frameRate: 20)
    let joins = plan.starts(frames: frames).dropFirst().map { $0 + plan.overlap - 1 }
    let elsewhere = ConstraintTests.step(made[0], 0..<frames - 1)
    for join in joins { #expect(ConstraintTests.step(made[0], join..<join + 1) <= elsewhere) }
    #expect(Set(made[0].poses.map(\.rootPosition)).count > frames - 10)
    let isPart = try await long.sample([prompts[2]], seed: 6, first: 2)[0] == made[2]
    #expect(isPart)
  }

  @Test("A long motion reaches a place beyond its first window") func reachesFarPlaces() async throws {
    let sampler = try ConstraintTests.sampler(.convolutions)
    let given = Synthetic.motion(seed: 9, frames: 5)
    var constraints = MotionConstraints()
    constraints.hold(given, from: 0)
    let goal = given.poses[4].rootPosition + SIMD3(2, 0, -1)
    constraints.points = [.init(frame: 55, joint: 0, position: goal, isOnFloor: true)]
    let prompt = Prompt(action: "walk", frames: 60)
    let made = try await LongSampler(sampler).sample([prompt], constraints: [constraints], seed: 1)[0]
    #expect(constraints.error(of: made) < 0.005)
    // The way is shared among the windows: half of it lies behind half of the time.
    let half = (made.poses[30].rootPosition - given.poses[4].rootPosition).horizontal.length
    #expect((0.5...2).contains(half))
  }

  @Test("A motion of one frame is refused") func refusesOneFrame() async throws {
    let long = LongSampler(try ConstraintTests.sampler(.convolutions))
    await #expect(throws: SurefootError.self) { try await long.sample([Prompt(action: nil, frames: 1)], seed: 1) }
  }
}
