package import Foundation
package import Support

/// Named tensors and text, in the safetensors format: 8 bytes with the header's length, a header in JSON, the elements.
///
///     let bytes = try Safetensors(tensors: network.parameters, metadata: ["step": "1000"]).encoded()
///     let file = try Safetensors(decoding: bytes)
///     try network.load(file.tensors)
///
/// The format is that of https://github.com/huggingface/safetensors. A file may be hostile: every length, offset and type
/// is checked before it is used, and elements neither overlap nor leave gaps.
package struct Safetensors: Sendable {
  /// The tensors by name.
  package var tensors: [String: Tensor]
  /// Text by key (`__metadata__` in the header).
  package var metadata: [String: String]

  /// The largest header [bytes]; the reference implementation's limit.
  static let largestHeader = 100_000_000

  /// The content of a file to write.
  ///
  /// - Precondition: Names are unique, and none is `__metadata__`.
  package init(tensors: [Parameter], metadata: [String: String]) {
    self.tensors = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.tensor) })
    precondition(self.tensors["__metadata__"] == nil, "no tensor is called __metadata__")
    self.metadata = metadata
  }

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  /// The bytes of a file: the same content gives the same bytes.
  package func encoded() throws -> Data {
    var header: [String: any Encodable] = [:]
    if !metadata.isEmpty { header["__metadata__"] = metadata }
    var body = Data()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let bytes = Self.bytes(of: tensor)
      let end = body.count + bytes.count
      header[name] = Entry(dtype: Self.name(of: tensor.type), shape: tensor.shape, data_offsets: [body.count, end])
      body.append(bytes)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = try encoder.encode(header.mapValues(AnyEncodable.init))
    // Elements start at a multiple of 8 bytes, as the reference implementation's do.
    json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    var file = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
    file.append(json)
    file.append(body)
    return file
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: ``SurefootError`` that says what is wrong with them.
  package init(decoding file: Data) throws(SurefootError) {
    let (header, body) = try Self.split(file)
    let parsed: Header
    do {
      parsed = try JSONDecoder().decode(Header.self, from: header)
    } catch {
      throw SurefootError(.malformed, message: "the header is not safetensors' JSON")
    }
    metadata = parsed.metadata
    tensors = [:]
    var expected = 0
    for (name, entry) in parsed.entries.sorted(by: {
      $0.value.start < $1.value.start || ($0.value.start == $1.value.start && $0.value.end < $1.value.end)
    }) {
      guard entry.start == expected else {
        throw SurefootError(.malformed, message: "the elements of \(name) overlap others or leave a gap")
      }
      expected = entry.end
      tensors[name] = try Self.tensor(name, entry, body)
    }
    guard expected == body.count else {
      throw SurefootError(
        .malformed, message: "\(body.count) bytes of elements, of which the header describes \(expected)")
    }
  }

  private static func split(_ file: Data) throws(SurefootError) -> (header: Data, body: Data) {
    guard file.count >= 8 else {
      throw SurefootError(.malformed, message: "\(file.count) bytes are too few for a file")
    }
    let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(largestHeader), Int(length) <= file.count - 8 else {
      throw SurefootError(.malformed, message: "the header's length of \(length) bytes does not fit the file")
    }
    let body = file.startIndex + 8 + Int(length)
    return (file[file.startIndex + 8..<body], file[body...])
  }

  private struct Header: Decodable {
    struct Location { var dtype: String, shape: [Int], start: Int, end: Int }
    var metadata: [String: String] = [:]
    var entries: [String: Location] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
          continue
        }
        let entry = try container.decode(Entry.self, forKey: key)
        guard entry.data_offsets.count == 2 else {
          throw DecodingError.dataCorrupted(.init(codingPath: container.codingPath, debugDescription: "two offsets"))
        }
        entries[key.stringValue] = Location(
          dtype: entry.dtype, shape: entry.shape, start: entry.data_offsets[0], end: entry.data_offsets[1])
      }
    }
  }

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private static func tensor(_ name: String, _ location: Header.Location, _ body: Data) throws(SurefootError) -> Tensor
  {
    let types: [String: ElementType] = ["F32": .float32, "BF16": .bfloat16, "I64": .int64, "F64": .float64]
    guard let type = types[location.dtype] else {
      throw SurefootError(
        .malformed, message: "\(name) has the element type \(location.dtype), not one of F32, BF16, F64, I64")
    }
    var size = type.bytes
    for length in location.shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else {
        throw SurefootError(.malformed, message: "\(name) has the shape \(location.shape)")
      }
      size = product
    }
    guard location.start >= 0, location.end >= location.start, location.end <= body.count,
      location.end - location.start == size
    else {
      throw SurefootError(
        .malformed,
        message: "\(name) of \(size) bytes is said to lie at \(location.start)..<\(location.end) of \(body.count)"
      )
    }
    let bytes = body[body.startIndex + location.start..<body.startIndex + location.end]
    return Tensor(bytes: bytes, type: type, shape: location.shape)
  }

  private static func name(of type: ElementType) -> String {
    switch type {
    case .float32, .bool: "F32"
    case .bfloat16: "BF16"
    case .int64: "I64"
    case .float64: "F64"
    }
  }

  private static func bytes(of tensor: Tensor) -> Data {
    switch tensor.type {
    case .float32, .bool: tensor.floats.withUnsafeBytes { Data($0) }
    case .bfloat16: tensor.floats.map { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) }.withUnsafeBytes { Data($0) }
    case .int64: tensor.integers.map(Int64.init).withUnsafeBytes { Data($0) }
    case .float64: tensor.doubles.withUnsafeBytes { Data($0) }
    }
  }
}

extension ElementType {
  /// The size of an element in a file.
  fileprivate var bytes: Int {
    switch self {
    case .bfloat16: 2
    case .float32, .bool: 4
    case .int64, .float64: 8
    }
  }
}

extension Tensor {
  /// A tensor of little-endian elements whose number has been checked.
  fileprivate convenience init(bytes: Data, type: ElementType, shape: [Int]) {
    func values<Element>(_ kind: Element.Type) -> [Element] {
      bytes.withUnsafeBytes { raw in
        [Element](unsafeUninitializedCapacity: raw.count / MemoryLayout<Element>.size) { buffer, filled in
          UnsafeMutableRawBufferPointer(buffer).copyMemory(from: raw)
          filled = buffer.count
        }
      }
    }
    switch type {
    case .float32, .bool: self.init(values(Float.self), shape: shape)
    case .bfloat16:
      let wide = values(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
      self.init(converting: Tensor(wide, shape: shape), to: .bfloat16)
    case .int64: self.init(integers: values(Int64.self), shape: shape)
    case .float64: self.init(doubles: values(Double.self), shape: shape)
    }
  }
}

extension [String: Tensor] {
  /// The tensors whose names start with `name.`, under the rest of their names.
  package func within(_ name: String) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (key, value) in self where key.hasPrefix(name + ".") { result[String(key.dropFirst(name.count + 1))] = value }
    return result
  }

  /// A tensor by name.
  ///
  /// - Throws: ``SurefootError`` if it is missing or of another shape.
  package func required(_ name: String, _ shape: [Int]) throws(SurefootError) -> Tensor {
    guard let value = self[name] else { throw SurefootError(.missing, message: "the tensor \(name) is missing") }
    guard value.shape == shape else {
      throw SurefootError(.shape, message: "the tensor \(name) has the shape \(value.shape), not \(shape)")
    }
    return value
  }
}

/// An encodable value of any type.
private struct AnyEncodable: Encodable {
  let value: any Encodable
  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
