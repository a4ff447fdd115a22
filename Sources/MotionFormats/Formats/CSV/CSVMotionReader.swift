import Kinematics
import Support

/// The motion in a table of positions and rotations.
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
    try MotionLimits.check(frameTime: frameTime, file: table.file)
    let parents = try parents()
    var (places, turns) = ([[SIMD3<Double>]](), [[Quaternion]]())
    for name in names {
      places.append(try self.places(name))
      turns.append(try self.turns(name))
    }
    let local = Self.local(places, turns, parents)
    // Rounding moves a joint by millionths of its bone. A joint that moves farther is animated.
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

  /// The first place where rows are missing, by their frame numbers; `nil` if there is none.
  var gap: String? {
    guard let column = columns["frame"], table.count > 1 else { return nil }
    let row = (1..<table.count).first { table[$0, column] != table[$0 - 1, column] + 1 }
    return row.map { row in
      "line \(row + 2) holds frame \(table[row, column]) after frame \(table[row - 1, column]); the rows are read as if "
        + "nothing were missing"
    }
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
          file: table.file, line: row + 2, column: nil,
          message: "the rotation of '\(name.prefix(60))' is no unit quaternion",
          suggestion: "a quaternion has length 1; repair or leave out the row")
      }
      turns.append(turn.normalized)
    }
    return turns
  }

  /// Every joint's positions in its parent's frame.
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

/// A comma-separated table of finite numbers under one row of names (RFC 4180).
struct NumberTable {
  let names: [String]
  /// Row by row.
  private let numbers: [Double]
  /// The number of rows under the names.
  let count: Int
  let file: String

  /// - Throws: A `SurefootError` with line and column for rows of another length and for what is no number.
  init(bytes: [UInt8], file: String) throws(SurefootError) {
    self.file = file
    var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    names = try Self.names(bytes, &at, file)
    var numbers: [Double] = []
    var line = 2
    while at < bytes.count {
      let end = bytes[at...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      if end > at {
        let before = numbers.count
        var start = at
        while start <= end {
          let stop = bytes[start..<end].firstIndex(of: UInt8(ascii: ",")) ?? end
          let text = Self.unquoted(bytes[start..<stop])
          guard let value = Double(text), value.isFinite, abs(value) < FixedPoint.largest else {
            throw SurefootError(
              file: file, line: line, column: start - at + 1,
              message: "'\(text.prefix(30))' is no finite number", suggestion: "repair or leave out the row")
          }
          numbers.append(value)
          start = stop + 1
        }
        guard numbers.count - before == names.count else {
          throw SurefootError(
            file: file, line: line,
            message: "has \(numbers.count - before) fields, \(names.count) are named in the first line",
            suggestion: "repair or leave out the row")
        }
      }
      at = end
      if at < bytes.count, bytes[at] == 0x0D { at += 1 }
      if at < bytes.count, bytes[at] == 0x0A { at += 1 }
      line += 1
    }
    self.numbers = numbers
    count = names.isEmpty ? 0 : numbers.count / names.count
  }

  /// A field.
  subscript(row: Int, column: Int) -> Double { numbers[row * names.count + column] }

  /// The text of a field, without the quotes that some programs put around every field.
  private static func unquoted(_ field: ArraySlice<UInt8>) -> String {
    let quote = UInt8(ascii: "\"")
    let isQuoted = field.count > 1 && field.first == quote && field.last == quote
    return String(decoding: isQuoted ? field.dropFirst().dropLast() : field, as: UTF8.self)
  }

  /// The fields of the first line; `at` moves behind it.
  private static func names(_ bytes: [UInt8], _ at: inout Int, _ file: String) throws(SurefootError) -> [String] {
    var (names, field, isQuoted) = ([String](), [UInt8](), false)
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          field.append(byte)
        } else if at < bytes.count, bytes[at] == byte {
          field.append(byte)
          at += 1
        } else {
          isQuoted = false
        }
      } else if byte == UInt8(ascii: "\""), field.isEmpty {
        isQuoted = true
      } else if byte == UInt8(ascii: ",") {
        names.append(String(decoding: field, as: UTF8.self))
        field = []
      } else if byte == 0x0A || byte == 0x0D {
        if byte == 0x0D, at < bytes.count, bytes[at] == 0x0A { at += 1 }
        return names + [String(decoding: field, as: UTF8.self)]
      } else {
        field.append(byte)
      }
    }
    throw SurefootError(
      file: file, line: 1, message: "holds no rows", suggestion: "give a table that `surefoot convert` wrote")
  }
}
