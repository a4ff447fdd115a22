import Foundation
import Tensors

/// Every class's mean and deviation of every coefficient, and last those of all: what is known before any network.
///
/// Classes with few windows are drawn towards the whole: a class counts as its windows over ``overlap``, since windows
/// overlap and are mirrored, against ``strength``. Deviations are 1.2533 times the mean absolute value, which is the
/// same for normal numbers; the root of the mean square is several times larger for motion's heavy tails, and noise of
/// that size makes motions shake.
struct ClassPrior: Sendable {
  /// `[classes + 1, ...]`.
  let mean: Tensor
  /// `[classes + 1, ...]`, positive.
  let deviation: Tensor

  private static let overlap = 6.0
  private static let strength = 5.0

  init(mean: Tensor, deviation: Tensor) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Fitted to centred data `[windows, ...]`; labels without a class (of unlabelled windows) count for the whole alone.
  init(fitting data: Tensor, labels: [Int], classes: Int) {
    func spread(_ x: Tensor) -> Tensor { x.magnitude().mean(0) * (Double.pi / 2).squareRoot() }
    let largest = data.squared().mean(0).max().scalar.squareRoot()
    let whole = spread(data).clamped(from: max(1e-6, largest * 1e-4))
    var (means, deviations) = ([Tensor](), [Tensor]())
    for label in 0..<classes {
      let members = labels.indices.filter { labels[$0] == label }
      guard !members.isEmpty else {
        means.append(whole * 0)
        deviations.append(whole)
        continue
      }
      let own = data.gathered(0, Tensor(indices: members))
      let weight = Double(members.count) / Self.overlap
      let share = weight / (weight + Self.strength)
      let mean = own.mean(0) * share
      // What all share is the shape over frequencies; how large the motion is, is the class's own.
      let logarithm = spread(own - mean).clamped(from: 1e-6).log()
      let size = (logarithm - whole.log()).mean().scalar
      means.append(mean)
      deviations.append((logarithm * share + (whole.log() + size) * (1 - share)).exp())
    }
    mean = Tensor.stacked(means + [whole * 0])
    deviation = Tensor.stacked(deviations + [whole])
  }
}
