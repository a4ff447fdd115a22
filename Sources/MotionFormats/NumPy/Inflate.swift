/// The decompression of DEFLATE streams (RFC 1951), for archives of `numpy.savez_compressed`.
struct Inflate {
  /// The stream is damaged, cut off, or longer than it said.
  struct Fault: Error {}

  private let bytes: [UInt8]
  private var position: Int
  private var bits: UInt32 = 0
  private var bitCount = 0
  private let limit: Int
  private var output: [UInt8] = []

  /// The bytes that the stream in `range` stands for.
  ///
  /// - Parameter limit: How many they are; a stream that goes on is refused before it fills the memory.
  static func bytes(of stream: ArraySlice<UInt8>, limit: Int) throws(Fault) -> [UInt8] {
    var inflate = Inflate(Array(stream), limit: limit)
    try inflate.run()
    guard inflate.output.count == limit else { throw Fault() }
    return inflate.output
  }

  private init(_ bytes: [UInt8], limit: Int) {
    self.bytes = bytes
    self.limit = limit
    position = 0
  }

  private mutating func run() throws(Fault) {
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored()
      case 1: try expand(HuffmanCode.fixedLiterals, HuffmanCode.fixedDistances)
      case 2:
        let (literals, distances) = try readCodes()
        try expand(literals, distances)
      default: throw Fault()
      }
    }
  }

  // MARK: Bits

  private mutating func take(_ count: Int) throws(Fault) -> Int {
    while bitCount < count {
      guard position < bytes.count else { throw Fault() }
      bits |= UInt32(bytes[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    let value = bits & ((1 << UInt32(count)) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func symbol(_ code: HuffmanCode) throws(Fault) -> Int {
    var (word, first, index) = (0, 0, 0)
    for length in 1...HuffmanCode.longest {
      word |= try take(1)
      let count = code.counts[length]
      if word - first < count { return code.symbols[index + word - first] }
      index += count
      first = (first + count) << 1
      word <<= 1
    }
    throw Fault()
  }

  // MARK: Blocks

  private mutating func emit(_ byte: UInt8) throws(Fault) {
    guard output.count < limit else { throw Fault() }
    output.append(byte)
  }

  private mutating func copyStored() throws(Fault) {
    (bits, bitCount) = (0, 0)
    guard position + 4 <= bytes.count else { throw Fault() }
    let length = Int(bytes.littleEndian(UInt16.self, at: position))
    position += 4
    guard position + length <= bytes.count, output.count + length <= limit else { throw Fault() }
    output += bytes[position..<position + length]
    position += length
  }

  private mutating func readCodes() throws(Fault) -> (HuffmanCode, HuffmanCode) {
    let literals = try take(5) + 257
    let distances = try take(5) + 1
    var lengths = [Int](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for slot in 0..<(try take(4) + 4) { lengths[order[slot]] = try take(3) }
    let code = HuffmanCode(lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      switch try symbol(code) {
      case 16:
        guard let last = all.last else { throw Fault() }
        all += Array(repeating: last, count: 3 + (try take(2)))
      case 17: all += Array(repeating: 0, count: 3 + (try take(3)))
      case 18: all += Array(repeating: 0, count: 11 + (try take(7)))
      case let length: all.append(length)
      }
    }
    guard all.count == literals + distances else { throw Fault() }
    return (HuffmanCode(Array(all[..<literals])), HuffmanCode(Array(all[literals...])))
  }

  private mutating func expand(_ literals: HuffmanCode, _ distances: HuffmanCode) throws(Fault) {
    while true {
      let value = try symbol(literals)
      if value == 256 { return }
      guard value > 256 else {
        try emit(UInt8(value))
        continue
      }
      guard value - 257 < HuffmanCode.lengths.count else { throw Fault() }
      let (base, extra) = HuffmanCode.lengths[value - 257]
      let length = base + (try take(extra))
      let place = try symbol(distances)
      guard place < HuffmanCode.distances.count else { throw Fault() }
      let (near, more) = HuffmanCode.distances[place]
      let distance = near + (try take(more))
      guard distance <= output.count else { throw Fault() }
      for _ in 0..<length { try emit(output[output.count - distance]) }
    }
  }
}

/// A canonical Huffman code by the count of words of each length.
struct HuffmanCode {
  static let longest = 15
  /// How many words have each length, 1 to 15.
  var counts = [Int](repeating: 0, count: longest + 1)
  /// The symbols by their words.
  var symbols: [Int] = []

  init(_ lengths: [Int]) {
    for length in 1...HuffmanCode.longest {
      let here = lengths.indices.filter { lengths[$0] == length }
      counts[length] = here.count
      symbols += here
    }
  }

  static let fixedLiterals = HuffmanCode(
    Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
      + Array(repeating: 8, count: 8))
  static let fixedDistances = HuffmanCode(Array(repeating: 5, count: 30))

  /// The shortest copy and the further bits of symbols 257 to 285.
  static let lengths: [(base: Int, extra: Int)] =
    (0..<28).map { index in
      let extra = max(0, index / 4 - 1)
      return (base: index < 8 ? index + 3 : ((4 + index % 4) << extra) + 3, extra: extra)
    } + [(base: 258, extra: 0)]

  /// The nearest distance and the further bits of symbols 0 to 29.
  static let distances: [(base: Int, extra: Int)] = (0..<30).map { index in
    let extra = max(0, index / 2 - 1)
    return (base: index < 4 ? index + 1 : ((2 + index % 2) << extra) + 1, extra: extra)
  }
}
