import Support
@testable import Tensors
import Testing

@Suite(.serialized) struct RandomStreamTests {
  @Test("Seed decides") func seedDecides() {
    #expect(RandomStream(seed: 5).normal([64]).floats == RandomStream(seed: 5).normal([64]).floats)
    #expect(RandomStream(seed: 5).normal([64]).floats != RandomStream(seed: 6).normal([64]).floats)
  }

  @Test("State goes on") func stateGoesOn() throws {
    let stream = RandomStream(seed: 5)
    _ = stream.normal([17])
    let state = stream.state
    let expected = (stream.normal([40]).floats, stream.dropout(.ones(100), 0.5).floats)
    let other = RandomStream(seed: 0)
    try other.restore(state)
    #expect(other.normal([40]).floats == expected.0)
    #expect(other.dropout(.ones(100), 0.5).floats == expected.1)
    #expect(throws: SurefootError.self) { try other.restore([1, 2, 3]) }
  }

  @Test("Dropout keeps the mean and ignores threads") func dropoutKeepsTheMeanAndIgnoresThreads() {
    let x = Tensor.ones(400_003)
    let before = Torch.threads
    defer { Torch.threads = before }
    var results: [[Float]] = []
    for threads in [1, 2, 3] {
      Torch.threads = threads
      results.append(RandomStream(seed: 9).dropout(x, 0.1).floats)
    }
    #expect(results[0] == results[1] && results[1] == results[2])
    let zeros = Double(results[0].count { $0 == 0 }) / Double(x.count)
    #expect(abs(zeros - 0.1) < 0.002)
    #expect(results[0].allSatisfy { $0 == 0 || abs($0 - 1 / 0.9) < 1e-6 })
  }
}
