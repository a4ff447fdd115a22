public import Kinematics
public import Support

/// The motion in a table of places and rotations.
struct CSVMotionReader {
  private let table: NumberTable
  private let columns: [String: Int]
  private let names: [String]

  init(_ table: NumberTable) throws(SurefootError) {
    self.table = table
    var columns: [String: Int] = [:]
    for (index, name) in table.names.enumerated() where columns.updateValue(index, forKey: name) != nil {
      throw SurefootError(
        file: table.file, line: 1, message: "two columns are named '\(name.prefix(60))'", suggestion: "rename one")
    }
    self.columns = columns
    names = table.names.filter { $0.hasSuffix(".x") }.map { String($0.dropLast(2)) }
    guard table.count > 0, !names.isEmpty else {
      throw SurefootError(
        file: table.file, message: "holds no motion: no rows, or no columns NAME.x",
        suggestion: "give a table that `surefoot convert` wrote")
    }
  }

  func convention() throws(SurefootError) -> FileConvention {
    let metres = table[0, try column("metres_per_unit")]
    let up: Axis = table[0, try column("z_up")] == 1 ? .z : .y
    try FileConvention.check(metresPerUnit: metres, up: up, file: table.file)
    return FileConvention(metresPerUnit: metres, up: up)
  }

  /// In the file's units and axes.
  func motion() throws(SurefootError) -> Motion {
    let frameTime = table[0, try column("frame_time")]
    guard frameTime > 1e-9 else {
      throw SurefootError(
        file: table.file, line: 2, message: "frame_time is \(frameTime) s", suggestion: "give seconds above 0")
    }
    let parents = try parents()
    var (places, turns) = ([[SIMD3<Double>]](), [[Quaternion]]())
    for name in names {
      places.append(try self.places(name))
      turns.append(try self.turns(name))
    }
    let local = Self.local(places, turns, parents)
    // Rounding moves a joint by millionths of its bone; what moves farther is animated.
    let offsets = local.map { places in places.reduce(.zero, +) / Double(places.count) }
    let moving = names.indices.dropFirst().filter { joint in
      let slack = 1e-5 * (1 + offsets[joint].length)
      return local[joint].contains { ($0 - offsets[joint]).length > slack }
    }
    let joints = names.indices.map { index in
      Joint(
        name: names[index], parent: parents[index], offset: index == 0 ? .zero : offsets[index],
        channels: index == 0 || moving.contains(index) ? .root : .rotation)
    }
    let poses = (0..<table.count).map { frame in
      Pose(
        rootPosition: places[0][frame], rotations: turns.map { $0[frame] },
        translations: Dictionary(uniqueKeysWithValues: moving.map { ($0, local[$0][frame]) }))
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: frameTime, poses: poses)
  }

  private func parents() throws(SurefootError) -> [Int?] {
    var parents: [Int?] = []
    for (index, name) in names.enumerated() {
      let number = table[0, try column("\(name).parent")]
      let parent = Int(exactly: number)
      guard let parent, index == 0 ? parent == -1 : (0..<index).contains(parent) else {
        throw SurefootError(
          file: table.file, line: 2, message: "'\(name.prefix(60)).parent' is \(number)",
          suggestion: "the root stands first with -1, parents before their children")
      }
      parents.append(index == 0 ? nil : parent)
    }
    return parents
  }

  private func places(_ name: String) throws(SurefootError) -> [SIMD3<Double>] {
    let (x, y, z) = (try column("\(name).x"), try column("\(name).y"), try column("\(name).z"))
    return (0..<table.count).map { SIMD3(table[$0, x], table[$0, y], table[$0, z]) }
  }

  private func turns(_ name: String) throws(SurefootError) -> [Quaternion] {
    let (w, x) = (try column("\(name).qw"), try column("\(name).qx"))
    let (y, z) = (try column("\(name).qy"), try column("\(name).qz"))
    var turns: [Quaternion] = []
    for row in 0..<table.count {
      let turn = Quaternion(w: table[row, w], x: table[row, x], y: table[row, y], z: table[row, z])
      guard abs(turn.dot(turn) - 1) < 0.01 else {
        throw SurefootError(
          file: table.file, line: row + 2, column: nil, message: "the rotation of '\(name.prefix(60))' is none",
          suggestion: "a quaternion has length 1; repair or leave out the row")
      }
      turns.append(turn.normalized)
    }
    return turns
  }

  /// Every joint's places in its parent's frame.
  private static func local(
    _ places: [[SIMD3<Double>]], _ turns: [[Quaternion]], _ parents: [Int?]
  ) -> [[SIMD3<Double>]] {
    var world = turns
    return places.indices.map { joint in
      guard let parent = parents[joint] else { return places[joint] }
      return places[joint].indices.map { frame in
        let turn = world[parent][frame]
        world[joint][frame] = turn * turns[joint][frame]
        return turn.inverse.act(places[joint][frame] - places[parent][frame])
      }
    }
  }

  private func column(_ name: String) throws(SurefootError) -> Int {
    guard let column = columns[name] else {
      throw SurefootError(
        file: table.file, line: 1, message: "has no column '\(name.prefix(60))'",
        suggestion: "write the table anew with `surefoot convert`: those of older versions hold no hierarchy")
    }
    return column
  }
}
