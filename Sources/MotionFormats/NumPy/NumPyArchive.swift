public import Support

/// Named arrays in one file, numpy's `.npz`: a ZIP archive of `.npy` files.
///
///     let archive = try NumPyArchive(bytes: bytes, file: url.path)
///     archive["rotations"]?.shape      // [120, 22, 4]
///
/// Written stored, as `numpy.savez` does; read stored or deflated (`numpy.savez_compressed`).
public struct NumPyArchive: Sendable, Hashable {
  /// The arrays in the order in which they are written.
  public var arrays: [(name: String, array: NumPyArray)] {
    names.compactMap { name in byName[name].map { (name, $0) } }
  }

  private var names: [String] = []
  private var byName: [String: NumPyArray] = [:]

  /// An archive without arrays.
  public init() {}

  /// The array of a name.
  public subscript(name: String) -> NumPyArray? {
    get { byName[name] }
    set {
      if newValue != nil, byName[name] == nil { names.append(name) }
      if newValue == nil { names.removeAll { $0 == name } }
      byName[name] = newValue
    }
  }

  /// The archive's bytes; equal archives are equal bytes, whenever they are written.
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    var directory: [UInt8] = []
    for (name, array) in arrays {
      let start = result.count
      let data = array.bytes
      let path = Array("\(name).npy".utf8)
      let fields = Self.commonFields(path: path, data: data)
      result.append(littleEndian: UInt32(0x0403_4B50))
      result += fields + path + data
      directory.append(littleEndian: UInt32(0x0201_4B50))
      directory.append(littleEndian: UInt16(20))
      directory += fields
      // No comment, first disk, binary, no attributes.
      directory += [UInt8](repeating: 0, count: 10)
      directory.append(littleEndian: UInt32(start))
      directory += path
    }
    let start = result.count
    result += directory
    result.append(littleEndian: UInt32(0x0605_4B50))
    result.append(littleEndian: UInt32(0))
    result.append(littleEndian: UInt16(names.count))
    result.append(littleEndian: UInt16(names.count))
    result.append(littleEndian: UInt32(directory.count))
    result.append(littleEndian: UInt32(start))
    result.append(littleEndian: UInt16(0))
    return result
  }

  /// The fields that an entry's own header shares with the directory's: stored, dated 1980-01-01.
  private static func commonFields(path: [UInt8], data: [UInt8]) -> [UInt8] {
    var fields: [UInt8] = []
    for value: UInt16 in [20, 0, 0, 0, 0x0021] { fields.append(littleEndian: value) }
    fields.append(littleEndian: CRC32.checksum(of: data))
    fields.append(littleEndian: UInt32(data.count))
    fields.append(littleEndian: UInt32(data.count))
    fields.append(littleEndian: UInt16(path.count))
    fields.append(littleEndian: UInt16(0))
    return fields
  }
}

extension NumPyArchive {
  /// Reads an archive's bytes; `file` stands in errors.
  public init(bytes: [UInt8], file: String) throws(SurefootError) {
    let broken = SurefootError(
      file: file, message: "is no whole .npz archive", suggestion: "save it with numpy.savez, or fetch it again")
    // The end record, 22 bytes, may be followed by a comment.
    let lowest = max(0, bytes.count - 22 - 65_535)
    let ends = stride(from: bytes.count - 22, through: lowest, by: -1)
    guard bytes.count >= 22,
      let end = ends.first(where: { bytes[$0] == 0x50 && bytes.littleEndian(UInt32.self, at: $0) == 0x0605_4B50 })
    else { throw broken }
    let count = Int(bytes.littleEndian(UInt16.self, at: end + 10))
    var place = Int(bytes.littleEndian(UInt32.self, at: end + 16))
    for _ in 0..<count {
      guard place + 46 <= bytes.count, bytes.littleEndian(UInt32.self, at: place) == 0x0201_4B50 else { throw broken }
      let lengths = [28, 30, 32].map { Int(bytes.littleEndian(UInt16.self, at: place + $0)) }
      guard place + 46 + lengths.reduce(0, +) <= bytes.count else { throw broken }
      let path = String(decoding: bytes[place + 46..<place + 46 + lengths[0]], as: UTF8.self)
      if path.hasSuffix(".npy") {
        let data = try Self.data(of: bytes, entry: place, broken)
        let name = String(path.dropLast(4))
        self[name] = try NumPyArray(bytes: data, file: "\(file): \(name)")
      }
      place += 46 + lengths.reduce(0, +)
    }
  }

  private static func data(of bytes: [UInt8], entry: Int, _ broken: SurefootError) throws(SurefootError) -> [UInt8] {
    let method = bytes.littleEndian(UInt16.self, at: entry + 10)
    let packed = Int(bytes.littleEndian(UInt32.self, at: entry + 20))
    let size = Int(bytes.littleEndian(UInt32.self, at: entry + 24))
    let local = Int(bytes.littleEndian(UInt32.self, at: entry + 42))
    guard packed < 0xFFFF_FFFF, local + 30 <= bytes.count else { throw broken }
    let start =
      local + 30 + Int(bytes.littleEndian(UInt16.self, at: local + 26))
      + Int(bytes.littleEndian(UInt16.self, at: local + 28))
    guard start + packed <= bytes.count else { throw broken }
    var data = Array(bytes[start..<start + packed])
    if method == 8 {
      do { data = try Inflate.bytes(of: data[...], limit: size) } catch { throw broken }
    } else if method != 0 {
      throw broken
    }
    guard CRC32.checksum(of: data) == bytes.littleEndian(UInt32.self, at: entry + 16) else { throw broken }
    return data
  }

}
