import Testing
@testable import Tensors

/// A batch's gradient in parts, on any number of threads. One test after another: they set the number of threads.
@Suite(.serialized) struct BatchPartsTests {
  struct Network: Module {
    let first: Linear
    let second: Linear

    init(seed: UInt64) {
      let initial = Initializer(seed: seed)
      first = Linear(96, 256, initial)
      second = Linear(256, 8, initial)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { second(first(x).gelu()) }

    var parameters: [Parameter] { first.parameters(in: "first") + second.parameters(in: "second") }
  }

  private let x = RandomStream(seed: 1).normal([70, 40, 96])
  private let target = RandomStream(seed: 2).normal([70, 40, 8])

  private func parts(_ network: Network, size: Int) -> BatchParts<Network> {
    BatchParts(network.parameters, size: size) {
      let copy = Network(seed: 9)
      return (copy, copy.parameters)
    }
  }

  private func backward(_ parts: BatchParts<Network>, scale: Double = 1) -> Double {
    let (x, target) = (x, target)
    return parts.backward(batch: 70) { network, range in
      (network(x.narrowed(0, range)) - target.narrowed(0, range)).squared().sum() * (scale / 70)
    }
  }

  @Test("Parts add up to the whole", arguments: [1, 8, 64, 70, 500]) func partsAddUpToTheWhole(size: Int) throws {
    let (network, other) = (Network(seed: 3), Network(seed: 3))
    let loss = backward(parts(network, size: size))
    let whole = (other(x) - target).squared().sum() * (1.0 / 70)
    whole.backward()
    #expect(abs(loss - whole.scalar) < 1e-5 * whole.scalar)
    for (own, expected) in zip(network.parameters, other.parameters) {
      let (a, b) = (try #require(own.tensor.gradient).floats, try #require(expected.tensor.gradient).floats)
      let largest = b.map(abs).max() ?? 0
      #expect(largest > 0 && zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 * largest }, "\(own.name)")
    }
  }

  /// Copies follow what is learned: three steps by parts are three steps with the whole batch.
  @Test("Copies follow the learned elements") func copiesFollowTheLearnedElements() {
    let (network, other) = (Network(seed: 3), Network(seed: 3))
    let (parts, whole) = (parts(network, size: 16), parts(other, size: 70))
    let optimizers = [AdamW(network.parameters, rate: 1e-2), AdamW(other.parameters, rate: 1e-2)]
    var losses: [[Double]] = []
    for _ in 0..<3 {
      losses.append([backward(parts), backward(whole)])
      for optimizer in optimizers { optimizer.step(clipping: 1) }
    }
    #expect(losses[2][0] < losses[0][0])
    for pair in losses { #expect(abs(pair[0] - pair[1]) < 1e-3 * pair[1]) }
  }

  @Test("Threads change no bit") func threadsChangeNoBit() throws {
    let before = Torch.threads
    defer { Torch.threads = before }
    let trained = [1, 2, 3, 7].map { threads -> [[Float]] in
      Torch.threads = threads
      let network = Network(seed: 3)
      let (parts, optimizer) = (parts(network, size: 8), AdamW(network.parameters, rate: 1e-2))
      for _ in 0..<3 {
        _ = backward(parts)
        optimizer.step(clipping: 0.1)
      }
      return network.parameters.map(\.tensor.floats)
    }
    for other in trained.dropFirst() { #expect(other == trained[0]) }
  }

  @Test("A loss that is not finite leaves no gradient") func aLossThatIsNotFiniteLeavesNoGradient() {
    let network = Network(seed: 3)
    #expect(!backward(parts(network, size: 8), scale: .nan).isFinite)
    #expect(network.parameters.allSatisfy { $0.tensor.gradient == nil })
  }
}
