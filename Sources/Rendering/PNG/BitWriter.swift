/// Bits packed into bytes, the lowest first, as deflate has them.
struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var pending: UInt64 = 0
  private var count = 0

  /// Adds the lowest `length` bits, the lowest first.
  mutating func write(_ value: Int, _ length: Int) {
    pending |= UInt64(value) << UInt64(count)
    count += length
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      count -= 8
    }
  }

  /// Fills the last byte with zeros.
  mutating func finish() -> [UInt8] {
    if count > 0 { write(0, 8 - count) }
    return bytes
  }
}
