/// An array as numpy's `.npy` files hold it: a shape, and numbers or texts in C order.
///
///     let array = try NumPyArray(bytes: bytes, file: url.path)
///     array.shape                      // [196, 263]
///
/// The format is that of NEP 1, https://numpy.org/neps/nep-0001-npy-format.html, versions 1 to 3.
public struct NumPyArray: Sendable, Hashable {
  /// What stands in an array.
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

  /// An array by its parts.
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
