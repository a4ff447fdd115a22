public import Kinematics
public import Support

/// Where a node stands in its parent: at rest as the file has it, and at every time.
struct GLTFNodeMotion {
  /// The resting place in the parent, in the parent's own lengths.
  private(set) var place = SIMD3<Double>.zero
  /// The resting rotation in the parent.
  private(set) var turn = Quaternion.identity
  /// By how much lengths below it are larger than its parent's; the same at all times.
  private(set) var scale = 1.0
  /// The largest share by which the scale differs between axes, or from time to time.
  private(set) var scaleFault = 0.0

  private var moving: GLTFTrack?
  private var turning: GLTFTrack?

  init(_ node: GLTFDocument.Node, tracks: [String: GLTFTrack], file: String) throws(SurefootError) {
    let name = "node '\(node.name?.prefix(60) ?? "")'"
    if let matrix = node.matrix {
      try decompose(matrix, name, file)
    } else {
      place = try Self.vector(node.translation ?? [0, 0, 0], "translation", name, file)
      let q = node.rotation ?? [0, 0, 0, 1]
      guard q.count == 4, q.allSatisfy(\.isFinite), abs(q.reduce(0) { $0 + $1 * $1 } - 1) < 0.05 else {
        throw SurefootError(file: file, message: "the rotation of \(name) is none", suggestion: "export it again")
      }
      turn = Quaternion(w: q[3], x: q[0], y: q[1], z: q[2]).normalized
      setScale(try Self.vector(node.scale ?? [1, 1, 1], "scale", name, file))
    }
    if let track = tracks["scale"] {
      setScale(track.vector(at: track.times[0]))
      if !track.isConstant(1e-3 * max(abs(scale), 1e-9)) { scaleFault = .infinity }
    }
    (moving, turning) = (tracks["translation"], tracks["rotation"])
  }

  /// The place in the parent at a time.
  func place(at time: Double) -> SIMD3<Double> { moving?.vector(at: time) ?? place }

  /// The rotation in the parent at a time.
  func turn(at time: Double) -> Quaternion { turning?.rotation(at: time) ?? turn }

  private mutating func setScale(_ v: SIMD3<Double>) {
    scale = (v.x + v.y + v.z) / 3
    scaleFault = max(abs(v.x - scale), abs(v.y - scale), abs(v.z - scale)) / max(abs(scale), 1e-12)
  }

  /// Columns first. Shear and mirroring are faults of the scale.
  private mutating func decompose(_ m: [Double], _ name: String, _ file: String) throws(SurefootError) {
    guard m.count == 16, m.allSatisfy({ $0.isFinite && abs($0) < FixedPoint.largest }) else {
      throw SurefootError(file: file, message: "the matrix of \(name) is not 16 numbers", suggestion: "export it again")
    }
    let columns = [0, 4, 8].map { SIMD3(m[$0], m[$0 + 1], m[$0 + 2]) }
    place = SIMD3(m[12], m[13], m[14])
    setScale(SIMD3(columns[0].length, columns[1].length, columns[2].length))
    let unit = columns.map(\.normalized)
    let lean = max(abs(unit[0].dot(unit[1])), abs(unit[1].dot(unit[2])), abs(unit[2].dot(unit[0])))
    if lean > 1e-3 || unit[0].cross(unit[1]).dot(unit[2]) < 0 { scaleFault = .infinity }
    turn = Quaternion(columns: unit[0], unit[1], unit[2])
  }

  private static func vector(
    _ numbers: [Double], _ what: String, _ name: String, _ file: String
  ) throws(SurefootError) -> SIMD3<Double> {
    guard numbers.count == 3, numbers.allSatisfy({ $0.isFinite && abs($0) < FixedPoint.largest }) else {
      throw SurefootError(
        file: file, message: "the \(what) of \(name) is not three numbers", suggestion: "export it again")
    }
    return SIMD3(numbers[0], numbers[1], numbers[2])
  }
}
