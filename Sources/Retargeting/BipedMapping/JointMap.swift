import CTextFiles
public import Foundation
public import Kinematics
public import Support
import Yams

/// The names that a family of files gives to the canonical joints.
///
///     name: my-rig
///     joints:
///       pelvis: root_M
///       leftHip: [Hip_L, LeftHip]        # the first that a file has counts
///
/// Names compare without their name space (`mixamorig:Hips` is `Hips`) and whatever the letter case.
public struct JointMap: Sendable, Hashable {
  /// The map's name.
  public var name: String
  /// For what files it is, in words.
  public var description: String
  /// The names that stand for each canonical joint.
  public var joints: [CanonicalJoint: [String]]

  /// A map that is made in code; files are read with ``read(contentsOf:)``.
  public init(name: String, description: String = "", joints: [CanonicalJoint: [String]]) {
    self.name = name
    self.description = description
    self.joints = joints
  }

  /// Reads a map from a YAML file.
  ///
  /// - Throws: A `SurefootError` with line and column for text that is no YAML, an unknown key or canonical joint, a joint
  ///   without a name, or a joint of a biped that is missing.
  public static func read(contentsOf url: URL) throws(SurefootError) -> JointMap {
    guard let text = String(data: try Data(readingFile: url), encoding: .utf8) else {
      throw SurefootError(file: url.path, message: "cannot be read as text", suggestion: "save it in UTF-8")
    }
    return try read(text: text, file: url.path)
  }

  /// Reads a map from a YAML text; `file` stands in errors.
  public static func read(text: String, file: String) throws(SurefootError) -> JointMap {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw SurefootError(yaml: error, file: file)
    }
    guard let node, let mapping = node.mapping else {
      throw SurefootError(
        file: file, line: 1, column: 1, message: "a joint map is a YAML mapping",
        suggestion: "begin with `name:` and `joints:`")
    }
    var map = JointMap(name: URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent, joints: [:])
    var hasJoints = false
    for (key, value) in mapping {
      switch key.string ?? "" {
      case "name": map.name = try scalar(value, file)
      case "description": map.description = try scalar(value, file)
      case "joints":
        hasJoints = true
        map.joints = try joints(value, file)
      default:
        throw error(key, file, "'\(key.string ?? "?")' is no key of a joint map", "use name, description and joints")
      }
    }
    guard hasJoints else { throw error(node, file, "there is no `joints:`", "list the canonical joints below it") }
    let missing = BipedMap.required.filter { map.joints[$0] == nil }
    guard missing.isEmpty else {
      let names = missing.map { "\($0)" }.joined(separator: ", ")
      throw error(node, file, "joints that a biped needs are missing: \(names)", "add them below `joints:`")
    }
    return map
  }

  /// The skeleton's joint of each canonical joint that the map names and the skeleton has.
  public func matches(in skeleton: Skeleton) -> [CanonicalJoint: Int] {
    var index: [String: Int] = [:]
    for (joint, name) in skeleton.names.enumerated() where index[JointMap.key(name)] == nil {
      index[JointMap.key(name)] = joint
    }
    return joints.compactMapValues { names in names.lazy.compactMap { index[JointMap.key($0)] }.first }
  }

  private static func key(_ name: String) -> String {
    (name.split(separator: ":").last.map(String.init) ?? name).lowercased()
  }

  private static func joints(_ node: Node, _ file: String) throws(SurefootError) -> [CanonicalJoint: [String]] {
    guard let mapping = node.mapping else {
      throw error(node, file, "`joints:` is a mapping of canonical joints to names", "write `pelvis: Hips` below it")
    }
    var joints: [CanonicalJoint: [String]] = [:]
    var owners: [String: CanonicalJoint] = [:]
    for (key, value) in mapping {
      guard let joint = CanonicalJoint.allCases.first(where: { "\($0)" == key.string }) else {
        let known = CanonicalJoint.allCases.map { "\($0)" }.joined(separator: ", ")
        throw error(key, file, "'\(key.string ?? "?")' is no canonical joint", "use one of \(known)")
      }
      let names: [String]
      if let sequence = value.sequence {
        var list: [String] = []
        for item in sequence { list.append(try scalar(item, file)) }
        names = list
      } else {
        names = [try scalar(value, file)]
      }
      guard !names.isEmpty else { throw error(value, file, "'\(joint)' has no name", "name a joint or leave it out") }
      for name in names {
        if let other = owners.updateValue(joint, forKey: self.key(name)), other != joint {
          throw error(value, file, "'\(name)' stands for both \(other) and \(joint)", "keep it for one of them")
        }
      }
      joints[joint] = names
    }
    return joints
  }

  private static func scalar(_ node: Node, _ file: String) throws(SurefootError) -> String {
    guard let text = node.scalar?.string, !text.isEmpty else {
      throw error(node, file, "a name is expected here", "write one name, or several in brackets")
    }
    return text
  }

  private static func error(_ node: Node, _ file: String, _ problem: String, _ suggestion: String) -> SurefootError {
    SurefootError(
      file: file, line: node.mark?.line, column: node.mark?.column, message: problem, suggestion: suggestion)
  }
}

extension JointMap {
  /// The maps that travel in the program, in the order in which they are tried: the fullest first.
  public static let shipped: [JointMap] = {
    let maps = shippedFiles.compactMap { file in try? read(text: file.text, file: file.name) }
    return maps.sorted { ($1.joints.count, $0.name) < ($0.joints.count, $1.name) }
  }()

  /// `Skeletons/*.yaml` by file name.
  static let shippedFiles: [(name: String, text: String)] = {
    let files = sequence(state: Int32(0)) { (index: inout Int32) -> surefoot_text_file? in
      defer { index += 1 }
      return surefoot_joint_map(index)
    }
    return files.lazy.map { (name: String(cString: $0.name), text: String(cString: $0.text)) }
      .prefix { !$0.name.isEmpty }.map { $0 }
  }()
}

extension BipedMap {
  /// Understands a skeleton: by the user's own map, by a shipped map that fits, by names, by shape.
  ///
  /// A shipped map fits if the skeleton has every joint that the map names, and names alone tell no more.
  ///
  /// - Throws: ``SurefootError`` if the user's own map does not fit, or the skeleton is no biped.
  public static func understanding(_ skeleton: Skeleton, own: JointMap? = nil) throws(SurefootError) -> BipedMap {
    if let own {
      return try BipedMap(joints: own.matches(in: skeleton), of: skeleton, method: .jointMap(own.name))
    }
    let named = try? infer(from: skeleton)
    for map in JointMap.shipped {
      let joints = map.matches(in: skeleton)
      guard joints.count == map.joints.count, joints.count >= named?.joints.count ?? 0 else { continue }
      let body = RestBody(skeleton: skeleton, joints: joints)
      // Of two skeletons with the same names the map finds the first, which may be a small helper.
      let legs = named.map { RestBody(skeleton: skeleton, joints: $0.joints).legLength } ?? 0
      guard !body.standsOnFour, body.legLength > 0.9 * legs else { continue }
      if let fitting = try? BipedMap(joints: joints, of: skeleton, method: .jointMap(map.name)) { return fitting }
    }
    if let named { return named }
    return try infer(from: skeleton)
  }
}
