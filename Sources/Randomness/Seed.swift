import Foundation

/// Derives the seed of one purpose from a run's seed, so that order, threads and shards change no result.
///
///     let seed = Seed.derive(spec.seed, "generation", 2, clip.id, "corrector")
public enum Seed {
  /// A 64-bit seed that depends on `root` and on every part's text, in order (FNV-1a, then SplitMix64).
  ///
  /// Parts are joined by a separator that no part may hide: `("ab", "c")` and `("a", "bc")` differ.
  public static func derive(_ root: UInt64, _ parts: any CustomStringConvertible...) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func absorb(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    for shift in stride(from: 0, to: 64, by: 8) { absorb(UInt8(truncatingIfNeeded: root >> UInt64(shift))) }
    for part in parts {
      for byte in part.description.utf8 { absorb(byte) }
      absorb(0x1F)
    }
    return SeededGenerator.splitMix(&hash)
  }
}

enum Logarithm {
  static func natural(_ x: Double) -> Double { Foundation.log(x) }
}
