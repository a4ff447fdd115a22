public import Support

/// The numbers of a glTF file's accessors, checked against what is there.
struct GLTFNumbers {
  let document: GLTFDocument
  /// The binary chunk.
  let binary: ArraySlice<UInt8>
  let file: String

  /// How many components an element has.
  private static let widths = ["SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16]
  /// Bytes of a component, by its type's code.
  private static let sizes = [5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4]

  /// All components of an accessor's elements, one after another; normalised integers as the specification has them.
  ///
  /// - Parameter type: The type that the accessor must have.
  func read(_ index: Int, _ type: String) throws(SurefootError) -> [Double] {
    guard let accessors = document.accessors, accessors.indices.contains(index) else {
      throw fault(index, "is not there")
    }
    let accessor = accessors[index]
    guard accessor.type == type, let width = Self.widths[type] else {
      throw fault(index, "holds \(accessor.type.prefix(10)), not \(type)")
    }
    guard accessor.sparse == nil else {
      throw SurefootError(
        file: file, message: "accessor \(index) is sparse, which is not read",
        suggestion: "export it without sparse accessors")
    }
    guard let size = Self.sizes[accessor.componentType],
      accessor.componentType == 5126 || (accessor.normalized == true && size < 4)
    else { throw fault(index, "is of component type \(accessor.componentType), which animations do not have") }
    let bytes = try view(of: accessor, index)
    let (start, count) = (accessor.byteOffset ?? 0, accessor.count)
    let stride = bytes.stride ?? width * size
    // Bounded by the bytes that are there before anything is multiplied.
    guard count > 0, count <= bytes.slice.count, (0...bytes.slice.count).contains(start),
      (width * size...65_536).contains(stride), start + (count - 1) * stride + width * size <= bytes.slice.count
    else { throw fault(index, "reaches beyond its bytes") }
    var numbers: [Double] = []
    numbers.reserveCapacity(count * width)
    for element in 0..<count {
      for component in 0..<width {
        let at = bytes.slice.startIndex + start + element * stride + component * size
        let value = Self.number(bytes.slice, at, accessor.componentType)
        guard value.isFinite, abs(value) < FixedPoint.largest else {
          throw fault(index, "holds \(value) as number \(element * width + component + 1)")
        }
        numbers.append(value)
      }
    }
    return numbers
  }

  private func view(
    of accessor: GLTFDocument.Accessor, _ index: Int
  ) throws(SurefootError) -> (slice: ArraySlice<UInt8>, stride: Int?) {
    guard let number = accessor.bufferView, let views = document.bufferViews, views.indices.contains(number) else {
      throw fault(index, "has no buffer view")
    }
    let view = views[number]
    guard view.buffer == 0, let buffer = document.buffers?.first, buffer.uri == nil else {
      throw SurefootError(
        file: file, message: "buffer \(view.buffer) lies outside the file, which is not read",
        suggestion: "export it as one binary file (.glb)")
    }
    let start = view.byteOffset ?? 0
    guard (0...binary.count).contains(start), (0...binary.count - start).contains(view.byteLength) else {
      throw SurefootError(
        file: file, message: "buffer view \(number) reaches beyond the file's \(binary.count) bytes of data",
        suggestion: "the file is cut off or damaged; export it again")
    }
    let first = binary.startIndex + start
    return (binary[first..<first + view.byteLength], view.byteStride)
  }

  private static func number(_ bytes: ArraySlice<UInt8>, _ at: Int, _ type: Int) -> Double {
    let two = { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
    switch type {
    case 5120: return max(Double(Int8(bitPattern: bytes[at])) / 127, -1)
    case 5121: return Double(bytes[at]) / 255
    case 5122: return max(Double(Int16(truncatingIfNeeded: two())) / 32767, -1)
    case 5123: return Double(two()) / 65535
    default:
      let bits = UInt32(truncatingIfNeeded: two()) | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
      return Double(Float(bitPattern: bits))
    }
  }

  private func fault(_ index: Int, _ what: String) -> SurefootError {
    SurefootError(file: file, message: "accessor \(index) \(what)", suggestion: "the file is damaged; export it again")
  }
}
