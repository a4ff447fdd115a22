import Kinematics
import Support
import Foundation

/// The parts of a glTF 2.0 document that are read; names are the specification's
/// (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html).
struct GLTFDocument: Decodable {
  struct Asset: Decodable {
    var version: String
  }
  /// Something of any kind, only whose presence matters.
  struct Presence: Decodable {
    init(from decoder: any Decoder) {}
  }
  struct Node: Decodable {
    var name: String?
    var children: [Int]?
    var translation: [Double]?
    var rotation: [Double]?
    var scale: [Double]?
    var matrix: [Double]?
    var mesh: Int?
    var camera: Int?
    var extras: Extras?
    var extensions: [String: Presence]?
  }
  struct Skin: Decodable {
    var joints: [Int]
  }
  struct Animation: Decodable {
    struct Sampler: Decodable {
      var input: Int
      var output: Int
      var interpolation: String?
    }
    struct Channel: Decodable {
      struct Target: Decodable {
        var node: Int?
        var path: String
      }
      var sampler: Int
      var target: Target
    }
    var name: String?
    var samplers: [Sampler]
    var channels: [Channel]
    var extras: Extras?
    var extensions: [String: Presence]?
  }
  struct Buffer: Decodable {
    var byteLength: Int
    var uri: String?
  }
  struct BufferView: Decodable {
    var buffer: Int
    var byteOffset: Int?
    var byteLength: Int
    var byteStride: Int?
    var extensions: [String: Presence]?
  }
  struct Accessor: Decodable {
    var bufferView: Int?
    var byteOffset: Int?
    var componentType: Int
    var normalized: Bool?
    var count: Int
    var type: String
    var sparse: Presence?
  }

  /// The data that our writer adds and readers may ignore. Those of other programs may be of any kind.
  struct Extras: Decodable {
    /// The tip of a joint without children, in its frame [m].
    var endSite: [Double]?
    /// Seconds from key to key of an animation.
    var frameTime: Double?

    private enum Keys: CodingKey { case endSite, frameTime }

    init(from decoder: any Decoder) {
      guard let container = try? decoder.container(keyedBy: Keys.self) else { return }
      endSite = (try? container.decode(String.self, forKey: .endSite))?.split(separator: " ").compactMap { Double($0) }
      frameTime = try? container.decode(Double.self, forKey: .frameTime)
    }
  }

  var asset: Asset
  var extensionsRequired: [String]?
  var nodes: [Node]?
  var skins: [Skin]?
  var animations: [Animation]?
  var buffers: [Buffer]?
  var bufferViews: [BufferView]?
  var accessors: [Accessor]?

  /// Beginnings of the names of extensions that nodes and animations may carry without moving.
  private static let harmless = ["KHR_lights", "KHR_node_", "KHR_xmp", "KHR_audio", "EXT_mesh", "MSFT_lod", "VRM"]

  /// The document in a file's JSON chunk.
  init(json: Data, file: String) throws(SurefootError) {
    do {
      self = try JSONDecoder().decode(GLTFDocument.self, from: json)
    } catch let error as DecodingError {
      throw SurefootError(
        file: file, message: "its glTF document is damaged (\(Self.place(of: error)))", suggestion: "export it again")
    } catch {
      throw SurefootError(file: file, message: "its glTF document cannot be read", suggestion: "export it again")
    }
    guard asset.version.hasPrefix("2") else {
      throw SurefootError(
        file: file, message: "is glTF \(asset.version.prefix(20)); only glTF 2 is read",
        suggestion: "export it as glTF 2.0")
    }
  }

  /// Refuses required extensions that may change the skeleton or the keys. Others are ignored: they change looks,
  /// meshes, or what a character may be used for.
  func check(extensionsOf nodes: [Int], _ animation: Animation, file: String) throws(SurefootError) {
    let required = Set(extensionsRequired ?? []).filter { name in !Self.harmless.contains { name.hasPrefix($0) } }
    guard !required.isEmpty else { return }
    let carried = nodes.compactMap { self.nodes?[$0].extensions } + [animation.extensions ?? [:]]
    guard let name = carried.lazy.flatMap(\.keys).first(where: required.contains) else { return }
    throw Self.notRead(name, file)
  }

  /// The error for an extension that the skeleton or the keys depend on.
  static func notRead(_ name: String, _ file: String) -> SurefootError {
    SurefootError(
      file: file, message: "its animation needs the extension \(name.prefix(60)), which is not read",
      suggestion: "export it without compression and extensions")
  }

  private static func place(of error: DecodingError) -> String {
    let (path, what) =
      switch error {
      case .keyNotFound(let key, let context): (context.codingPath, "'\(key.stringValue)' is missing")
      case .typeMismatch(_, let context), .valueNotFound(_, let context): (context.codingPath, "of another type")
      case .dataCorrupted(let context): (context.codingPath, "no JSON")
      @unknown default: ([], "no JSON")
      }
    let place = path.reduce("") { text, key in
      key.intValue.map { "\(text)[\($0)]" } ?? (text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)")
    }
    return place.isEmpty ? what : "\(place): \(what)"
  }
}

/// The numbers of a glTF file's accessors, checked against what is there.
struct GLTFNumbers {
  let document: GLTFDocument
  /// The binary chunk.
  let binary: ArraySlice<UInt8>
  let file: String
  /// The accessors that were read: many animations share their times.
  private var read: [Int: [Double]] = [:]
  /// How many more numbers may be read. Accessors that overlap could stand for any amount of memory.
  private var room: Int

  init(document: GLTFDocument, binary: ArraySlice<UInt8>, file: String) {
    (self.document, self.binary, self.file) = (document, binary, file)
    room = 4 * binary.count
  }

  /// How many components an element has.
  private static let widths = ["SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16]
  /// Bytes of a component, by its type's code.
  private static let sizes = [5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4]

  /// All components of an accessor's elements, one after another; normalised integers as the specification has them.
  ///
  /// - Parameter type: The type that the accessor must have.
  mutating func read(_ index: Int, _ type: String) throws(SurefootError) -> [Double] {
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
    if let numbers = read[index] { return numbers }
    let bytes = try view(of: accessor, index)
    let (start, count) = (accessor.byteOffset ?? 0, accessor.count)
    let stride = bytes.stride ?? width * size
    // Bounded by the bytes that are there before anything is multiplied.
    guard count > 0, count <= bytes.slice.count, (0...bytes.slice.count).contains(start),
      (width * size...65_536).contains(stride), start + (count - 1) * stride + width * size <= bytes.slice.count
    else { throw fault(index, "reaches beyond its bytes") }
    room -= count * width
    guard room >= 0 else { throw fault(index, "and others before it overlap too often") }
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
    read[index] = numbers
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
    if let name = (document.extensionsRequired ?? []).first(where: { view.extensions?[$0] != nil }) {
      throw GLTFDocument.notRead(name, file)
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
