import Foundation

/// Numbers in the byte order of every binary motion format.
extension [UInt8] {
  /// Appends an integer, lowest byte first.
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends a single-precision number.
  mutating func append(float32 value: Double) { append(littleEndian: Float(value).bitPattern) }

  /// Appends a double-precision number.
  mutating func append(float64 value: Double) { append(littleEndian: value.bitPattern) }

  /// The unsigned integer of `Value` at `start`.
  ///
  /// - Precondition: The bytes are there.
  func littleEndian<Value: FixedWidthInteger & UnsignedInteger>(_ type: Value.Type, at start: Int) -> Value {
    var value: Value = 0
    for offset in (0..<MemoryLayout<Value>.size).reversed() { value = value << 8 | Value(self[start + offset]) }
    return value
  }
}
