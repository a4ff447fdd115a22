import Foundation
public import Kinematics
public import Rendering

/// A motion in the form of the player's page: points in 16-bit steps, physics in floats, all in base 64.
///
/// At most 60 frames a second are kept: of a faster motion every second or third frame and so on. A step is at most 1/65 000 of
/// the motion's extent: 0.2 mm of 12 m.
public struct PackedMotion: Sendable, Encodable {
  /// The name in the player.
  public var name: String
  /// Frames a second that are kept.
  public var fps: Double
  /// How many frames are kept.
  public var frames: Int
  /// How many points a frame has.
  var points: Int
  /// The joints' names, the first of the points.
  var names: [String]
  /// The points of canonical joints.
  var joints: [String: Int]
  /// The point that the camera follows.
  var root: Int
  /// The metres of a step.
  var scale: Double
  /// The position of step 0 [m].
  var origin: [Double]
  /// By frame and point: x, y and z as little-endian 16-bit integers.
  var positions: String
  /// `[from, to, fromRadius, toRadius, part]`.
  var limbs: [[Double]]
  var trace: Trace?
  /// The contacts that the page's editor shows; none without an editor.
  var contacts: PackedContacts?
  /// The corners of the boxes that the body stands on, x, y and z of eight each [m]; absent without any.
  var boxes: [[Double]]?

  /// ``MotionTrace`` as little-endian 32-bit floats, touches as bytes.
  struct Trace: Sendable, Encodable {
    var residual: String
    var force: String
    var torque: String
    var lowest: String
    var skate: String
    var touches: String
  }

  /// Packs a motion. With contacts, the player has a contact editor.
  ///
  /// - Precondition: At least one frame, finite numbers; the trace is of the same frames.
  public init(
    name: String, motion: Motion, mannequin: Mannequin? = nil, trace: MotionTrace? = nil,
    contacts: PackedContacts? = nil, ground: Ground = .flat
  ) {
    precondition(motion.count > 0 && motion.isFinite, "frames of finite numbers")
    let mannequin = mannequin ?? Mannequin(motion.skeleton, standingIn: motion)
    let every = max(1, Int((motion.frameRate / 60 - 0.02).rounded(.up)))
    let kept = Array(stride(from: 0, to: motion.count, by: every))
    self.name = name
    self.contacts = contacts
    if !ground.isFlat {
      boxes = ground.boxes.map { $0.corners.flatMap { [$0.x, $0.y, $0.z].map { ($0 * 1e4).rounded() / 1e4 } } }
    }
    fps = (motion.frameRate / Double(every) * 1e6).rounded() / 1e6
    frames = kept.count
    points = mannequin.pointCount
    names = motion.skeleton.names
    joints = Dictionary(uniqueKeysWithValues: mannequin.joints.map { ("\($0.key)", $0.value) })
    root = mannequin.joints[.pelvis] ?? 0
    let places = kept.flatMap { mannequin.points(of: motion.skeleton.frames(of: motion.poses[$0])) }
    let low = places.reduce(SIMD3(repeating: Double.infinity)) { pointwiseMin($0, $1) }
    let high = places.reduce(SIMD3(repeating: -Double.infinity)) { pointwiseMax($0, $1) }
    let middle = (low + high) / 2
    scale = max((high - low).max() / 65000, 1e-6)
    origin = [middle.x, middle.y, middle.z]
    positions = PackedMotion.steps(places, middle, scale)
    limbs = mannequin.limbs.map { limb in
      [Double(limb.from), Double(limb.to)] + [limb.fromRadius, limb.toRadius].map { ($0 * 1e4).rounded() / 1e4 }
        + [Double(limb.part.rawValue)]
    }
    self.trace = trace.map { PackedMotion.pack($0, kept) }
  }

  /// The JSON text, safe inside a page's script element.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(self) else { preconditionFailure("a packed motion has finite numbers") }
    let escapes: [UInt8: String] = [
      UInt8(ascii: "<"): "\\u003C", UInt8(ascii: "&"): "\\u0026", UInt8(ascii: ">"): "\\u003E",
    ]
    return String(decoding: data.flatMap { byte in escapes[byte].map { Array($0.utf8) } ?? [byte] }, as: UTF8.self)
  }

  private static func steps(_ places: [SIMD3<Double>], _ middle: SIMD3<Double>, _ scale: Double) -> String {
    var data = Data(capacity: 6 * places.count)
    for place in places {
      let step = (place - middle) / scale
      for axis in 0..<3 {
        let value = UInt16(bitPattern: Int16(min(max(step[axis].rounded(), -32767), 32767)))
        data.append(UInt8(truncatingIfNeeded: value))
        data.append(UInt8(truncatingIfNeeded: value >> 8))
      }
    }
    return data.base64EncodedString()
  }

  private static func pack(_ trace: MotionTrace, _ kept: [Int]) -> Trace {
    func floats(_ values: [Double]) -> String {
      var data = Data(capacity: 4 * values.count)
      for value in values {
        let bits = Float(value.isFinite ? value : 0).bitPattern
        for shift in [0, 8, 16, 24] { data.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift))) }
      }
      return data.base64EncodedString()
    }
    func flat(_ vectors: [SIMD3<Double>]) -> [Double] {
      kept.flatMap { [vectors[$0].x, vectors[$0].y, vectors[$0].z] }
    }
    let touches = kept.flatMap { [trace.touches[$0].left.rawValue, trace.touches[$0].right.rawValue] }
    return Trace(
      residual: floats(kept.map { trace.residual[$0] }), force: floats(flat(trace.force)),
      torque: floats(flat(trace.torque)),
      lowest: floats(flat(trace.lowest)), skate: floats(kept.map { trace.skate[$0] }),
      touches: Data(touches).base64EncodedString())
  }
}
