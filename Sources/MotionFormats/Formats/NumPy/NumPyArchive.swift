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

  /// An archive without arrays, to be filled.
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
  ///
  /// - Precondition: Less than 4 GiB in all, and fewer than 65,536 arrays: a ZIP archive without extensions.
  public var bytes: [UInt8] {
    var zip = ZipArchive()
    for (name, array) in arrays { zip.add("\(name).npy", array.bytes) }
    return zip.bytes
  }

  /// Reads an archive's bytes.
  ///
  /// - Parameter file: The file's name in errors.
  /// - Throws: A `SurefootError` for an archive that is damaged, or whose arrays hold more than 1 GiB together.
  public init(bytes: [UInt8], file: String) throws(SurefootError) {
    let zip = try ZipArchive(bytes: bytes, file: file) { $0.hasSuffix(".npy") }
    for (path, data) in zip.files {
      let name = String(path.dropLast(4))
      self[name] = try NumPyArray(bytes: data, file: "\(file): \(name.prefix(60))")
    }
  }
}
