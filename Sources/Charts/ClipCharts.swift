import Support

/// Histograms of two or more sets of clips over one axis.
package struct Histogram: Sendable {
  private let title: String
  private let unit: String
  private let sets: [(name: String, colour: Int, values: [Double])]
  private let bars = 24

  /// A chart of sets whose values are in `unit`.
  package init(title: String, unit: String, sets: [(name: String, colour: Int, values: [Double])]) {
    self.title = title
    self.unit = unit
    self.sets = sets
  }

  /// The chart; nothing if no set has a finite value.
  ///
  /// The axis ends at the 98th percentile of all values: the last bar holds everything beyond.
  package var figure: Markup? {
    let all = sets.flatMap(\.values).filter(\.isFinite).sorted()
    guard let least = all.first, let most = all.last else { return nil }
    let end = max(all[Int(0.98 * Double(all.count - 1))], least + 1e-9)
    let frame = ChartFrame(height: 190)
    let x = Axis(covering: [least, end], from: frame.left, to: frame.right, includingZero: true)
    let shares = sets.map { percentages(of: $0.values.filter(\.isFinite), over: x.domain) }
    let y = Axis(covering: shares.flatMap { $0 }, from: frame.bottom, to: frame.top, includingZero: true)
    let beyond = most > x.domain.upperBound ? "; the last bar holds up to \(Numbers.short(most))" : ""
    return frame.svg(
      title: title,
      frame.rows(y, suffix: " %") + frame.columns(x)
        + zip(sets, shares).flatMap { set, shares -> [Markup] in
          let steps = outline(shares, frame, x, y)
          return [
            frame.polygon(steps, kind: "band s\(set.colour)", title: "\(set.name): \(set.values.count) clips"),
            frame.polyline(steps.map { $0 }, kind: "curve s\(set.colour)"),
          ]
        } + [frame.caption(unit + beyond)])
  }

  private func percentages(of values: [Double], over domain: ClosedRange<Double>) -> [Double] {
    let span = domain.upperBound - domain.lowerBound
    var shares = [Double](repeating: 0, count: bars)
    for value in values {
      let bar = Int(Double(bars) * min(value - domain.lowerBound, span) / span)
      shares[min(bars - 1, max(0, bar))] += 100 / Double(values.count)
    }
    return shares
  }

  /// The steps over the bars, from the axis and back to it.
  private func outline(_ shares: [Double], _ frame: ChartFrame, _ x: Axis, _ y: Axis) -> [(x: Double, y: Double)] {
    let span = x.domain.upperBound - x.domain.lowerBound
    let edges = (0...bars).map { x(x.domain.lowerBound + span * Double($0) / Double(bars)) ?? frame.left }
    var points = [(x: edges[0], y: frame.bottom)]
    for (index, share) in shares.enumerated() {
      let height = y(share) ?? frame.bottom
      points += [(edges[index], height), (edges[index + 1], height)]
    }
    return points + [(edges[bars], frame.bottom)]
  }
}

/// One dot a clip: a figure before against the same after, on equal axes with the line of no change.
package struct ScatterChart: Sendable {
  private let title: String
  private let unit: String
  private let points: [(name: String, before: Double, after: Double)]

  /// A chart of clips whose figure is in `unit`; clips without finite figures are left out.
  package init(title: String, unit: String, points: [(name: String, before: Double, after: Double)]) {
    self.title = title
    self.unit = unit
    self.points = points.filter { $0.before.isFinite && $0.after.isFinite }
  }

  /// The chart; nothing if there is no finite point.
  package var figure: Markup? {
    guard !points.isEmpty else { return nil }
    let frame = ChartFrame(height: 300)
    let all = points.flatMap { [$0.before, $0.after] }
    let x = Axis(covering: all, from: frame.left, to: frame.right, includingZero: true)
    let y = Axis(covering: all, from: frame.bottom, to: frame.top, includingZero: true)
    let dots = points.compactMap { point -> Markup? in
      guard let before = x(point.before), let after = y(point.after) else { return nil }
      return frame.dot(
        before, after, radius: "3", kind: "thin s\(point.after <= point.before ? 2 : 1)",
        title: "\(point.name): \(Numbers.short(point.before)) to \(Numbers.short(point.after)) \(unit)")
    }
    // Both axes have the same domain, so that the line of no change joins their corners.
    let equal = frame.line(frame.left, frame.bottom, frame.right, frame.top, kind: "reference")
    return frame.svg(
      title: title,
      frame.rows(y) + frame.columns(x) + [equal] + dots
        + [frame.caption("before → after (upwards) [\(unit)]; below the line is better")])
  }
}
