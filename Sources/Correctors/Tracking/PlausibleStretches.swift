import Dynamics
import Kinematics

/// Where a motion needs no simulation: floor contact alone explains it, as well as it explains the simulated motion.
///
///     let alone = PlausibleStretches(of: cleaned, body: body, tolerance: 0.05)
///     let result = alone.isWhole ? cleaned : alone.compared(with: simulated).merge(with: simulated)
///
/// A simulation follows its reference with an error of its own: its controls are piecewise linear and its contacts more
/// abrupt than a person's. Against force plates, real walking and running are nearer to the measured forces before
/// they are simulated than after. So the motion is kept where inverse dynamics finds a small residual, and the
/// simulation takes its place elsewhere, with transitions of half a second.
///
/// A frame is kept where, within tolerances,
/// - the residual wrench, averaged over 0.2 s, is small, or hardly larger than in the simulated frame,
/// - no part of the body is in the floor, and the lowest point is no higher above it than in the simulated frame,
/// - parts of the body overlap and joints exceed their limits no more than in the simulated frame.
struct PlausibleStretches {
  /// The share of the cleaned motion in the result, a frame, in 0...1.
  let shares: [Double]
  private let cleaned: PosedMotion
  let figures: [FrameFigures]
  private let body: BodyModel
  private let tolerance: Double

  /// Residuals are averaged over this [s].
  static let window = 0.2
  /// From one motion to the other [s].
  static let transition = 0.5
  /// Stretches shorter than this, transitions included, are simulated [s].
  static let shortest = 1.5

  /// Where a cleaned motion is plausible by itself.
  ///
  /// - Parameter tolerance: A residual up to this is small [body weights].
  init(of cleaned: PosedMotion, body: BodyModel, tolerance: Double) {
    let figures = FrameFigures.all(of: cleaned, body: body)
    let perfect = [FrameFigures](repeating: .perfect, count: figures.count)
    self.init(cleaned, figures, against: perfect, body, tolerance)
  }

  private init(
    _ cleaned: PosedMotion, _ figures: [FrameFigures], against others: [FrameFigures], _ body: BodyModel,
    _ tolerance: Double
  ) {
    let isPlausible = zip(figures, others).map { $0.isAsGood(as: $1, tolerance: tolerance) }
    shares = Self.shares(isPlausible, rate: 1 / cleaned.motion.frameTime)
    (self.cleaned, self.figures, self.body, self.tolerance) = (cleaned, figures, body, tolerance)
  }

  /// Where the motion is as plausible as its simulation, frame by frame.
  func compared(with simulated: PosedMotion) -> PlausibleStretches {
    PlausibleStretches(cleaned, figures, against: FrameFigures.all(of: simulated, body: body), body, tolerance)
  }

  /// Whether no frame of the cleaned motion is kept.
  var isEmpty: Bool { shares.allSatisfy { $0 == 0 } }

  /// Whether the whole motion is kept.
  var isWhole: Bool { shares.allSatisfy { $0 == 1 } }

  /// The frames that are not kept as they are, in ranges that are longer by a margin at either end.
  ///
  /// A comparison with a simulated motion keeps these frames or fewer of them, so that nothing else has to be simulated.
  func simulatedRanges(margin: Double) -> [Range<Int>] {
    let reach = Int((margin / cleaned.motion.frameTime).rounded(.up))
    var ranges: [Range<Int>] = []
    for run in shares.map({ $0 < 1 }).runs(of: true) {
      let range = max(0, run.lowerBound - reach)..<min(shares.count, run.upperBound + reach)
      if let last = ranges.last, last.upperBound >= range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        ranges.append(range)
      }
    }
    return ranges
  }

  /// The cleaned motion in its stretches, the simulated one elsewhere.
  func merge(with simulated: PosedMotion) -> PosedMotion {
    var result = simulated
    for (index, share) in shares.enumerated() where share > 0 {
      result.setPose(
        share == 1 ? cleaned.poses[index] : simulated.poses[index].interpolated(to: cleaned.poses[index], share),
        at: index)
    }
    return result
  }

  /// A sentence for the report: which stretches were kept.
  var note: String {
    let tenths = { (frame: Int) in (Double(frame) * cleaned.motion.frameTime * 10).rounded() / 10 }
    let stretches = shares.map { $0 == 1 }.runs(of: true)
    let listed = stretches.prefix(8).map { "\(tenths($0.lowerBound))-\(tenths($0.upperBound))" }.joined(separator: ", ")
    let count = stretches.reduce(0) { $0 + $1.count }
    let percent = 100 * count / max(1, shares.count)
    let residual = stretches.joined().reduce(0) { $0 + figures[$1].residual } / Double(max(1, count))
    return "\(percent) % of the frames needed no simulation, since floor contact explains them (\(listed)"
      + (stretches.count > 8 ? ", ..." : "") + " s): a residual of \((residual * 1000).rounded() / 1000) body weights."
  }

  /// Shares that are above 0 in long enough plausible stretches only, and change smoothly.
  private static func shares(_ isPlausible: [Bool], rate: Double) -> [Double] {
    let count = isPlausible.count
    var shares = [Double](repeating: 0, count: count)
    let width = max(1, Int((transition * rate).rounded()))
    let least = Int((shortest * rate).rounded())
    for run in isPlausible.runs(of: true) where run.count >= least || run.count == count {
      for index in run {
        let fromStart = run.lowerBound == 0 ? width : index - run.lowerBound + 1
        let toEnd = run.upperBound == count ? width : run.upperBound - index
        shares[index] = smoothStep(Double(min(width, fromStart, toEnd)) / Double(width))
      }
    }
    return shares
  }

  /// From 0 to 1 with no velocity and no acceleration at either end.
  private static func smoothStep(_ x: Double) -> Double { x >= 1 ? 1 : x * x * x * (10 + x * (6 * x - 15)) }
}

/// What decides whether a frame is plausible.
struct FrameFigures {
  /// The residual wrench, averaged over ``PlausibleStretches/window`` [body weights].
  var residual: Double
  /// The lowest point's height above the floor [m].
  var low: Double
  /// The deepest overlap of two parts of the body [m].
  var overlap: Double
  /// The largest excess over a joint's limit [degrees].
  var excess: Double

  /// Depths and overlaps up to this are as good as none [m].
  private static let depthTolerance = 0.005
  /// A height that a frame may have more than another [m]; what carries the body without touching the floor shows in the
  /// residual.
  private static let heightTolerance = 0.02
  /// An excess over a joint's limit up to this is as good as none: people differ, and the limits are means [degrees].
  private static let limitTolerance = 5.0
  /// A residual that is larger by this factor is as good.
  private static let residualFactor = 1.1
  /// The smoothing of accelerations spreads a contact's force over this time before and after it [s].
  private static let contactSpread = 2 * InverseDynamics.smoothing
  /// A contact's lowest point is no higher than this [m].
  private static let contactGap = 0.01
  /// Points lower than this may bear the force of a contact that is near in time [m].
  private static let spreadContactHeight = 0.15

  static let perfect = FrameFigures(residual: 0, low: 0, overlap: 0, excess: 0)

  static func all(of motion: PosedMotion, body: BodyModel) -> [FrameFigures] {
    let limits = JointLimits(body: body)
    let frameTime = motion.motion.frameTime
    let states = motion.poses.indices.map { body.state(of: motion.frames(at: $0)) }
    let lows = states.map { body.lowestPoint(in: $0) }
    let residuals = residuals(of: states, lows: lows, frameTime: frameTime, body: body)
    let reach = Int((0.5 * PlausibleStretches.window / frameTime).rounded())
    return states.indices.map { index in
      let near = residuals[max(0, index - reach)...min(residuals.count - 1, index + reach)]
      return FrameFigures(
        residual: near.reduce(0, +) / Double(near.count), low: lows[index],
        overlap: body.selfPenetration(in: states[index]),
        excess: limits.excesses(in: states[index]).map(\.degrees).max() ?? 0)
    }
  }

  /// Inverse dynamics' residuals, where a contact that begins or ends within the smoothing's reach may bear force.
  ///
  /// Without that, a real run has a residual of 0.19 body weights around its flights, where smoothed accelerations and
  /// unsmoothed contacts disagree; with it 0.02.
  private static func residuals(
    of states: [BodyState], lows: [Double], frameTime: Double, body: BodyModel
  ) -> [Double] {
    let both = InverseDynamics.residuals(
      of: states, frameTime: frameTime, body: body,
      contactHeights: [InverseDynamics.contactHeight, spreadContactHeight])
    let (here, near) = (both[0], both[1])
    let reach = Int((contactSpread / frameTime).rounded())
    return states.indices.map { index in
      let lowest = lows[max(0, index - reach)...min(lows.count - 1, index + reach)].min() ?? 0
      return lowest <= contactGap ? min(here[index], near[index]) : here[index]
    }
  }

  func isAsGood(as other: FrameFigures, tolerance: Double) -> Bool {
    residual <= max(tolerance, Self.residualFactor * other.residual)
      && low >= min(-Self.depthTolerance, other.low)
      && (low <= other.low + Self.heightTolerance || residual <= tolerance)
      && overlap <= max(Self.depthTolerance, other.overlap) && excess <= max(Self.limitTolerance, other.excess)
  }
}
