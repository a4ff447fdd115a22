import CTorch
package import Support

/// A seeded stream of random tensors. Every user has its own, so that no two disturb each other.
///
///     let stream = RandomStream(seed: 7)
///     let noise = stream.normal([8, 60, 142])
///
/// The same seed and the same calls give the same numbers for every number of threads. Its ``state`` can be stored and
/// set, after which it goes on as if nothing had happened.
///
/// Sendable without the compiler's check, because the handle is a pointer: libtorch's generator has a lock that every
/// call here takes. Draws from several threads are safe, but their order decides who receives which numbers.
package final class RandomStream: @unchecked Sendable {
  private let handle: ct_generator

  /// A stream that depends on `seed` alone.
  package init(seed: UInt64) {
    Torch.prepare()
    guard let handle = ct_generator_make(seed) else { Torch.fail() }
    self.handle = handle
  }

  deinit { ct_generator_free(handle) }

  /// Standard normal numbers, `float32`, by default on ``Torch/device``.
  package func normal(_ shape: [Int], on device: Device = Torch.device) -> Tensor {
    Tensor(ct_normal(handle, shape.wide, shape.count, device.code))
  }

  /// Uniform numbers in `[0, 1)`, `float32`.
  package func uniform(_ shape: [Int]) -> Tensor { Tensor(ct_uniform(handle, shape.wide, shape.count)) }

  /// `x` with each element zeroed with probability `p` and the others scaled by `1 / (1 - p)`.
  ///
  /// Srivastava et al., "Dropout", JMLR 15 (2014). `p` is kept to 2^-16.
  package func dropout(_ x: Tensor, _ p: Double) -> Tensor {
    precondition((0..<1).contains(p), "a dropout probability is at least 0 and less than 1, not \(p)")
    return p == 0 ? x : Tensor(ct_dropout(x.handle, p, handle))
  }

  /// The state that decides the numbers to come, for storing.
  package var state: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: ct_generator_state_size(handle))
    if !ct_generator_state(handle, &bytes, bytes.count) { Torch.fail() }
    return bytes
  }

  /// Goes on from a stored ``state``.
  ///
  /// - Throws: ``SurefootError`` if the bytes are not a state of this libtorch's generator.
  package func restore(_ state: [UInt8]) throws(SurefootError) {
    guard ct_generator_set_state(handle, state, state.count) else {
      throw SurefootError(.invalidState, message: "\(state.count) bytes are not a random stream's state")
    }
  }
}
