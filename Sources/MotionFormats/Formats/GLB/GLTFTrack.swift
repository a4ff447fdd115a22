import Kinematics
import Support

/// One animated property of a node: keys over time.
struct GLTFTrack {
  /// How values go from key to key.
  enum Interpolation: String {
    case linear = "LINEAR"
    case step = "STEP"
    case cubic = "CUBICSPLINE"
  }

  /// Strictly rising [s].
  let times: [Double]
  /// A value a key: `x y z 0`, or a quaternion `x y z w`; for cubic curves the tangent in, the value, the tangent out.
  private let values: [SIMD4<Double>]
  private let interpolation: Interpolation
  private let isRotation: Bool

  /// The track of a channel whose path is `rotation`, `translation` or `scale`.
  init(
    _ sampler: GLTFDocument.Animation.Sampler, path: String, _ numbers: inout GLTFNumbers
  ) throws(SurefootError) {
    let file = numbers.file
    isRotation = path == "rotation"
    guard let interpolation = Interpolation(rawValue: sampler.interpolation ?? "LINEAR") else {
      throw SurefootError(
        file: file, message: "an animation's interpolation is '\(sampler.interpolation?.prefix(30) ?? "")'",
        suggestion: "export it with LINEAR, STEP or CUBICSPLINE")
    }
    self.interpolation = interpolation
    times = try numbers.read(sampler.input, "SCALAR")
    guard times[0] >= 0, zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw SurefootError(file: file, message: "an animation's key times do not rise", suggestion: "export it again")
    }
    let flat = try numbers.read(sampler.output, isRotation ? "VEC4" : "VEC3")
    let width = isRotation ? 4 : 3
    guard flat.count == times.count * width * (interpolation == .cubic ? 3 : 1) else {
      throw SurefootError(
        file: file, message: "an animation has \(times.count) keys and \(flat.count / width) values of \(path)",
        suggestion: "the file is damaged; export it again")
    }
    values = stride(from: 0, to: flat.count, by: width).map {
      SIMD4(flat[$0], flat[$0 + 1], flat[$0 + 2], width == 4 ? flat[$0 + 3] : 0)
    }
    let turns = isRotation ? times.indices.map { key($0) } : []
    guard turns.allSatisfy({ abs(($0 * $0).sum() - 1) < 0.05 }) else {
      throw SurefootError(
        file: file, message: "a rotation key is no rotation", suggestion: "quaternions have length 1; export it again")
    }
  }

  /// The value of a key.
  private func key(_ index: Int) -> SIMD4<Double> { values[interpolation == .cubic ? 3 * index + 1 : index] }

  /// Whether no key differs from the first by more than `tolerance`.
  func isConstant(_ tolerance: Double) -> Bool {
    let first = key(0)
    return times.indices.allSatisfy { index in
      let away = key(index) - first
      return (away * away).sum() <= tolerance * tolerance
    }
  }

  /// The vector at a time.
  func vector(at time: Double) -> SIMD3<Double> {
    let value = value(at: time)
    return SIMD3(value.x, value.y, value.z)
  }

  /// The rotation at a time.
  func rotation(at time: Double) -> Quaternion { Self.quaternion(value(at: time)).normalized }

  private static func quaternion(_ v: SIMD4<Double>) -> Quaternion { Quaternion(w: v.w, x: v.x, y: v.y, z: v.z) }

  /// Held before the first key and after the last.
  private func value(at time: Double) -> SIMD4<Double> {
    // The key at or before `time`; times are single precision in the file, so that a key may lie a little late.
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time + 1e-5 { low = middle + 1 } else { high = middle }
    }
    let index = max(0, low - 1)
    guard index + 1 < times.count, time > times[index] else { return key(index) }
    let span = times[index + 1] - times[index]
    let share = (time - times[index]) / span
    switch interpolation {
    case .step: return key(index)
    case .linear:
      guard isRotation else { return key(index) + (key(index + 1) - key(index)) * share }
      let turn = Self.quaternion(key(index)).interpolated(to: Self.quaternion(key(index + 1)), share)
      return SIMD4(turn.imaginary.x, turn.imaginary.y, turn.imaginary.z, turn.w)
    case .cubic:
      let (t2, t3) = (share * share, share * share * share)
      let (out, into) = (values[3 * index + 2] * span, values[3 * index + 3] * span)
      return key(index) * (2 * t3 - 3 * t2 + 1) + out * (t3 - 2 * t2 + share) + key(index + 1) * (3 * t2 - 2 * t3)
        + into * (t3 - t2)
    }
  }
}

/// At which times an animation is read: keys come evenly from nearly every exporter, but need not.
struct GLTFRate {
  /// The first key [s].
  let start: Double
  let frameTime: Double
  let count: Int
  /// Whether the keys fit no rate.
  let isGuessed: Bool

  /// - Parameters:
  ///   - tracks: At least one.
  ///   - declared: Seconds from key to key, if the file says so.
  ///   - wanted: Frames per second, if the user asks for them.
  init(_ tracks: [GLTFTrack], declared: Double?, wanted: Double?) {
    let start = tracks.map { $0.times[0] }.min() ?? 0
    let end = tracks.compactMap(\.times.last).max() ?? start
    let (frameTime, isGuessed) = Self.frameTime(tracks, start, end, declared: declared, wanted: wanted)
    self.start = start
    self.frameTime = frameTime
    self.isGuessed = isGuessed
    // The reader refuses an absurd length.
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
    // Ten keys a second or fewer are an animator's poses, not frames.
    if isEven, even < 0.099 { return (snapped(even, over: end - start), false) }
    let fits = MotionLimits.usualRates.first { rate in
      tracks.allSatisfy { track in
        track.times.allSatisfy { abs((($0 - start) * rate).rounded() - ($0 - start) * rate) < 0.01 + 1e-6 * end * rate }
      }
    }
    return (1 / (fits ?? 30), fits == nil)
  }

  /// The nearest whole number of frames per second, if the keys' precision allows it.
  private static func snapped(_ frameTime: Double, over length: Double) -> Double {
    let rate = (1 / frameTime).rounded()
    return rate > 0 && abs(1 / rate - frameTime) * length < 1e-6 * length + 1e-6 * frameTime ? 1 / rate : frameTime
  }
}
