import Foundation

extension DataPrior {
  /// The spectrum map: gives a set of samples the means, the spread and the energy of the real windows.
  ///
  /// A model that learns from its own samples loses energy and fine detail with every generation, like a low-pass
  /// filter; this is the filter's inverse. The set's Gaussian is carried onto the real windows' by optimal transport in
  /// their leading principal components, and in all others amplitudes are matched frequency by frequency. Actions have
  /// their own means; spread is shared, since an action has few windows.
  ///
  /// The smaller a set is, the less its own mean and single amplitudes count. A single motion is mapped by amplitudes alone.
  ///
  /// - Throws: A `SurefootError` for windows that cannot be fitted on.
  public static func spectrum(
    fittedOn windows: [LabelledMotion], gamma: Double = .infinity, isLeak: Bool = false,
    body: CorrectorBody = CorrectorBody()
  ) throws -> DataPrior {
    try DataPrior(fittedOn: windows, gamma: gamma, isLeak: isLeak, body: body) { _ in SpectrumMap() }
  }
}

/// See ``DataPrior/spectrum(fittedOn:gamma:isLeak:body:)``.
struct SpectrumMap: LatentMap {
  let word = "spectrum"
  /// The most leading components.
  private static let leading = 12
  /// An action's mean over so many motions counts half.
  private static let caution = 4.0
  /// A coefficient's amplitude in so many motions counts half against its frequency's.
  private static let coefficientCaution = 16.0
  /// The most that an amplitude is raised or lowered.
  private static let largestGain = 4.0

  func targets(of samples: [[Double]], actions: [String?], in group: WindowGroups.Group) -> [[Double]] {
    let windows = group.latents
    let real = Statistics(windows, group.actions.map { $0 }, toward: LatentMath.mean(windows), weight: 1)
    // A single sample's mean is itself and says nothing of the set's; what is not taken back of a mean is stretched with
    // the rest, so that the weight must soon be near 1.
    let weight = 1 - 1 / Double(samples.count)
    let own = Statistics(samples, actions, toward: real.mean, weight: weight)
    let centredReal = zip(windows, group.actions).map { LatentMath.minus($0, real.mean(of: $1)) }
    let centred = zip(samples, actions).map { LatentMath.minus($0, own.mean(of: $1)) }

    let most = min(Self.leading, windows.count / 5, samples.count / 5)
    let directions = LatentMath.directions(of: centredReal, most: most)
    let realScores = centredReal.map { LatentMath.scores($0, directions) }
    let scores = centred.map { LatentMath.scores($0, directions) }
    let transport = GaussianTransport(from: scores, to: realScores, largestGain: Self.largestGain)
    let realRest = zip(centredReal, realScores).map {
      LatentMath.minus($0, LatentMath.combined($1, directions, count: $0.count))
    }
    let rest = zip(centred, scores).map { LatentMath.minus($0, LatentMath.combined($1, directions, count: $0.count)) }
    let gains = gains(from: rest, to: realRest, width: group.space.width)

    return samples.indices.map { index in
      var target = real.mean(of: actions[index])
      for (place, value) in rest[index].enumerated() { target[place] += gains[place] * value }
      let lead = LatentMath.combined(transport.apply(scores[index]), directions, count: target.count)
      for (place, value) in lead.enumerated() { target[place] += value }
      return target
    }
  }

  /// The factor of every coefficient that brings its amplitude in a set to that in another.
  private func gains(from set: [[Double]], to real: [[Double]], width: Int) -> [Double] {
    let (own, wanted) = (LatentMath.meanSquare(set), LatentMath.meanSquare(real))
    let least = 1e-12 * max(wanted.reduce(0, +), 1e-12)
    let count = Double(min(set.count, real.count))
    let trust = count / (count + Self.coefficientCaution)
    var gains = [Double](repeating: 1, count: own.count)
    for start in stride(from: 0, to: own.count, by: width) {
      let range = start..<start + width
      let (had, wants) = (own[range].reduce(0, +), wanted[range].reduce(0, +))
      guard had > least else { continue }
      let whole = log(max(wants, least) / had)
      for place in range {
        let single = own[place] > least ? log(max(wanted[place], least) / own[place]) : whole
        let gain = exp(0.5 * (trust * single + (1 - trust) * whole))
        gains[place] = min(Self.largestGain, max(1 / Self.largestGain, gain))
      }
    }
    return gains
  }

  /// The means of a set and of each of its actions.
  private struct Statistics {
    let mean: [Double]
    private var offsets: [String: [Double]] = [:]

    /// - Parameters:
    ///   - other: What the set's mean is drawn to where its weight is below 1.
    init(_ latents: [[Double]], _ actions: [String?], toward other: [Double], weight: Double) {
      let plain = LatentMath.mean(latents)
      mean = zip(plain, other).map { weight * $0 + (1 - weight) * $1 }
      for action in Set(actions.compactMap { $0 }) {
        let members = latents.indices.filter { actions[$0] == action }.map { latents[$0] }
        let share = Double(members.count) / (Double(members.count) + SpectrumMap.caution)
        offsets[action] = zip(LatentMath.mean(members), plain).map { share * ($0 - $1) }
      }
    }

    /// The mean of an action; of all for one without a label or unknown.
    func mean(of action: String?) -> [Double] {
      guard let offset = action.flatMap({ offsets[$0] }) else { return mean }
      return zip(mean, offset).map { $0 + $1 }
    }
  }
}
