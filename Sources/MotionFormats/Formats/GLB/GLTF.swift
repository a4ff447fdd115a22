import Kinematics

/// As much of a glTF 2.0 document as a skinned, animated figure needs; names are the specification's
/// (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html).
struct GLTF: Encodable {
  struct Asset: Encodable {
    var version = "2.0"
    var generator = "Surefoot"
  }
  struct Scene: Encodable {
    var nodes: [Int]
  }
  struct Node: Encodable {
    var name: String
    var children: [Int]?
    var translation: [Double]?
    var mesh: Int?
    var skin: Int?
    var extras: Extras?

    /// What the format has no place for: the tip of a joint without children, `x y z`. A text: assimp fails on lists.
    struct Extras: Encodable {
      var endSite: String
    }
  }
  struct Mesh: Encodable {
    struct Primitive: Encodable {
      var attributes: [String: Int]
      var indices: Int
      var material = 0
    }
    var name: String
    var primitives: [Primitive]
  }
  struct Material: Encodable {
    struct Surface: Encodable {
      var baseColorFactor = [0.55, 0.65, 0.75, 1]
      var metallicFactor = 0.0
      var roughnessFactor = 0.8
    }
    var name = "bones"
    var pbrMetallicRoughness = Surface()
    var doubleSided = true
  }
  struct Skin: Encodable {
    var inverseBindMatrices: Int
    var joints: [Int]
    var skeleton = 0
  }
  struct Animation: Encodable {
    struct Sampler: Encodable {
      var input: Int
      var output: Int
      var interpolation = "LINEAR"
    }
    struct Channel: Encodable {
      struct Target: Encodable {
        var node: Int
        var path: String
      }
      var sampler: Int
      var target: Target
    }
    var name: String
    var samplers: [Sampler] = []
    var channels: [Channel] = []
    var extras: Extras

    /// What the format has no place for: seconds from key to key, in double precision.
    struct Extras: Encodable {
      var frameTime: Double
    }
  }
  struct Buffer: Encodable {
    var byteLength: Int
  }
  struct BufferView: Encodable {
    var buffer = 0
    var byteOffset: Int
    var byteLength: Int
    var target: Int?
  }
  struct Accessor: Encodable {
    var bufferView: Int
    var componentType: Int
    var count: Int
    var type: String
    var min: [Double]?
    var max: [Double]?
  }

  /// VRM animation: which node is which bone of a humanoid.
  struct Extensions: Encodable {
    struct Bone: Encodable {
      var node: Int
    }
    struct Humanoid: Encodable {
      var humanBones: [String: Bone]
    }
    struct Animation: Encodable {
      var specVersion = "1.0"
      var humanoid: Humanoid
    }
    private enum CodingKeys: String, CodingKey { case animation = "VRMC_vrm_animation" }
    var animation: Animation

    init(humanBones: [String: Int]) {
      animation = Animation(humanoid: Humanoid(humanBones: humanBones.mapValues { Bone(node: $0) }))
    }
  }

  var asset = Asset()
  /// None in a file that needs no extension.
  private(set) var extensionsUsed: [String]?
  var extensions: Extensions? {
    didSet { extensionsUsed = extensions.map { _ in ["VRMC_vrm_animation"] } }
  }
  var scene = 0
  var scenes: [Scene]
  var nodes: [Node]
  var meshes: [Mesh] = []
  var materials = [Material()]
  var skins: [Skin] = []
  var animations: [Animation] = []
  var buffers: [Buffer] = []
  var bufferViews: [BufferView] = []
  var accessors: [Accessor] = []

  init(scenes: [Scene], nodes: [Node]) { (self.scenes, self.nodes) = (scenes, nodes) }
}

/// The binary part of a GLB file, filled array by array.
struct GLTFBuffer {
  /// What a view is for (`bufferView.target`).
  enum Target: Int {
    case vertices = 34962
    case indices = 34963
  }

  private(set) var bytes: [UInt8] = []
  private(set) var views: [GLTF.BufferView] = []
  private(set) var accessors: [GLTF.Accessor] = []

  /// Appends vectors of single-precision numbers.
  ///
  /// - Parameter isBounded: Whether their range is declared, which the specification asks for times and positions.
  /// - Returns: The accessor's index.
  mutating func floats(
    _ values: [[Double]], _ type: String, target: Target? = nil, isBounded: Bool = false
  ) -> Int {
    var accessor = GLTF.Accessor(bufferView: views.count, componentType: 5126, count: values.count, type: type)
    if isBounded, let width = values.first?.count {
      // The range of the numbers as written: rounding to single precision must not leave it.
      let rounded = values.map { $0.map { Double(Float($0)) } }
      accessor.min = (0..<width).map { column in rounded.map { $0[column] }.min() ?? 0 }
      accessor.max = (0..<width).map { column in rounded.map { $0[column] }.max() ?? 0 }
    }
    let start = bytes.count
    for value in values { for number in value { bytes.append(float32: number) } }
    return finish(accessor, from: start, target)
  }

  /// Appends vertex indices.
  mutating func indices(_ values: [Int]) -> Int {
    let start = bytes.count
    for value in values { bytes.append(littleEndian: UInt32(value)) }
    let accessor = GLTF.Accessor(bufferView: views.count, componentType: 5125, count: values.count, type: "SCALAR")
    return finish(accessor, from: start, .indices)
  }

  /// Appends the one joint that each vertex follows.
  mutating func joints(_ values: [Int]) -> Int {
    let start = bytes.count
    for value in values { for slot in [value, 0, 0, 0] { bytes.append(littleEndian: UInt16(slot)) } }
    let accessor = GLTF.Accessor(bufferView: views.count, componentType: 5123, count: values.count, type: "VEC4")
    return finish(accessor, from: start, .vertices)
  }

  private mutating func finish(_ accessor: GLTF.Accessor, from start: Int, _ target: Target?) -> Int {
    views.append(GLTF.BufferView(byteOffset: start, byteLength: bytes.count - start, target: target?.rawValue))
    accessors.append(accessor)
    return accessors.count - 1
  }
}
