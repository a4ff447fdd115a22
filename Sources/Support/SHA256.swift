public import Foundation

/// The SHA-256 digest of some bytes (FIPS 180-4): names the content of clips, datasets and checkpoints in ledgers.
public enum SHA256 {
  /// The digest as 64 hexadecimal digits.
  ///
  /// - Complexity: O(bytes), without a copy of data that is contiguous, as `Data` and arrays are.
  public static func hexadecimal(of data: some Sequence<UInt8>) -> String {
    data.withContiguousStorageIfAvailable { digest(UnsafeRawBufferPointer($0)) }
      ?? Array(data).withUnsafeBytes { digest($0) }
  }

  /// The digest of a file's bytes.
  public static func hexadecimal(ofFile url: URL) throws(SurefootError) -> String {
    hexadecimal(of: try FileBytes.read(url))
  }

  private static func digest(_ bytes: UnsafeRawBufferPointer) -> String {
    let whole = bytes.count / 64 * 64
    // The rest, a 1 bit, zeros, and the number of bits: one block or two.
    var tail = Array(bytes[whole...]) + [0x80]
    tail += Array(repeating: 0, count: (120 - tail.count % 64) % 64)
    tail += (0..<8).map { UInt8(truncatingIfNeeded: UInt64(8 * bytes.count) >> UInt64(56 - 8 * $0)) }
    var hash = initial
    constants.withUnsafeBufferPointer { constants in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
        for block in stride(from: 0, to: whole, by: 64) { absorb(bytes, block, into: &hash, schedule, constants) }
        tail.withUnsafeBytes { tail in
          for block in stride(from: 0, to: tail.count, by: 64) { absorb(tail, block, into: &hash, schedule, constants) }
        }
      }
    }
    return (0..<8).map { index in
      let digits = String(hash[index], radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// Compresses the 64 bytes from `start` into the hash; `w` is space for the message schedule.
  private static func absorb(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, into hash: inout SIMD8<UInt32>,
    _ w: UnsafeMutableBufferPointer<UInt32>, _ constants: UnsafeBufferPointer<UInt32>
  ) {
    for i in 0..<16 {
      w[i] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * i, as: UInt32.self))
    }
    for i in 16..<64 {
      let s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3)
      let s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10)
      w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
    }
    var (a, b, c, d) = (hash[0], hash[1], hash[2], hash[3])
    var (e, f, g, h) = (hash[4], hash[5], hash[6], hash[7])
    for i in 0..<64 {
      let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ constants[i] &+ w[i]
      let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e) = (g, f, e, d &+ t1)
      (d, c, b, a) = (c, b, a, t1 &+ t2)
    }
    hash &+= SIMD8(a, b, c, d, e, f, g, h)
  }

  private static func rotate(_ x: UInt32, _ k: UInt32) -> UInt32 { (x >> k) | (x << (32 - k)) }

  /// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
  private static let initial = SIMD8<UInt32>(primes.prefix(8).map { fraction(Double($0).squareRoot()) })
  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = primes.map { fraction(cbrt(Double($0))) }

  private static func fraction(_ x: Double) -> UInt32 { UInt32((x - x.rounded(.down)) * 0x1p32) }

  private static let primes: [Int] = {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < 64 {
      if primes.allSatisfy({ !candidate.isMultiple(of: $0) }) { primes.append(candidate) }
      candidate += 1
    }
    return primes
  }()
}
