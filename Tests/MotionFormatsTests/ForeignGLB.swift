import Foundation
@testable import Kinematics
@testable import MotionFormats

/// A GLB file as another exporter writes it: joints with resting turns of their own, under an armature that is turned,
/// moved and scaled, a mesh beside them, and keys of any kind.
struct ForeignGLB {
  enum Numbers { case floats, shorts }

  var document: [String: Any] = [:]
  var binary: [UInt8] = []
  private var views: [[String: Any]] = []
  private var accessors: [[String: Any]] = []

  init(_ motion: Motion, interpolation: String = "LINEAR", numbers: Numbers = .floats, every: Int = 1) {
    let skeleton = motion.skeleton
    let armature = (place: SIMD3(1.0, -0.5, 2), turn: Quaternion(angle: -.pi / 2, axis: .unitX), scale: 0.01)
    let rest = skeleton.joints.indices.map { Quaternion(rotationVector: SIMD3(sin(Double($0)), 0.3 * Double($0), 0.7)) }
    func parentTurn(_ joint: Int) -> Quaternion { skeleton.joints[joint].parent.map { rest[$0] } ?? armature.turn }
    func local(_ place: SIMD3<Double>, _ joint: Int) -> [Double] {
      let away = joint == 0 ? place - armature.place : place
      let v = parentTurn(joint).inverse.act(away) / armature.scale
      return [v.x, v.y, v.z]
    }
    func four(_ q: Quaternion) -> [Double] { [q.imaginary.x, q.imaginary.y, q.imaginary.z, q.w] }
    var nodes: [[String: Any]] = [
      [
        "name": "Armature", "children": [1, skeleton.count + 1], "rotation": four(armature.turn),
        "translation": [1.0, -0.5, 2], "scale": [0.01, 0.01, 0.01],
      ]
    ]
    for (index, joint) in skeleton.joints.enumerated() {
      nodes.append([
        "name": joint.name, "children": skeleton.children[index].map { $0 + 1 },
        "rotation": four(parentTurn(index).inverse * rest[index]),
        "translation": local(index == 0 ? armature.place : joint.offset, index),
      ])
      if skeleton.children[index].isEmpty { nodes[index + 1]["children"] = nil }
    }
    nodes.append(["name": "Body", "mesh": 0, "skin": 0])
    let keys = Array(stride(from: 0, to: motion.count, by: every))
    let times = add(keys.map { [Double($0) * motion.frameTime + 0.5] }, "SCALAR", .floats)
    var (channels, samplers) = ([[String: Any]](), [[String: Any]]())
    func animate(_ node: Int, _ path: String, _ output: Int) {
      channels.append(["sampler": samplers.count, "target": ["node": node, "path": path]])
      samplers.append(["input": times, "output": output, "interpolation": interpolation])
    }
    animate(1, "translation", add(keys.map { local(motion.poses[$0].rootPosition, 0) }, "VEC3", .floats))
    for joint in skeleton.joints.indices {
      let turns = keys.map { four(parentTurn(joint).inverse * motion.poses[$0].rotations[joint] * rest[joint]) }
      animate(joint + 1, "rotation", add(turns, "VEC4", numbers))
    }
    document = [
      "asset": ["version": "2.0", "extras": 3], "scene": 0, "scenes": [["nodes": [0]]], "nodes": nodes,
      "skins": [["joints": Array(1...skeleton.count)]], "meshes": [], "extras": ["anything"],
      "animations": [["name": "Take 001", "channels": channels, "samplers": samplers, "extras": "text"]],
      "buffers": [["byteLength": binary.count]], "bufferViews": views, "accessors": accessors,
    ]
  }

  /// Appends rows as an accessor; its elements lie 4 bytes farther apart than they need.
  private mutating func add(_ rows: [[Double]], _ type: String, _ numbers: Numbers) -> Int {
    let start = binary.count
    for row in rows {
      for value in row {
        switch numbers {
        case .floats: binary.append(float32: value)
        case .shorts: binary.append(littleEndian: UInt16(bitPattern: Int16((value * 32767).rounded())))
        }
      }
      binary += [0, 0, 0, 0]
    }
    let width = (rows.first?.count ?? 1) * (numbers == .floats ? 4 : 2)
    views.append(["buffer": 0, "byteOffset": start, "byteLength": binary.count - start, "byteStride": width + 4])
    accessors.append([
      "bufferView": views.count - 1, "componentType": numbers == .floats ? 5126 : 5122, "count": rows.count,
      "type": type, "normalized": numbers == .shorts,
    ])
    return accessors.count - 1
  }

  /// The file.
  func bytes() throws -> [UInt8] {
    var json = [UInt8](try JSONSerialization.data(withJSONObject: document))
    json += [UInt8](repeating: 0x20, count: (4 - json.count % 4) % 4)
    var file = Array("glTF".utf8)
    for number in [2, 28 + json.count + binary.count, json.count] { file.append(littleEndian: UInt32(number)) }
    file += Array("JSON".utf8) + json
    file.append(littleEndian: UInt32(binary.count))
    return file + Array("BIN".utf8) + [0] + binary
  }
}
