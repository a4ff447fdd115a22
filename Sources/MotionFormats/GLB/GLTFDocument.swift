import Foundation
public import Kinematics
public import Support

/// What is read of a glTF 2.0 document of any exporter; names are the specification's
/// (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html).
struct GLTFDocument: Decodable {
  struct Asset: Decodable {
    var version: String
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
  }
  struct Accessor: Decodable {
    /// That there is something, whatever it is.
    struct Presence: Decodable {
      init(from decoder: any Decoder) {}
    }
    var bufferView: Int?
    var byteOffset: Int?
    var componentType: Int
    var normalized: Bool?
    var count: Int
    var type: String
    var sparse: Presence?
  }

  /// What our writer adds, and readers are free to ignore. Another program's may be of any kind.
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

  /// Extensions that change looks alone.
  private static let harmless = ["KHR_materials", "KHR_texture", "KHR_lights", "EXT_texture", "KHR_draco"]

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
    let needed = (extensionsRequired ?? []).filter { name in !Self.harmless.contains { name.hasPrefix($0) } }
    guard needed.isEmpty else {
      throw SurefootError(
        file: file, message: "needs the extension \(needed[0].prefix(60)), which is not read",
        suggestion: "export it without compression and extensions")
    }
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
