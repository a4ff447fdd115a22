public import Foundation
public import Kinematics
import Retargeting
public import Support
import Yams

/// Surfaces that a clip needs beside the floor, as a YAML file names them.
///
///     # metres, in the clip's axes; the floor stays at height 0
///     boxes:
///       - centre: [0, 0.225, 0.4]
///         size: [0.5, 0.45, 0.5]
///         turn: [0, 30, 0]                # degrees about x, then y, then z
///     slopes:
///       - from: [0, 0, 1]                 # the middle of the lower edge
///         to: [0, 0.5, 4]                 # the middle of the upper edge
///         width: 1.2
///     steps:
///       - from: [2, 0, 0]                 # the middle of the lowest riser's foot
///         towards: [1, 0, 0]
///         count: 4
///         rise: 0.17
///         run: 0.28
///         width: 1
///
/// Read one for `--scene`, and make it the ground of a body by ``ground(up:)``. Slopes and steps become boxes.
public struct SceneFile: Sendable, Hashable {
  /// A surface as it is named, in the clip's axes.
  public enum Surface: Sendable, Hashable {
    /// A block: its middle and whole size [m], and its turns about x, y and z [degrees].
    case box(centre: SIMD3<Double>, size: SIMD3<Double>, turn: SIMD3<Double>)
    /// A plane between the middles of two edges of a width [m].
    case slope(from: SIMD3<Double>, to: SIMD3<Double>, width: Double)
    /// A flight of steps, each on the ground of the first [m].
    case steps(from: SIMD3<Double>, towards: SIMD3<Double>, count: Int, rise: Double, run: Double, width: Double)
  }

  /// A surface, and where the file names it.
  public struct Entry: Sendable, Hashable {
    /// The surface.
    public var surface: Surface
    /// The line in the file, from 1.
    public var line: Int?
    /// The column in the file, from 1.
    public var column: Int?

    /// A surface that comes from no file.
    public init(_ surface: Surface) { self.surface = surface }
  }

  /// The surfaces in the file's order: boxes, slopes, steps.
  public var entries: [Entry]
  /// The file's name, for messages.
  public var file: String

  /// A scene that is made in code.
  public init(entries: [Entry], file: String = "scene") {
    self.entries = entries
    self.file = file
  }

  /// The thickness of a slope [m].
  private static let slopeThickness = 0.1
  /// A body with this share of its joints deeper than this in a box is swallowed [m], in more than this share of frames.
  private static let swallowed = (joints: 1.0 / 3, depth: 0.1, frames: 0.1)

  /// The scene as a body stands on it, in metres with Y up.
  ///
  /// - Parameter up: The up axis of the clip's file, in whose axes the scene is.
  public func ground(up: Axis) -> Ground { Ground(boxes: entries.flatMap { boxes(of: $0.surface, up) }) }

  private func boxes(of surface: Surface, _ up: Axis) -> [Ground.Box] {
    func world(_ v: SIMD3<Double>) -> SIMD3<Double> { up == .z ? SIMD3(v.x, v.z, -v.y) : v }
    switch surface {
    case .box(let centre, let size, let turn):
      let turns = [SIMD3<Double>.unitX, .unitY, .unitZ].enumerated().map { axis, unit in
        Quaternion(angle: turn[axis] * .pi / 180, axis: world(unit))
      }
      let extents = up == .z ? SIMD3(size.x, size.z, size.y) : size
      return [Ground.Box(centre: world(centre), rotation: turns[2] * turns[1] * turns[0], halfExtents: extents / 2)]
    case .slope(let from, let to, let width):
      let (low, high) = (world(from), world(to))
      let along = (high - low).normalized
      let across = SIMD3<Double>.unitY.cross(along).normalized
      let normal = along.cross(across)
      let centre = (low + high) / 2 - normal * (Self.slopeThickness / 2)
      return [
        Ground.Box(
          centre: centre, rotation: Quaternion(columns: across, normal, along),
          halfExtents: SIMD3(width, Self.slopeThickness, (high - low).length) / 2)
      ]
    case .steps(let from, let towards, let count, let rise, let run, let width):
      let foot = world(from)
      let along = world(towards).horizontal.normalized
      let turn = Quaternion(columns: SIMD3<Double>.unitY.cross(along), .unitY, along)
      return (0..<count).map { step in
        let height = rise * Double(step + 1)
        let centre = foot + along * (run * (Double(step) + 0.5)) + .unitY * (height / 2)
        return Ground.Box(centre: centre, rotation: turn, halfExtents: SIMD3(width, height, run) / 2)
      }
    }
  }

  /// Refuses a scene in which a motion's body is.
  ///
  /// - Parameter up: The up axis of the motion's file.
  /// - Throws: ``SurefootError`` at the surface that swallows the body.
  public func check(for motion: Motion, up: Axis) throws(SurefootError) {
    let step = max(1, motion.count / 100)
    let frames = stride(from: 0, to: motion.count, by: step).map { motion.skeleton.frames(of: motion.poses[$0]) }
    for entry in entries {
      for box in boxes(of: entry.surface, up) {
        let sunk = frames.count { frame in
          let deep = frame.positions.count { box.nearest(to: $0).distance < -Self.swallowed.depth }
          return Double(deep) > Self.swallowed.joints * Double(frame.positions.count)
        }
        guard Double(sunk) > Self.swallowed.frames * Double(frames.count) else { continue }
        throw SurefootError(
          .invalidSettings, file: file, line: entry.line, column: entry.column,
          message: "the surface swallows the body: a third of its joints are inside in "
            + "\(100 * sunk / frames.count) % of the frames",
          suggestion: "check its place, and that it is in metres and in the clip's axes")
      }
    }
  }
}

// MARK: Text

extension SceneFile {
  /// The most bytes of a scene's file.
  private static let largestFile = 1 << 20
  /// The largest coordinate or size [m], and the most surfaces and steps.
  private static let most = (length: 1000.0, surfaces: 500, steps: 200)

  /// Reads a scene.
  ///
  /// - Throws: ``SurefootError`` with line and column for text that is no YAML, an unknown key, a number that is missing or
  ///   out of range, or a size that is not above 0.
  public static func read(contentsOf url: URL) throws(SurefootError) -> SceneFile {
    try read(text: try String(readingFile: url, limit: largestFile), file: url.path)
  }

  /// Reads a scene from its text; `file` stands in errors.
  public static func read(text: String, file: String) throws(SurefootError) -> SceneFile {
    var reader = SceneReader(file: file)
    return SceneFile(entries: try reader.entries(text), file: file)
  }

  /// The scene as text, which reads as the same scene.
  ///
  /// - Parameter comment: Lines for the head.
  public func text(comment: [String] = []) -> String {
    func list(_ v: SIMD3<Double>) -> String {
      "[\([v.x, v.y, v.z].map { Numbers.fixed($0 + 0, digits: 4) }.joined(separator: ", "))]"
    }
    func number(_ x: Double) -> String { Numbers.fixed(x, digits: 4) }
    var (boxes, slopes, steps): ([String], [String], [String]) = ([], [], [])
    for entry in entries {
      switch entry.surface {
      case .box(let centre, let size, let turn):
        boxes.append("  - centre: \(list(centre))\n    size: \(list(size))")
        if turn != .zero { boxes.append("    turn: \(list(turn))") }
      case .slope(let from, let to, let width):
        slopes.append("  - from: \(list(from))\n    to: \(list(to))\n    width: \(number(width))")
      case .steps(let from, let towards, let count, let rise, let run, let width):
        steps.append(
          "  - from: \(list(from))\n    towards: \(list(towards))\n    count: \(count)\n    rise: \(number(rise))\n"
            + "    run: \(number(run))\n    width: \(number(width))")
      }
    }
    let sections = [("boxes", boxes), ("slopes", slopes), ("steps", steps)].filter { !$0.1.isEmpty }
    let lines = comment.map { "# \($0)" } + sections.flatMap { ["\($0.0):"] + $0.1 }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Reads the nodes of a scene.
  private struct SceneReader {
    let file: String

    mutating func entries(_ text: String) throws(SurefootError) -> [Entry] {
      let root: Node?
      do {
        root = try Yams.compose(yaml: text)
      } catch {
        throw SurefootError(yaml: error, file: file)
      }
      guard let root, let mapping = root.mapping, !mapping.isEmpty else {
        throw SurefootError(
          file: file, line: 1, column: 1, message: "a scene is a YAML mapping of surfaces",
          suggestion: "write boxes:, slopes: or steps:, and a list below it")
      }
      var entries: [Entry] = []
      for (key, value) in mapping {
        let kind = key.string ?? ""
        guard let known = ["boxes", "slopes", "steps"].first(where: { $0 == kind }) else {
          throw fault(key, "'\(kind)' is no key of a scene", "use boxes, slopes and steps")
        }
        guard let list = value.sequence else {
          throw fault(value, "\(known) is a list", "write `- ` before each of its surfaces")
        }
        for item in list {
          var entry = Entry(try surface(known, item))
          (entry.line, entry.column) = (item.mark?.line, item.mark?.column)
          entries.append(entry)
          guard entries.count <= SceneFile.most.surfaces else {
            throw fault(item, "there are more than \(SceneFile.most.surfaces) surfaces", "leave out those far away")
          }
        }
      }
      return entries
    }

    private func surface(_ kind: String, _ node: Node) throws(SurefootError) -> Surface {
      switch kind {
      case "boxes":
        let keys = try keys(of: node, needed: ["centre", "size"], others: ["turn"])
        return .box(
          centre: try vector(keys, "centre", node), size: try vector(keys, "size", node, positive: true),
          turn: keys["turn"] == nil ? .zero : try vector(keys, "turn", node))
      case "slopes":
        let keys = try keys(of: node, needed: ["from", "to", "width"])
        let (from, to) = (try vector(keys, "from", node), try vector(keys, "to", node))
        let width = try size(keys, "width", node)
        guard (to - from).length > 0.01 else { throw fault(node, "the slope's ends are one point", "part from and to") }
        return .slope(from: from, to: to, width: width)
      default:
        let keys = try keys(of: node, needed: ["from", "towards", "count", "rise", "run", "width"])
        let towards = try vector(keys, "towards", node)
        let count = try size(keys, "count", node)
        guard count == count.rounded(), count <= Double(SceneFile.most.steps) else {
          throw fault(keys["count"] ?? node, "count takes a whole number up to \(SceneFile.most.steps)", nil)
        }
        guard towards.length > 1e-6 else {
          throw fault(keys["towards"] ?? node, "towards has no direction", "write the way up, such as [1, 0, 0]")
        }
        return .steps(
          from: try vector(keys, "from", node), towards: towards, count: Int(count),
          rise: try size(keys, "rise", node), run: try size(keys, "run", node), width: try size(keys, "width", node))
      }
    }

    private func keys(
      of node: Node, needed: [String], others: [String] = []
    ) throws(SurefootError) -> [String: Node] {
      let all = needed + others
      guard let mapping = node.mapping else {
        throw fault(node, "a surface has \(all.joined(separator: ", "))", "write each as `name: value`")
      }
      var found: [String: Node] = [:]
      for (key, value) in mapping {
        let name = key.string ?? ""
        guard all.contains(name) else {
          throw fault(key, "'\(name)' is no key here", "use \(all.joined(separator: ", "))")
        }
        found[name] = value
      }
      if let missing = needed.first(where: { found[$0] == nil }) {
        throw fault(node, "\(missing) is missing", "a surface has \(all.joined(separator: ", "))")
      }
      return found
    }

    private func number(_ node: Node, _ name: String) throws(SurefootError) -> Double {
      guard let text = node.scalar?.string, let value = Double(text), abs(value) <= SceneFile.most.length else {
        throw fault(node, "\(name) takes numbers, at most \(Int(SceneFile.most.length))", "lengths are metres")
      }
      return value
    }

    private func vector(
      _ keys: [String: Node], _ name: String, _ node: Node, positive: Bool = false
    ) throws(SurefootError) -> SIMD3<Double> {
      guard let value = keys[name], let list = value.sequence, list.count == 3 else {
        throw fault(keys[name] ?? node, "\(name) takes three numbers", "write them as [0, 0.2, 1]")
      }
      var result = SIMD3<Double>.zero
      for (axis, item) in list.enumerated() {
        result[axis] = try number(item, name)
        if positive, result[axis] <= 0 { throw fault(item, "\(name) takes numbers above 0", nil) }
      }
      return result
    }

    private func size(_ keys: [String: Node], _ name: String, _ node: Node) throws(SurefootError) -> Double {
      let value = keys[name] ?? node
      let size = try number(value, name)
      guard size > 0 else { throw fault(value, "\(name) takes a number above 0", nil) }
      return size
    }

    private func fault(_ node: Node, _ message: String, _ suggestion: String?) -> SurefootError {
      SurefootError(
        file: file, line: node.mark?.line, column: node.mark?.column, message: message, suggestion: suggestion)
    }
  }
}
