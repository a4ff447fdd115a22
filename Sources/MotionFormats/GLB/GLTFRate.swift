/// At which times an animation is read: keys come evenly from nearly every exporter, but need not.
struct GLTFRate {
  /// The first key [s].
  let start: Double
  let frameTime: Double
  let count: Int
  /// Whether the keys fit no rate.
  let isGuessed: Bool

  /// Rates of cameras, engines and capture.
  private static let usual = [24.0, 25, 30, 48, 50, 60, 72, 90, 100, 120, 144, 180, 240, 250, 300, 360, 480, 500, 1000]

  /// - Parameters:
  ///   - tracks: At least one.
  ///   - declared: Seconds from key to key, if the file says them.
  ///   - wanted: Frames a second that the user asks for.
  init(_ tracks: [GLTFTrack], declared: Double?, wanted: Double?) {
    let start = tracks.map { $0.times[0] }.min() ?? 0
    let end = tracks.compactMap(\.times.last).max() ?? start
    let (frameTime, isGuessed) = Self.frameTime(tracks, start, end, declared: declared, wanted: wanted)
    self.start = start
    self.frameTime = frameTime
    self.isGuessed = isGuessed
    // An absurd length is refused by the reader, not computed.
    count = Int(min(1e9, ((end - start) / frameTime).rounded())) + 1
  }

  private static func frameTime(
    _ tracks: [GLTFTrack], _ start: Double, _ end: Double, declared: Double?, wanted: Double?
  ) -> (Double, isGuessed: Bool) {
    if let wanted { return (1 / wanted, false) }
    let densest = tracks.map(\.times).max { $0.count < $1.count } ?? []
    let even = densest.count > 1 ? (end - start) / Double(densest.count - 1) : 0
    // Single precision leaves less than a microsecond a second.
    let slack = 1e-4 * even + 1e-6 * end
    let isEven = densest.enumerated().allSatisfy { abs(start + Double($0) * even - $1) <= slack }
    if let declared, declared > 1e-6, declared < 1e6,
      densest.count < 2 || (isEven && abs(even / declared - 1) < 0.01)
    {
      return (declared, false)
    }
    guard densest.count > 1 else { return (1 / 30, false) }
    // Ten keys a second or fewer are somebody's poses, not frames.
    if isEven, even < 0.099 { return (snapped(even, over: end - start), false) }
    let fits = usual.first { rate in
      tracks.allSatisfy { track in
        track.times.allSatisfy { abs((($0 - start) * rate).rounded() - ($0 - start) * rate) < 0.01 + 1e-6 * end * rate }
      }
    }
    return (1 / (fits ?? 30), fits == nil)
  }

  /// A whole number of frames a second, where the keys' precision does not tell it from what they say.
  private static func snapped(_ frameTime: Double, over length: Double) -> Double {
    let rate = (1 / frameTime).rounded()
    return rate > 0 && abs(1 / rate - frameTime) * length < 1e-6 * length + 1e-6 * frameTime ? 1 / rate : frameTime
  }
}
