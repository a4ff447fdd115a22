import Foundation

/// One axis of a chart: which coordinate a value has, and where the round ticks are.
///
///     let y = Axis(covering: [0.2, 3.7], from: 198, to: 12, includingZero: true)
///     print(y.ticks, y(0.2) ?? .nan)                         // [0, 1, 2, 3, 4]
struct Axis: Sendable {
  /// The values at both ends; of a logarithmic axis, their decimal logarithms.
  let domain: ClosedRange<Double>
  let isLogarithmic: Bool
  private let from: Double
  private let to: Double

  /// Exactly a range of values, drawn between two coordinates.
  init(exactly domain: ClosedRange<Double>, from: Double, to: Double, isLogarithmic: Bool = false) {
    self.domain = domain
    self.isLogarithmic = isLogarithmic
    self.from = from
    self.to = to
  }

  /// From the tick below the values to the tick above them.
  init(covering values: [Double], from: Double, to: Double, includingZero: Bool) {
    let low = min(includingZero ? 0 : .infinity, values.min() ?? 0)
    var high = max(includingZero ? 0 : -.infinity, values.max() ?? 1)
    if high <= low { high = low + 1 }
    let step = Axis.step(for: high - low)
    self.init(exactly: (low / step).rounded(.down) * step...(high / step).rounded(.up) * step, from: from, to: to)
  }

  /// A little beyond the values that the axis can show: finite ones, and positive ones if it is logarithmic.
  init(around values: [Double], from: Double, to: Double, isLogarithmic: Bool) {
    let places = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }.map { isLogarithmic ? log10($0) : $0 }
    let (low, high) = (places.min() ?? 0, places.max() ?? 1)
    let margin = high > low ? 0.03 * (high - low) : 0.5
    self.init(exactly: low - margin...high + margin, from: from, to: to, isLogarithmic: isLogarithmic)
  }

  /// The coordinate of a value, clamped to the axis; none if the axis cannot show it.
  func callAsFunction(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let place = isLogarithmic ? log10(value) : value
    let share = (place - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return from + (to - from) * min(1, max(0, share))
  }

  /// Round values within the domain, about five; powers of ten on a logarithmic axis of more than a decade.
  var ticks: [Double] {
    let span = domain.upperBound - domain.lowerBound
    let step = isLogarithmic && span > 1 ? 1 : Axis.step(for: span)
    let first = (domain.lowerBound / step - 1e-9).rounded(.up)
    let last = (domain.upperBound / step + 1e-9).rounded(.down)
    guard first <= last else { return [] }
    return stride(from: first, through: last, by: 1).map { isLogarithmic ? pow(10, $0 * step) : $0 * step }
  }

  /// Whole numbers within the domain, at most nine.
  var wholeTicks: [Double] {
    let step = max(1, ((domain.upperBound - domain.lowerBound) / 8).rounded(.down))
    return Array(stride(from: domain.lowerBound.rounded(.down), through: domain.upperBound, by: step))
  }

  /// 1, 2 or 5 times a power of ten, for about five ticks.
  static func step(for span: Double) -> Double {
    let rough = span / 5
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
    return factor * power
  }
}
