import CZlib

/// Lossless compression by the system's zlib (RFC 1950, RFC 1951).
///
///     let packed = Deflate.compress(bytes)
///     let bytes = try Deflate.decompress(packed[...], limit: bytes.count)
package enum Deflate {
  /// How a stream is framed.
  package enum Wrapping: Int32, Sendable {
    /// With zlib's header and check, as in a PNG file.
    case zlib = 15
    /// Without header and check, as in a ZIP archive.
    case none = -15
  }

  /// A stream that is damaged, cut off, or longer than its limit.
  package struct Failure: Error {}

  /// The bytes as one stream with zlib's header and check.
  package static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(length))
    let status = compress2(&packed, &length, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
    // The buffer is as large as zlib asks for, so only a lack of memory is left.
    precondition(status == Z_OK, "zlib has no memory")
    return Array(packed.prefix(Int(length)))
  }

  /// The bytes of a compressed stream.
  ///
  /// Memory grows with what comes out, so a stream that claims gigabytes and holds none allocates none.
  ///
  /// - Parameter limit: The largest number of bytes to accept.
  package static func decompress(
    _ stream: ArraySlice<UInt8>, wrapping: Wrapping = .zlib, limit: Int
  ) throws(Failure) -> [UInt8] {
    // zlib reads through a pointer that it declares mutable.
    var input = Array(stream)
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let isWhole = input.withUnsafeMutableBufferPointer { input in
      chunk.withUnsafeMutableBufferPointer { chunk in
        inflate(input, through: chunk, into: &output, wrapping, limit)
      }
    }
    guard isWhole else { throw Failure() }
    return output
  }

  /// The CRC-32 of ZIP archives and PNG files (ISO 3309).
  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32_z(0, bytes, bytes.count))
  }

  /// - Returns: Whether the stream ended as it should, within the limit.
  private static func inflate(
    _ input: UnsafeMutableBufferPointer<UInt8>, through chunk: UnsafeMutableBufferPointer<UInt8>,
    into output: inout [UInt8], _ wrapping: Wrapping, _ limit: Int
  ) -> Bool {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard let available = UInt32(exactly: input.count),
      inflateInit2_(&stream, wrapping.rawValue, ZLIB_VERSION, size) == Z_OK
    else { return false }
    defer { inflateEnd(&stream) }
    stream.next_in = input.baseAddress
    stream.avail_in = available
    while true {
      stream.next_out = chunk.baseAddress
      stream.avail_out = UInt32(chunk.count)
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      let produced = chunk.count - Int(stream.avail_out)
      guard status == Z_OK || status == Z_STREAM_END, produced <= limit - output.count else { return false }
      output += chunk[..<produced]
      if status == Z_STREAM_END { return true }
      // No progress: the input is cut off.
      if produced == 0, stream.avail_in == 0 { return false }
    }
  }
}
