@testable import Diffusion
import Foundation
import Kinematics
import Tensors
import Testing

@Suite struct ActionModesTests {
  /// 96 energies 0...95 of action 0, 30 of action 1, none of action 2.
  static let modes = ActionModes(
    fitting: (0..<126).map { Float($0 < 96 ? 95 - $0 : $0) }, labels: (0..<126).map { $0 < 96 ? 0 : 1 }, actions: 3)

  @Test("Steps have equal shares and small actions one") func stepsHaveEqualSharesAndSmallActionsOne() {
    #expect(Self.modes.shares == [[0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0], [1, 0, 0, 0]])
    #expect(Self.modes.classes == 12)
    let found = [-5, 23, 24, 47, 48, 95, 1000].map { Self.modes.classOf(action: 0, energy: $0) }
    #expect(found == [0, 0, 1, 1, 2, 3, 3])
    #expect(Self.modes.classOf(action: 1, energy: 1e9) == 4 && Self.modes.classOf(action: 2, energy: 0) == 8)
  }

  @Test("Draws by shares") func drawsByShares() {
    #expect([0, 0.249, 0.25, 0.74, 0.9999].map { Self.modes.classOf(action: 0, share: $0) } == [0, 0, 1, 2, 3])
    #expect([0, 0.9999].map { Self.modes.classOf(action: 1, share: $0) } == [4, 4])
  }

  /// The same motion played at half the speed has a quarter of the energy.
  @Test("Energy is the mean square speed") func energyIsTheMeanSquareSpeed() throws {
    let windows = Synthetic.windows(3)
    let model = try MotionModel(
      configuration: TrainingTests.configuration(.convolutions), fitting: windows, actions: ["run", "swing", "walk"],
      seed: 3)
    let motion = windows[0].motion
    let slow = Motion(skeleton: motion.skeleton, frameTime: motion.frameTime * 2, poses: motion.poses)
    func energy(_ motion: Motion) throws -> Float {
      let representation = MotionRepresentation(
        skeleton: motion.skeleton, frameRate: motion.frameRate, content: .compact)
      let row = try representation.encode(motion)
      let features = Tensor(row, shape: [1, motion.count, representation.width])
      let weights = Tensor([Float](repeating: 0.3, count: representation.width), shape: [representation.width])
      return ActionModes.energies(features, weights: weights, frameRate: motion.frameRate)[0]
    }
    let ratio = try energy(motion) - energy(slow)
    #expect(abs(ratio - log(4)) < 0.02, "\(ratio)")
    #expect(model.space.modes?.classes == 12)
  }

  @Test("A reconstruction loses what the space loses") func reconstructionIsTheSpacesFloor() throws {
    let windows = Synthetic.windows(12)
    let model = try MotionModel(
      configuration: TrainingTests.configuration(.convolutions), fitting: windows, actions: ["run", "swing", "walk"],
      seed: 3)
    let back = try model.reconstructed(windows.map(\.motion))
    #expect(back.map(\.count) == windows.map { _ in model.configuration.frames })
    for (window, motion) in zip(windows, back) {
      let (a, b) = (window.motion.poses[10].rootPosition, motion.poses[10].rootPosition)
      #expect(abs(a.y - b.y) < 0.02, "the root's height is kept")
    }
  }
}
