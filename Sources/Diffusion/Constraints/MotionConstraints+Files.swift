import Foundation
public import Kinematics
public import Support

extension MotionConstraints.Point {
  /// The places in a table of keyframes.
  ///
  /// The columns are `seconds,joint,x,y,z`: the time from the first frame, which is rounded to the nearest frame; the
  /// joint's name in the skeleton, `LeftHand`, in any case; its place in metres, Y up. An empty `y` leaves the height free.
  ///
  /// - Parameters:
  ///   - text: The table, with its header.
  ///   - file: Stands in errors.
  public static func keyframes(
    csv text: String, file: String, frameRate: Double, skeleton: Skeleton
  ) throws(SurefootError) -> [MotionConstraints.Point] {
    let columns = ["seconds", "joint", "x", "y", "z"]
    let table = try ConstraintTable(text, file: file, allowed: columns, required: columns)
    let names = skeleton.joints.map(\.name)
    var points: [MotionConstraints.Point] = []
    for row in table.rows {
      guard let cell = table.text(row, "joint") else { throw table.fault(row, nil, "names no joint") }
      guard let joint = names.firstIndex(where: { $0.lowercased() == cell.text.lowercased() }) else {
        let near = EditDistance.nearest(to: String(cell.text), among: names).map { "did you mean \($0)? " } ?? ""
        throw table.fault(
          row, cell.column, "there is no joint '\(cell.text.prefix(40))'",
          near + "the joints are \(names.joined(separator: ", "))")
      }
      let height = try table.number(row, "y")
      points.append(
        MotionConstraints.Point(
          frame: try frame(table, row, frameRate), joint: joint,
          position: SIMD3(try table.required(row, "x"), height ?? 0, try table.required(row, "z")),
          isOnFloor: height == nil))
    }
    return points
  }

  /// The places of the root along a path on the floor, every 0.15 s.
  ///
  /// The columns are `seconds,x,z`, with rising times and metres, or `x,z` alone for a path that is followed at an even
  /// speed through the whole motion. A smooth curve passes through the points.
  ///
  /// - Parameter frames: The motion's number of frames.
  public static func path(
    csv text: String, file: String, frameRate: Double, frames: Int
  ) throws(SurefootError) -> [MotionConstraints.Point] {
    let table = try ConstraintTable(text, file: file, allowed: ["seconds", "x", "z"], required: ["x", "z"])
    var knots: [(time: Double, place: SIMD3<Double>)] = []
    let isTimed = table.names.contains("seconds")
    for row in table.rows {
      let place = SIMD3(try table.required(row, "x"), 0, try table.required(row, "z"))
      let way = knots.last.map { $0.time + (place - $0.place).length } ?? 0
      let time = isTimed ? try table.required(row, "seconds") : way
      if isTimed, let last = knots.last, time <= last.time {
        throw table.fault(row, nil, "is at \(time) s, not after the \(last.time) s of the row before")
      }
      if !isTimed, let last = knots.last, way <= last.time { continue }
      knots.append((time, place))
    }
    guard knots.count > 1, let last = knots.last else {
      throw SurefootError(file: file, message: "is one point, no path", suggestion: "give at least two places")
    }
    var (start, end) = (0, frames - 1)
    if isTimed {
      (start, end) = (
        try frame(table, table.rows[0], frameRate), try frame(table, table.rows[table.rows.count - 1], frameRate)
      )
    } else {
      let scale = Double(frames - 1) / frameRate / last.time
      for index in knots.indices { knots[index].time *= scale }
    }
    var wanted = Array(stride(from: start, to: end, by: max(1, Int(0.15 * frameRate))))
    wanted.append(end)
    let curve = PathCurve(knots: knots)
    return wanted.map { frame in
      MotionConstraints.Point(
        frame: frame, joint: 0, position: curve.place(at: Double(frame) / frameRate), isOnFloor: true)
    }
  }

  private static func frame(
    _ table: ConstraintTable, _ row: ConstraintTable.Row, _ frameRate: Double
  ) throws(SurefootError) -> Int {
    let seconds = try table.required(row, "seconds")
    guard seconds >= 0, seconds * frameRate < 1e7 else {
      throw table.fault(
        row, table.text(row, "seconds")?.column, "\(seconds) s lies outside the motion",
        "times count from its beginning")
    }
    return Int((seconds * frameRate).rounded())
  }
}

/// A smooth curve over time through points: cubic between two, with the slope of their neighbours at each.
private struct PathCurve {
  let knots: [(time: Double, place: SIMD3<Double>)]

  func place(at time: Double) -> SIMD3<Double> {
    let index = min(max((knots.firstIndex { $0.time > time } ?? knots.count) - 1, 0), knots.count - 2)
    let (a, b) = (knots[index], knots[index + 1])
    let span = b.time - a.time
    let t = min(1, max(0, (time - a.time) / span))
    let (start, end) = (slope(index) * span, slope(index + 1) * span)
    let (t2, t3) = (t * t, t * t * t)
    let places = a.place * (2 * t3 - 3 * t2 + 1) + b.place * (3 * t2 - 2 * t3)
    return places + start * (t3 - 2 * t2 + t) + end * (t3 - t2)
  }

  private func slope(_ index: Int) -> SIMD3<Double> {
    let (before, after) = (knots[max(0, index - 1)], knots[min(knots.count - 1, index + 1)])
    return (after.place - before.place) / (after.time - before.time)
  }
}
