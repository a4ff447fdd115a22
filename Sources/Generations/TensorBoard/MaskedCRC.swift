/// CRC-32C (Castagnoli), as TFRecord files carry it: rotated right by 15 bits and moved by a constant, so that a checksum
/// of data that holds checksums is no weaker.
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
