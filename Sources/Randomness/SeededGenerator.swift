/// A small, fast, seeded generator (xoshiro256++), so that a seed gives the same bytes on every platform.
///
///     var random = SeededGenerator(seed: Seed.derive(run, "generation", 3, "clip-17", "sampling"))
///     let roll = Double.random(in: 0..<1, using: &random)
///
/// Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021), 10.1145/3460772.
/// Not for cryptography.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state: [UInt64]
  private var spareNormal: Double?

  /// Expands `seed` into the generator's 256-bit state by SplitMix64.
  public init(seed: UInt64) {
    var mixer = seed
    state = (0..<4).map { _ in SeededGenerator.splitMix(&mixer) }
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = SeededGenerator.rotate(state[0] &+ state[3], 23) &+ state[0]
    let shifted = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = SeededGenerator.rotate(state[3], 45)
    return result
  }

  /// A uniform number in `[0, 1)` with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number (Marsaglia's polar method).
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let (u, v) = (2 * uniform() - 1, 2 * uniform() - 1)
      let s = u * u + v * v
      guard s > 0, s < 1 else { continue }
      let factor = (-2 * Logarithm.natural(s) / s).squareRoot()
      spareNormal = v * factor
      return u * factor
    }
  }

  static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private static func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
}
