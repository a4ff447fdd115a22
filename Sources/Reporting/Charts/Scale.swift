import Foundation

/// A linear map from values to places on a chart.
struct Scale: Sendable {
  let domain: ClosedRange<Double>
  private let from: Double
  private let to: Double

  /// Exactly a range of values.
  init(exactly domain: ClosedRange<Double>, from: Double, to: Double) {
    self.domain = domain
    self.from = from
    self.to = to
  }

  /// From the ticks below to the ticks above some values.
  init(covering values: [Double], from: Double, to: Double, includingZero: Bool) {
    let low = min(includingZero ? 0 : .infinity, values.min() ?? 0)
    var high = max(includingZero ? 0 : -.infinity, values.max() ?? 1)
    if high <= low { high = low + 1 }
    let step = Scale.step(for: high - low)
    self.init(
      exactly: (low / step).rounded(.down) * step...(high / step).rounded(.up) * step, from: from, to: to)
  }

  func callAsFunction(_ value: Double) -> Double {
    let share = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return from + (to - from) * min(1, max(0, share))
  }

  /// Round values to draw lines at.
  var ticks: [Double] {
    let step = Scale.step(for: domain.upperBound - domain.lowerBound)
    let first = Int((domain.lowerBound / step).rounded(.up))
    let last = Int((domain.upperBound / step + 1e-9).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// 1, 2 or 5 times a power of ten, for about five ticks.
  static func step(for span: Double) -> Double {
    let rough = span / 5
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
    return factor * power
  }
}
