public import Foundation

/// The SHA-256 digest of some bytes (FIPS 180-4): names the content of clips, datasets and checkpoints in ledgers.
public enum SHA256 {
  /// The digest as 64 hexadecimal digits.
  public static func hexadecimal(of data: some Sequence<UInt8>) -> String {
    var hash = initial
    var bytes = Array(data)
    let bits = UInt64(8 * bytes.count)
    bytes.append(0x80)
    bytes += Array(repeating: 0, count: (120 - bytes.count % 64) % 64)
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
    var schedule = [UInt32](repeating: 0, count: 64)
    for block in stride(from: 0, to: bytes.count, by: 64) { absorb(bytes, block, into: &hash, &schedule) }
    return hash.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// The digest of a file's bytes.
  public static func hexadecimal(ofFile url: URL) throws(SurefootError) -> String {
    do {
      return hexadecimal(of: try Data(contentsOf: url))
    } catch {
      throw SurefootError(file: url.path, message: "cannot be read (\(error.localizedDescription))")
    }
  }

  /// Takes in the 64 bytes from `start`; `w` is room for their schedule.
  private static func absorb(_ bytes: [UInt8], _ start: Int, into hash: inout [UInt32], _ w: inout [UInt32]) {
    for i in 0..<16 {
      let k = start + 4 * i
      w[i] = UInt32(bytes[k]) << 24 | UInt32(bytes[k + 1]) << 16 | UInt32(bytes[k + 2]) << 8 | UInt32(bytes[k + 3])
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
    for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { hash[i] &+= word }
  }

  private static func rotate(_ x: UInt32, _ k: UInt32) -> UInt32 { (x >> k) | (x << (32 - k)) }

  /// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
  private static let initial: [UInt32] = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = primes.map { fraction(cbrt(Double($0))) }

  private static func fraction(_ x: Double) -> UInt32 { UInt32((x - x.rounded(.down)) * 0x1p32) }

  private static let primes: [Int] = {
    var found: [Int] = []
    var candidate = 2
    while found.count < 64 {
      if found.allSatisfy({ !candidate.isMultiple(of: $0) }) { found.append(candidate) }
      candidate += 1
    }
    return found
  }()
}
