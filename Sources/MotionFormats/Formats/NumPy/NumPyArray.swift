public import Support

/// An array as numpy's `.npy` files hold it: a shape, and numbers or texts in C order.
///
///     let array = try NumPyArray(bytes: bytes, file: url.path)
///     array.shape                      // [196, 263]
///
/// The format is that of NEP 1, https://numpy.org/neps/nep-0001-npy-format.html, versions 1 to 3.
public struct NumPyArray: Sendable, Hashable {
  /// The elements of an array, by their type.
  public enum Elements: Sendable, Hashable {
    /// Real numbers, written as `float64`.
    case doubles([Double])
    /// Real numbers, written as `float32`.
    case floats([Double])
    /// Whole numbers, written as `int64`.
    case integers([Int])
    /// Texts, written as fixed-width Unicode.
    case texts([String])

    var count: Int {
      switch self {
      case .doubles(let values), .floats(let values): values.count
      case .integers(let values): values.count
      case .texts(let values): values.count
      }
    }
  }

  /// The length of each dimension; empty for a single value.
  public let shape: [Int]
  /// The elements, the last dimension running fastest.
  public let elements: Elements

  /// An array to write, or one that a caller made.
  ///
  /// - Precondition: As many elements as the shape has places.
  public init(shape: [Int], _ elements: Elements) {
    precondition(shape.reduce(1, *) == elements.count, "as many elements as the shape has places")
    self.shape = shape
    self.elements = elements
  }

  /// The numbers, whole ones included; `nil` for texts.
  public var numbers: [Double]? {
    switch elements {
    case .doubles(let values), .floats(let values): values
    case .integers(let values): values.map(Double.init)
    case .texts: nil
    }
  }

  /// The texts; `nil` for numbers.
  public var texts: [String]? {
    if case .texts(let values) = elements { values } else { nil }
  }
}

extension NumPyArray {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The array as an `.npy` file of version 1; equal arrays are equal bytes.
  public var bytes: [UInt8] {
    let (type, data) = encoded
    let places = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(places)), }".utf8)
    // Ten bytes stand before the header; data begin at a multiple of 64.
    header += Array(repeating: 0x20, count: (64 - (10 + header.count + 1) % 64) % 64) + [0x0A]
    var result = NumPyArray.magic + [1, 0]
    result.append(littleEndian: UInt16(header.count))
    return result + header + data
  }

  private var encoded: (type: String, data: [UInt8]) {
    var data: [UInt8] = []
    switch elements {
    case .doubles(let values):
      data.reserveCapacity(8 * values.count)
      for value in values { data.append(float64: value) }
      return ("<f8", data)
    case .floats(let values):
      data.reserveCapacity(4 * values.count)
      for value in values { data.append(float32: value) }
      return ("<f4", data)
    case .integers(let values):
      for value in values { data.append(littleEndian: Int64(value)) }
      return ("<i8", data)
    case .texts(let values):
      let width = max(1, values.map(\.unicodeScalars.count).max() ?? 1)
      for value in values {
        let scalars = value.unicodeScalars.map(\.value)
        for scalar in scalars + Array(repeating: 0, count: width - scalars.count) { data.append(littleEndian: scalar) }
      }
      return ("<U\(width)", data)
    }
  }
}

extension NumPyArray {
  /// Reads an `.npy` file's bytes; `file` is its name in errors.
  ///
  /// - Throws: A `SurefootError` for a file that is no array of numbers or texts in C order, little-endian.
  public init(bytes: [UInt8], file: String) throws(SurefootError) {
    let (header, start) = try NumPyArray.header(of: bytes, file: file)
    let shape = try NumPyArray.shape(in: header, file: file)
    let type = try NumPyArray.type(in: header, file: file)
    guard !header.contains("'fortran_order': True") || shape.count < 2 else {
      throw SurefootError(
        file: file, message: "the array is in Fortran's order", suggestion: "save numpy.ascontiguousarray(array)")
    }
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else { throw SurefootError(file: file, message: "its shape \(shape) is impossible") }
      count = product
    }
    // By the bytes that are there, before anything is allocated or multiplied.
    guard count <= bytes.count, bytes.count - start >= count * type.size else {
      throw SurefootError(
        file: file, message: "holds \(bytes.count - start) bytes of data, \(shape) of \(type.size) bytes are declared",
        suggestion: "the file may be cut off: save or fetch it again")
    }
    self.init(shape: shape, NumPyArray.elements(bytes, start, count, type))
  }

  /// The type of one element.
  private struct ElementType {
    /// `f`, `i`, `u`, `b` or `U`.
    var kind: Character
    /// Bytes.
    var size: Int
  }

  private static func header(of bytes: [UInt8], file: String) throws(SurefootError) -> (text: String, end: Int) {
    guard bytes.count >= 12, Array(bytes.prefix(6)) == magic, (1...3).contains(bytes[6]) else {
      throw SurefootError(file: file, message: "is no .npy file", suggestion: "save the array with numpy.save")
    }
    let isShort = bytes[6] == 1
    let length = isShort ? Int(bytes.littleEndian(UInt16.self, at: 8)) : Int(bytes.littleEndian(UInt32.self, at: 8))
    let start = isShort ? 10 : 12
    guard bytes.count - start >= length else {
      throw SurefootError(file: file, message: "ends inside its header", suggestion: "save or fetch it again")
    }
    return (String(decoding: bytes[start..<start + length], as: UTF8.self), start + length)
  }

  private static func shape(in header: String, file: String) throws(SurefootError) -> [Int] {
    let parts = header.split(separator: "'shape': (", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let end = parts[1].firstIndex(of: ")") else {
      throw SurefootError(
        file: file, message: "its header names no shape", suggestion: "save the array with numpy.save")
    }
    var shape: [Int] = []
    for word in parts[1][..<end].split(separator: ",") where !word.allSatisfy(\.isWhitespace) {
      guard let length = Int(word.filter { !$0.isWhitespace }), length >= 0 else {
        throw SurefootError(file: file, message: "a dimension of '\(word)' is impossible")
      }
      shape.append(length)
    }
    return shape
  }

  private static func type(in header: String, file: String) throws(SurefootError) -> ElementType {
    let parts = header.split(separator: "'descr': ", maxSplits: 1, omittingEmptySubsequences: false)
    let text = parts.count == 2 ? parts[1].prefix { $0 != "," && $0 != "}" } : ""
    let name = text.filter { !"'<|=".contains($0) && !$0.isWhitespace }
    if name.contains("O") {
      throw SurefootError(
        file: file, message: "holds Python objects, not an array of numbers",
        suggestion: "save the array inside alone: numpy.save(name, data['motion'])")
    }
    if let kind = name.first, let size = Int(name.dropFirst()) {
      let sizes: [Character: [Int]] = ["f": [4, 8], "i": [1, 2, 4, 8], "u": [1, 2, 4, 8], "b": [1]]
      if sizes[kind]?.contains(size) == true { return ElementType(kind: kind, size: size) }
      if kind == "U", (0...100_000).contains(size) { return ElementType(kind: kind, size: 4 * size) }
    }
    throw SurefootError(
      file: file, message: "its elements are \(text.isEmpty ? "of no type" : "of type \(text)")",
      suggestion: "save it as float32 or float64, little-endian")
  }

  private static func elements(_ bytes: [UInt8], _ start: Int, _ count: Int, _ type: ElementType) -> Elements {
    let places = (0..<count).map { start + $0 * type.size }
    switch (type.kind, type.size) {
    case ("f", 4):
      return .floats(places.map { Double(Float(bitPattern: bytes.littleEndian(UInt32.self, at: $0))) })
    case ("f", _): return .doubles(places.map { Double(bitPattern: bytes.littleEndian(UInt64.self, at: $0)) })
    case ("U", _):
      return .texts(
        places.map { place in
          let scalars = stride(from: place, to: place + type.size, by: 4).map {
            bytes.littleEndian(UInt32.self, at: $0)
          }
          return String(String.UnicodeScalarView(scalars.prefix { $0 != 0 }.map { Unicode.Scalar($0) ?? "?" }))
        })
    case (let kind, 1):
      return .integers(places.map { kind == "i" ? Int(Int8(bitPattern: bytes[$0])) : Int(bytes[$0]) })
    case (let kind, 2):
      let values = places.map { bytes.littleEndian(UInt16.self, at: $0) }
      return .integers(values.map { kind == "i" ? Int(Int16(bitPattern: $0)) : Int($0) })
    case (let kind, 4):
      let values = places.map { bytes.littleEndian(UInt32.self, at: $0) }
      return .integers(values.map { kind == "i" ? Int(Int32(bitPattern: $0)) : Int($0) })
    default: return .integers(places.map { Int(truncatingIfNeeded: bytes.littleEndian(UInt64.self, at: $0)) })
    }
  }
}
