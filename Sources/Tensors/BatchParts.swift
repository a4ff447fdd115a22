import CTorch
import Synchronization

/// A batch's gradient, computed in parts of a fixed size: one thread a part, several parts at once.
///
///     let parts = BatchParts(network.parameters, size: 8) { let copy = Network(); return (copy, copy.parameters) }
///     let loss = parts.backward(batch: 32) { copy, range in copy.error(of: range) }
///     optimizer.step()
///
/// An operation that is divided among threads adds up in an order that depends on their number. Parts depend on the
/// batch alone, and theirs are added one after another: a training is the same to the last bit on one core and on many.
/// On an accelerator the whole batch is one part.
package final class BatchParts<Network: Sendable> {
  /// The most members of a batch in a part.
  package let size: Int
  private let parameters: [Parameter]
  private let make: () -> (network: Network, parameters: [Parameter])
  private var copies: [(network: Network, parameters: [Parameter])] = []

  /// Divides batches into parts of at most `size` members.
  ///
  /// - Parameters:
  ///   - parameters: The learned parameters, which receive the gradients.
  ///   - make: A new network with the same parameters in the same order. Its elements are replaced by the learned ones.
  package init(_ parameters: [Parameter], size: Int, make: @escaping () -> (network: Network, parameters: [Parameter]))
  {
    precondition(size > 0, "a part has at least one member")
    self.parameters = parameters
    self.size = size
    self.make = make
  }

  /// Computes the gradient of the sum of all parts' losses.
  ///
  /// - Parameter loss: A part's share of the batch's loss; takes a network that no other part uses and the part's range.
  /// - Returns: The sum; if it is not finite, no gradient is left.
  package func backward(batch: Int, _ loss: @Sendable (Network, Range<Int>) -> Tensor) -> Double {
    let size = Torch.device == .cpu ? size : max(1, batch)
    let ranges = stride(from: 0, to: batch, by: size).map { $0..<min(batch, $0 + size) }
    while copies.count < ranges.count { copies.append(copied()) }
    let networks = copies.prefix(ranges.count).map(\.network)
    let losses = Mutex([Double](repeating: 0, count: ranges.count))
    Torch.concurrently(ranges.count) { part in
      let value = loss(networks[part], ranges[part])
      let number = value.scalar
      if number.isFinite { value.backward() }
      losses.withLock { $0[part] = number }
    }
    let sum = losses.withLock { $0.reduce(0, +) }
    for copy in copies.prefix(ranges.count) {
      if sum.isFinite {
        move(from: copy.parameters)
      } else {
        copy.parameters.clearGradients()
      }
    }
    return sum
  }

  private func copied() -> (network: Network, parameters: [Parameter]) {
    let copy = make()
    precondition(copy.parameters.map(\.name) == parameters.map(\.name), "a copy has the learned parameters")
    if !ct_share(copy.parameters.handles, parameters.handles, parameters.count) { Torch.fail() }
    return copy
  }

  private func move(from copies: [Parameter]) {
    if !ct_move_gradients(parameters.handles, copies.handles, parameters.count) { Torch.fail() }
  }
}
