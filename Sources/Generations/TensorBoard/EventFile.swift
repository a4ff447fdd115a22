import Foundation

/// A TensorBoard event file: scalars over steps, as TFRecord frames of `Event` protocol buffers.
///
/// A frame is the length (8 bytes, little endian), its masked CRC-32C, the message, and the message's masked CRC-32C. Of
/// `Event` these fields are written: 1 wall_time (double), 2 step (int64), 3 file_version, 5 summary { 1 value { 1 tag,
/// 2 simple_value (float) } }.
struct EventFile {
  private(set) var data = Data()

  /// An event file without scalars; TensorBoard asks for the version first.
  init(time: Double) {
    var event = Message()
    event.double(1, time)
    event.bytes(3, Data("brain.Event:2".utf8))
    append(event.data)
  }

  /// Adds a scalar at a step.
  mutating func add(_ value: Double, tag: String, step: Int, time: Double) {
    var scalar = Message()
    scalar.bytes(1, Data(tag.utf8))
    scalar.float(2, Float(value))
    var summary = Message()
    summary.bytes(1, scalar.data)
    var event = Message()
    event.double(1, time)
    event.integer(2, UInt64(max(0, step)))
    event.bytes(5, summary.data)
    append(event.data)
  }

  private mutating func append(_ message: Data) {
    let length = Message.littleEndian(UInt64(message.count))
    data.append(length)
    data.append(Message.littleEndian(MaskedCRC.of(length)))
    data.append(message)
    data.append(Message.littleEndian(MaskedCRC.of(message)))
  }
}

/// A protocol buffer under construction.
private struct Message {
  private(set) var data = Data()

  mutating func integer(_ field: UInt64, _ value: UInt64) {
    variable(field << 3)
    variable(value)
  }

  mutating func double(_ field: UInt64, _ value: Double) {
    variable(field << 3 | 1)
    data.append(Message.littleEndian(value.bitPattern))
  }

  mutating func float(_ field: UInt64, _ value: Float) {
    variable(field << 3 | 5)
    data.append(Message.littleEndian(value.bitPattern))
  }

  mutating func bytes(_ field: UInt64, _ value: Data) {
    variable(field << 3 | 2)
    variable(UInt64(value.count))
    data.append(value)
  }

  /// Seven bits a byte, the lowest first; the eighth says that more follow.
  private mutating func variable(_ value: UInt64) {
    var left = value
    while left > 0x7F {
      data.append(UInt8(left & 0x7F) | 0x80)
      left >>= 7
    }
    data.append(UInt8(left))
  }

  static func littleEndian(_ value: some FixedWidthInteger) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
  }
}

/// CRC-32C (Castagnoli), as TFRecord files need it: rotated right by 15 bits and offset by a constant, so that the checksum of data
/// that contains checksums is no weaker.
enum MaskedCRC {
  /// The masked checksum of some bytes.
  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    let plain = ~crc
    return ((plain >> 15) | (plain << 17)) &+ 0xA282_EAD8
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
  }
}
