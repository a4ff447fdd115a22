import Support
import Zlib

/// The files of a ZIP archive (APPNOTE 6.3), stored or deflated, without encryption, volumes or ZIP64.
struct ZipArchive {
  /// The largest number of bytes that all files of an archive may hold together.
  static let largest = 1 << 30

  private(set) var files: [(path: String, bytes: [UInt8])] = []

  init() {}

  mutating func add(_ path: String, _ bytes: [UInt8]) { files.append((path, bytes)) }

  // MARK: Reading

  /// Reads the files whose path `isWanted` accepts.
  ///
  /// - Parameter file: The archive's name in errors.
  /// - Throws: A `SurefootError` for an archive that is damaged, or that holds more than ``largest`` bytes.
  init(bytes: [UInt8], file: String, where isWanted: (String) -> Bool) throws(SurefootError) {
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
    var room = Self.largest
    for _ in 0..<count {
      guard place + 46 <= bytes.count, bytes.littleEndian(UInt32.self, at: place) == 0x0201_4B50 else { throw broken }
      let lengths = [28, 30, 32].map { Int(bytes.littleEndian(UInt16.self, at: place + $0)) }
      guard place + 46 + lengths.reduce(0, +) <= bytes.count else { throw broken }
      let path = String(decoding: bytes[place + 46..<place + 46 + lengths[0]], as: UTF8.self)
      if isWanted(path) {
        let size = Int(bytes.littleEndian(UInt32.self, at: place + 24))
        guard size <= room else {
          throw SurefootError(
            file: file, message: "'\(path.prefix(60))' would hold \(size) bytes",
            suggestion: "the arrays of an archive may hold \(Self.largest) bytes together; split it")
        }
        room -= size
        add(path, try Self.content(of: bytes, entry: place, size, broken))
      }
      place += 46 + lengths.reduce(0, +)
    }
  }

  private static func content(
    of bytes: [UInt8], entry: Int, _ size: Int, _ broken: SurefootError
  ) throws(SurefootError) -> [UInt8] {
    let method = bytes.littleEndian(UInt16.self, at: entry + 10)
    let packed = Int(bytes.littleEndian(UInt32.self, at: entry + 20))
    let local = Int(bytes.littleEndian(UInt32.self, at: entry + 42))
    guard packed < 0xFFFF_FFFF, local + 30 <= bytes.count else { throw broken }
    let start =
      local + 30 + Int(bytes.littleEndian(UInt16.self, at: local + 26))
      + Int(bytes.littleEndian(UInt16.self, at: local + 28))
    guard start + packed <= bytes.count else { throw broken }
    var data: [UInt8]
    switch method {
    case 0: data = Array(bytes[start..<start + packed])
    case 8:
      do {
        data = try Deflate.decompress(bytes[start..<start + packed], wrapping: .none, limit: size)
      } catch { throw broken }
      guard data.count == size else { throw broken }
    default: throw broken
    }
    guard Deflate.checksum(data) == bytes.littleEndian(UInt32.self, at: entry + 16) else { throw broken }
    return data
  }

  // MARK: Writing

  /// The archive, all files stored; equal files are equal bytes, whenever they are written.
  var bytes: [UInt8] {
    var result: [UInt8] = []
    var directory: [UInt8] = []
    for (path, data) in files {
      let (start, name) = (result.count, Array(path.utf8))
      let fields = Self.commonFields(name: name, data: data)
      result.append(littleEndian: UInt32(0x0403_4B50))
      result += fields + name + data
      directory.append(littleEndian: UInt32(0x0201_4B50))
      directory.append(littleEndian: UInt16(20))
      directory += fields
      // No comment, first disk, binary, no attributes.
      directory += [UInt8](repeating: 0, count: 10)
      directory.append(littleEndian: UInt32(start))
      directory += name
    }
    let start = result.count
    result += directory
    result.append(littleEndian: UInt32(0x0605_4B50))
    result.append(littleEndian: UInt32(0))
    result.append(littleEndian: UInt16(files.count))
    result.append(littleEndian: UInt16(files.count))
    result.append(littleEndian: UInt32(directory.count))
    result.append(littleEndian: UInt32(start))
    result.append(littleEndian: UInt16(0))
    return result
  }

  /// The fields that a file's header shares with the directory's entry: stored, dated 1980-01-01.
  private static func commonFields(name: [UInt8], data: [UInt8]) -> [UInt8] {
    var fields: [UInt8] = []
    for value: UInt16 in [20, 0, 0, 0, 0x0021] { fields.append(littleEndian: value) }
    fields.append(littleEndian: Deflate.checksum(data))
    fields.append(littleEndian: UInt32(data.count))
    fields.append(littleEndian: UInt32(data.count))
    fields.append(littleEndian: UInt16(name.count))
    fields.append(littleEndian: UInt16(0))
    return fields
  }
}
