import Foundation
import Support

/// Histograms of two or more sets over one axis, as SVG.
struct Histogram: Sendable {
  let title: String
  /// What is on the axis.
  let unit: String
  let sets: [(name: String, colour: Int, values: [Double])]
  private let frame = ChartFrame(height: 190)

  init(title: String, unit: String, sets: [(name: String, colour: Int, values: [Double])]) {
    self.title = title
    self.unit = unit
    self.sets = sets
  }

  /// The chart; nothing if no set has a finite value.
  ///
  /// The axis ends at the 98th percentile of all values: the last bar holds everything beyond.
  var svg: HTML? {
    let all = sets.flatMap(\.values).filter(\.isFinite).sorted()
    guard let least = all.first, let most = all.last else { return nil }
    let top = max(all[Int(0.98 * Double(all.count - 1))], least + 1e-9)
    let count = 24
    let x = Scale(covering: [least, top], from: frame.left, to: frame.right, includingZero: true)
    let span = x.domain.upperBound - x.domain.lowerBound
    let bars = sets.map { set -> [Double] in
      var shares = [Double](repeating: 0, count: count)
      let values = set.values.filter(\.isFinite)
      for value in values {
        let place = Int(Double(count) * min(value - x.domain.lowerBound, span) / span)
        shares[min(count - 1, max(0, place))] += 100 / Double(values.count)
      }
      return shares
    }
    let y = Scale(covering: bars.flatMap { $0 }, from: frame.bottom, to: frame.top, includingZero: true)
    let ends = (0...count).map { x.domain.lowerBound + span * Double($0) / Double(count) }
    var parts = frame.horizontal(y, suffix: " %") + frame.ticks(x)
    for (set, shares) in zip(sets, bars) {
      var points = ["\(frame.n(x(ends[0]))),\(frame.n(frame.bottom))"]
      for (index, share) in shares.enumerated() {
        points.append("\(frame.n(x(ends[index]))),\(frame.n(y(share)))")
        points.append("\(frame.n(x(ends[index + 1]))),\(frame.n(y(share)))")
      }
      points.append("\(frame.n(x(ends[count]))),\(frame.n(frame.bottom))")
      let name = HTML.element("title", [], HTML("\(set.name): \(set.values.count) clips"))
      let path = points.joined(separator: " ")
      parts.append(.element("polygon", [("class", "band s\(set.colour)"), ("points", path)], name))
      parts.append(.element("polyline", [("class", "curve s\(set.colour)"), ("points", path)]))
    }
    let beyond = most > x.domain.upperBound ? "; the last bar holds up to \(Numbers.short(most))" : ""
    parts.append(frame.caption(unit + beyond))
    return frame.svg(title: title, parts)
  }
}
