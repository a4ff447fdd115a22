public import MotionFormats

/// Lossless compression by P. Deutsch, "DEFLATE Compressed Data Format Specification", RFC 1951 (1996), in the wrapping
/// of RFC 1950 (zlib): matches by hashed chains, one dynamic Huffman code a block.
enum Deflate {
  /// A byte as it is, or a copy of `length` bytes from `distance` bytes back.
  private enum Token {
    case byte(UInt8)
    case copy(length: Int, distance: Int)
  }

  /// A zlib stream of some bytes.
  static func zlib(_ data: [UInt8]) -> [UInt8] {
    var writer = BitWriter()
    // Method 8, window 32 KiB; the check bits make the pair a multiple of 31.
    writer.write(0x78, 8)
    writer.write(0x9C, 8)
    let tokens = tokens(of: data)
    let size = 1 << 15
    var start = 0
    repeat {
      let end = min(start + size, tokens.count)
      write(tokens[start..<end], isLast: end == tokens.count, to: &writer)
      start = end
    } while start < tokens.count
    return writer.finish() + bigEndian(adler32(data))
  }

  // MARK: Matches

  private static func tokens(of data: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var head = [Int32](repeating: -1, count: 1 << 15)
    var previous = [Int32](repeating: -1, count: 1 << 15)
    func hash(_ i: Int) -> Int {
      (Int(data[i]) << 10 ^ Int(data[i + 1]) << 5 ^ Int(data[i + 2])) & 0x7FFF
    }
    func enter(_ i: Int) {
      guard i + 2 < data.count else { return }
      let key = hash(i)
      previous[i & 0x7FFF] = head[key]
      head[key] = Int32(i)
    }
    var i = 0
    while i < data.count {
      var best = (length: 0, distance: 0)
      if i + 2 < data.count {
        var candidate = Int(head[hash(i)])
        var tries = 48
        let most = min(258, data.count - i)
        while candidate >= 0, i - candidate <= 32768, tries > 0 {
          var length = 0
          while length < most, data[candidate + length] == data[i + length] { length += 1 }
          if length > best.length { best = (length, i - candidate) }
          if length == most { break }
          let older = Int(previous[candidate & 0x7FFF])
          // An entry that was overwritten leads forwards.
          guard older < candidate else { break }
          candidate = older
          tries -= 1
        }
      }
      if best.length >= 3 {
        tokens.append(.copy(length: best.length, distance: best.distance))
        for k in i..<i + best.length { enter(k) }
        i += best.length
      } else {
        tokens.append(.byte(data[i]))
        enter(i)
        i += 1
      }
    }
    return tokens
  }

  // MARK: Blocks

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
  ]
  private static let distanceBits = (0..<30).map { max(0, $0 / 2 - 1) }
  private static let lengthSymbols: [Int] = (0...258).map { length in
    lengthBases.lastIndex { $0 <= length } ?? 0
  }

  private static func distanceSymbol(_ distance: Int) -> Int {
    var (low, high) = (0, distanceBases.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if distanceBases[middle] <= distance { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private static func write(_ tokens: ArraySlice<Token>, isLast: Bool, to writer: inout BitWriter) {
    var literals = [Int](repeating: 0, count: 286)
    var distances = [Int](repeating: 0, count: 30)
    literals[256] = 1
    for token in tokens {
      switch token {
      case .byte(let byte): literals[Int(byte)] += 1
      case .copy(let length, let distance):
        literals[257 + lengthSymbols[length]] += 1
        distances[distanceSymbol(distance)] += 1
      }
    }
    let literal = HuffmanCode(frequencies: literals, limit: 15)
    let distance = HuffmanCode(frequencies: distances, limit: 15)
    writer.write(isLast ? 1 : 0, 1)
    writer.write(2, 2)
    writeCodes(literal, distance, to: &writer)
    for token in tokens {
      switch token {
      case .byte(let byte): writer.write(literal.codes[Int(byte)], literal.lengths[Int(byte)])
      case .copy(let length, let back):
        let symbol = lengthSymbols[length]
        writer.write(literal.codes[257 + symbol], literal.lengths[257 + symbol])
        writer.write(length - lengthBases[symbol], lengthBits[symbol])
        let place = distanceSymbol(back)
        writer.write(distance.codes[place], distance.lengths[place])
        writer.write(back - distanceBases[place], distanceBits[place])
      }
    }
    writer.write(literal.codes[256], literal.lengths[256])
  }

  /// Both codes' lengths, themselves coded; runs of noughts are told by number.
  private static func writeCodes(_ literal: HuffmanCode, _ distance: HuffmanCode, to writer: inout BitWriter) {
    let literals = max(257, (literal.lengths.lastIndex { $0 > 0 } ?? 0) + 1)
    let distances = max(1, (distance.lengths.lastIndex { $0 > 0 } ?? 0) + 1)
    let lengths = Array(literal.lengths[..<literals]) + Array(distance.lengths[..<distances])
    var symbols: [(symbol: Int, extra: Int, bits: Int)] = []
    var i = 0
    while i < lengths.count {
      var run = 1
      while i + run < lengths.count, lengths[i + run] == lengths[i], run < 138 { run += 1 }
      if lengths[i] == 0, run >= 3 {
        symbols.append(run <= 10 ? (17, run - 3, 3) : (18, run - 11, 7))
        i += run
      } else {
        symbols.append((lengths[i], 0, 0))
        i += 1
      }
    }
    var frequencies = [Int](repeating: 0, count: 19)
    for entry in symbols { frequencies[entry.symbol] += 1 }
    let code = HuffmanCode(frequencies: frequencies, limit: 7)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    let count = max(4, (order.lastIndex { code.lengths[$0] > 0 } ?? 0) + 1)
    writer.write(literals - 257, 5)
    writer.write(distances - 1, 5)
    writer.write(count - 4, 4)
    for symbol in order[..<count] { writer.write(code.lengths[symbol], 3) }
    for entry in symbols {
      writer.write(code.codes[entry.symbol], code.lengths[entry.symbol])
      writer.write(entry.extra, entry.bits)
    }
  }

  // MARK: Checks

  private static func adler32(_ data: [UInt8]) -> UInt32 {
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in data {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
