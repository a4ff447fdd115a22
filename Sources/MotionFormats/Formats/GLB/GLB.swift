public import Foundation
import Kinematics
public import Support
public import Retargeting

/// Binary glTF 2.0: one file with skeleton, skin and animation that web viewers, engines and Blender open.
///
///     try GLB.write(clip, to: url)
///     let reading = try GLB.reading(contentsOf: other, animation: "Walk")
///
/// Each joint is a node; a figure of bones is skinned to them, which is what a viewer shows. At rest the figure
/// stands on the floor at the origin; the animation turns every joint and moves the root, one key a frame. Lengths are
/// metres and Y is up, as the format demands, also if the clip's convention is another. Files of any exporter are
/// read, see ``reading(contentsOf:frameRate:animation:)``; `extras` hold the tips and the frame time. A motion far from the
/// origin is written below a node that is there, because its keys are in single precision.
public enum GLB {
  /// Writes a clip. The file appears whole or not at all.
  ///
  /// - Returns: A sentence on joints of one name, which are renamed: nodes are animated by name in some programs.
  /// - Throws: A `SurefootError` for a motion with numbers outside ``MotionLimits``, or with 65,536 joints.
  @discardableResult
  public static func write(_ clip: Clip, to url: URL) throws(SurefootError) -> [String] {
    try write(clip, to: url, humanBones: nil)
  }

  /// Writes a clip; with VRM's names of joints as a VRM animation.
  static func write(_ clip: Clip, to url: URL, humanBones: [String: Int]?) throws(SurefootError) -> [String] {
    try clip.motion.checkWritable(file: url.path)
    guard clip.motion.skeleton.count < 65_536 else {
      throw SurefootError(file: url.path, message: "a skin has at most 65535 joints", suggestion: "write BVH")
    }
    let names = JointNames.unique(clip.motion.skeleton.names)
    var writer = GLBWriter(clip, names: names, humanBones: humanBones)
    try AtomicFile.write(Data(try writer.bytes(file: url.path)), to: url)
    return JointNames.note(from: clip.motion.skeleton.names, to: names).map { [$0] } ?? []
  }
}

/// The document of one clip.
private struct GLBWriter {
  private let clip: Clip
  private let names: [String]
  private let humanBones: [String: Int]?
  private var buffer = GLTFBuffer()
  /// The position of the node above the root; zero for a motion near the origin, which needs none.
  private let origin: SIMD3<Double>

  init(_ clip: Clip, names: [String], humanBones: [String: Int]?) {
    self.clip = clip
    self.names = names
    self.humanBones = humanBones
    // Single precision is good to 8 micrometres at 100 m.
    let isFar = clip.motion.poses.contains { $0.rootPosition.length > 100 }
    origin = isFar ? clip.motion.poses[0].rootPosition.rounded(.toNearestOrAwayFromZero) : .zero
  }

  private var skeleton: Skeleton { clip.motion.skeleton }

  /// The height of the root at rest, so that the lowest joint or tip touches the floor.
  private var restHeight: Double {
    let rest = skeleton.restPositions
    let tips = skeleton.joints.enumerated().compactMap { index, joint in joint.endSite.map { rest[index] + $0 } }
    return -((rest + tips).map(\.y).min() ?? 0)
  }

  mutating func bytes(file: String) throws(SurefootError) -> [UInt8] {
    let root = SIMD3(0, restHeight, 0)
    let rest = skeleton.restPositions.map { $0 + root }
    var document = GLTF(scenes: [.init(nodes: [0])], nodes: nodes(root: root))
    if origin != .zero {
      document.scenes[0].nodes = [document.nodes.count]
      document.nodes.append(.init(name: "Origin", children: [0], translation: [origin.x, origin.y, origin.z]))
    }
    addFigure(at: rest, to: &document)
    document.animations = [animation()]
    if let humanBones { document.extensions = GLTF.Extensions(humanBones: humanBones) }
    var binary = buffer.bytes
    binary += [UInt8](repeating: 0, count: (4 - binary.count % 4) % 4)
    document.buffers = [.init(byteLength: binary.count)]
    document.bufferViews = buffer.views
    document.accessors = buffer.accessors
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let encoded = try? encoder.encode(document) else {
      throw SurefootError(file: file, message: "cannot be encoded as glTF")
    }
    var json = [UInt8](encoded)
    json += [UInt8](repeating: 0x20, count: (4 - json.count % 4) % 4)
    return Self.container(json, binary)
  }

  private func nodes(root: SIMD3<Double>) -> [GLTF.Node] {
    skeleton.joints.indices.map { index in
      let place = index == 0 ? root : skeleton.joints[index].offset
      let children = skeleton.children[index]
      let tip = skeleton.joints[index].endSite.map { GLTF.Node.Extras(endSite: "\($0.x) \($0.y) \($0.z)") }
      return GLTF.Node(
        name: names[index], children: children.isEmpty ? nil : children, translation: [place.x, place.y, place.z],
        extras: tip)
    }
  }

  private mutating func addFigure(at rest: [SIMD3<Double>], to document: inout GLTF) {
    // At rest no joint is turned, so the inverse of its matrix only moves back: columns first.
    let matrices = rest.map { [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -$0.x, -$0.y, -$0.z, 1] }
    document.skins = [.init(inverseBindMatrices: buffer.floats(matrices, "MAT4"), joints: Array(rest.indices))]
    let shapes = BoneShapes(skeleton, at: rest)
    // A skeleton without any length has no bones to show.
    guard !shapes.vertices.isEmpty else { return }
    let weights = Array(repeating: [1.0, 0, 0, 0], count: shapes.vertices.count)
    let attributes = [
      "POSITION": buffer.floats(
        shapes.vertices.map { [$0.x, $0.y, $0.z] }, "VEC3", target: .vertices, isBounded: true),
      "JOINTS_0": buffer.joints(shapes.joints),
      "WEIGHTS_0": buffer.floats(weights, "VEC4", target: .vertices),
    ]
    document.meshes = [
      .init(name: "bones", primitives: [.init(attributes: attributes, indices: buffer.indices(shapes.indices))])
    ]
    document.scenes[0].nodes.append(document.nodes.count)
    document.nodes.append(.init(name: "Figure", mesh: 0, skin: 0))
  }

  private mutating func animation() -> GLTF.Animation {
    let motion = clip.motion
    var animation = GLTF.Animation(
      name: clip.name.isEmpty ? "motion" : clip.name, extras: .init(frameTime: motion.frameTime))
    let times = buffer.floats(motion.poses.indices.map { [Double($0) * motion.frameTime] }, "SCALAR", isBounded: true)
    func add(_ output: Int, _ node: Int, _ path: String) {
      animation.channels.append(.init(sampler: animation.samplers.count, target: .init(node: node, path: path)))
      animation.samplers.append(.init(input: times, output: output))
    }
    let moving = Set(motion.poses.flatMap(\.translations.keys)).union([0])
    for joint in moving.sorted() {
      let keys = motion.poses.map { pose in
        let place = joint == 0 ? pose.rootPosition - origin : pose.translations[joint] ?? skeleton.joints[joint].offset
        return [place.x, place.y, place.z]
      }
      add(buffer.floats(keys, "VEC3"), joint, "translation")
    }
    for joint in skeleton.joints.indices { add(buffer.floats(turns(of: joint), "VEC4"), joint, "rotation") }
    return animation
  }

  /// Keys `x y z w` on one side of the four-dimensional sphere, so that no player takes the long way round.
  private func turns(of joint: Int) -> [[Double]] {
    var previous = Quaternion.identity
    return clip.motion.poses.map { pose in
      let turn = pose.rotations[joint].normalized
      let near = turn.dot(previous) < 0 ? Quaternion(w: -turn.w, imaginary: -turn.imaginary) : turn
      previous = near
      return [near.imaginary.x, near.imaginary.y, near.imaginary.z, near.w]
    }
  }

  private static func container(_ json: [UInt8], _ binary: [UInt8]) -> [UInt8] {
    var file = Array("glTF".utf8)
    file.append(littleEndian: UInt32(2))
    file.append(littleEndian: UInt32(12 + 8 + json.count + 8 + binary.count))
    file.append(littleEndian: UInt32(json.count))
    file += Array("JSON".utf8) + json
    file.append(littleEndian: UInt32(binary.count))
    file += Array("BIN".utf8) + [0] + binary
    return file
  }
}

/// A figure of bones to look at: an octahedron from each joint to each of its children and to its End Site.
struct BoneShapes {
  private(set) var vertices: [SIMD3<Double>] = []
  /// The joint that each vertex follows.
  private(set) var joints: [Int] = []
  /// Three vertices a triangle, counter-clockwise from outside.
  private(set) var indices: [Int] = []

  /// The bones of a skeleton whose joints stand at `positions`.
  init(_ skeleton: Skeleton, at positions: [SIMD3<Double>]) {
    for (index, joint) in skeleton.joints.enumerated() {
      let below = skeleton.children[index].map { positions[$0] }
      for tip in below + [joint.endSite.map { positions[index] + $0 }].compactMap({ $0 }) {
        addBone(from: positions[index], to: tip, following: index)
      }
    }
  }

  private mutating func addBone(from start: SIMD3<Double>, to end: SIMD3<Double>, following joint: Int) {
    let bone = end - start
    guard bone.length > 1e-6 else { return }
    let direction = bone.normalized
    let helper: SIMD3<Double> = abs(direction.y) < 0.9 ? .unitY : .unitX
    let side = direction.cross(helper).normalized
    let other = direction.cross(side)
    let (width, waist) = (min(0.1 * bone.length, 0.03), start + 0.15 * bone)
    let first = vertices.count
    vertices += [
      start, waist + side * width, waist + other * width, waist - side * width, waist - other * width, end,
    ]
    joints += Array(repeating: joint, count: 6)
    for corner in 0..<4 {
      let (a, b) = (first + 1 + corner, first + 1 + (corner + 1) % 4)
      indices += [first, b, a, first + 5, a, b]
    }
  }
}

/// The format of ``GLB`` files.
public struct GLBFormat: MotionFileFormat {
  /// The format's name.
  public let name = "glb"
  /// `.glb`.
  public let fileExtensions = ["glb"]
  /// Metres with Y up.
  public let traits = MotionFileTraits()

  /// The format, to give to a writer or a registry.
  public init() {}

  /// Whether the document mentions animations: most GLB files are things that do not move.
  public func looksLike(_ head: FileHead) -> Bool {
    let start = head.bytes(upTo: 20)
    guard start.count == 20 else { return false }
    let length = Int(start.littleEndian(UInt32.self, at: 12))
    return Data(head.bytes(upTo: 20 + min(length, 1 << 26))).range(of: Data("\"animations\"".utf8)) != nil
  }

  /// Reads a file; see ``GLB/reading(contentsOf:frameRate:animation:)``.
  public func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    try GLB.reading(contentsOf: url, frameRate: options.captureRate, animation: options.animation)
  }

  /// Writes a file; see ``GLB/write(_:to:)``.
  public func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    try GLB.write(clip, to: url)
  }
}

extension MotionFileFormat where Self == GLBFormat {
  /// Binary glTF; see ``GLB``.
  public static var glb: GLBFormat { GLBFormat() }
}
