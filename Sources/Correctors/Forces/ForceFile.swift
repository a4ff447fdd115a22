import Dynamics
public import Foundation
import Kinematics
public import MotionFormats
public import Support

/// Files of forces, one row a frame, in the axes of the motion's file, newtons, metres and newton metres.
///
///     try ForceFile.write(forces, to: URL(fileURLWithPath: "walk-forces.csv"), convention: clip.convention)
///
/// The columns of `.csv`, for feet, and for hands and the rest of the body where they touch the floor at all:
///
/// | column | what |
/// |---|---|
/// | `time` | s |
/// | `Fx Fy Fz` | the sum of all contact forces [N] |
/// | `L_Fx .. R_Fz`, `LH_`, `RH_`, `rest_` | the floor's force on left foot, right foot, left hand, right hand, rest [N] |
/// | `L_COPx .. L_COPz` | its centre of pressure [m]; empty where there is no force |
/// | `L_Mfree` | its torque about the vertical there [N m] |
/// | `residual_Fx .. residual_Mz` | force [N] on the root, and torque about it [N m], that no contact explains |
/// | `COMx COMy COMz` | the centre of mass [m] |
/// | `JOINT_x JOINT_y JOINT_z` | the torque on the part below a joint [N m] |
///
/// `.mot` is OpenSim's table of ground reactions (`ground_force_r_vx`, ...) with the same numbers, zeros where a centre of
/// pressure is absent; `.npz` has them as arrays.
public enum ForceFile {
  /// The endings of files that are written.
  public static let endings = ["csv", "npz", "mot"]

  /// Writes the forces in the format that the name's ending says. The file appears whole or not at all.
  ///
  /// - Parameter convention: The axes of the motion's file; lengths are metres whatever its unit.
  /// - Throws: A `SurefootError` for another ending, or a file that cannot be written.
  public static func write(
    _ forces: CorrectionForces, to url: URL, convention: FileConvention
  ) throws(SurefootError) {
    let table = ForceTable(forces, up: convention.up)
    switch url.pathExtension.lowercased() {
    case "csv": try AtomicFile.write(table.csv, to: url)
    case "mot": try AtomicFile.write(table.mot(name: url.lastPathComponent), to: url)
    case "npz": try AtomicFile.write(Data(table.archive(convention).bytes), to: url)
    default:
      throw SurefootError(
        .invalidSettings, file: url.path, message: "forces are not written as .\(url.pathExtension)",
        suggestion: "let the name end in .csv, .npz or .mot")
    }
  }
}

/// The numbers of a file of forces, frame by frame, turned into its axes.
private struct ForceTable {
  /// A part with its reactions by frame, and what its columns and OpenSim's are called.
  private struct Column {
    var part: MotionForces.Part
    var name: String
    var openSim: String
  }

  private let forces: CorrectionForces
  private let parts: [Column]
  private let turn: (SIMD3<Double>) -> SIMD3<Double>
  private let isZUp: Bool

  private static let all = [
    Column(part: .leftFoot, name: "L", openSim: "l"), Column(part: .rightFoot, name: "R", openSim: "r"),
    Column(part: .leftHand, name: "LH", openSim: "hand_l"), Column(part: .rightHand, name: "RH", openSim: "hand_r"),
    Column(part: .rest, name: "rest", openSim: "rest"),
  ]

  init(_ forces: CorrectionForces, up: Axis) {
    self.forces = forces
    // Feet always; what else never touches the floor has no columns.
    parts = Self.all.filter { column in
      column.part.rawValue < 2 || forces.forces.reactions.contains { $0[column.part.rawValue].force != .zero }
    }
    isZUp = up == .z
    turn = up == .z ? { SIMD3($0.x, -$0.z, $0.y) } : { $0 }
  }

  // MARK: One frame

  private func reaction(_ part: MotionForces.Part, _ frame: Int) -> MotionForces.Reaction {
    guard forces.frames.contains(frame) else { return MotionForces.Reaction() }
    return forces.forces.reactions[frame - forces.frames.lowerBound][part.rawValue]
  }

  private func residual(_ frame: Int) -> Wrench {
    forces.frames.contains(frame) ? forces.forces.residuals[frame - forces.frames.lowerBound] : Wrench()
  }

  private func torques(_ frame: Int) -> [SIMD3<Double>] {
    guard forces.frames.contains(frame) else { return forces.joints.map { _ in .zero } }
    return Array(forces.forces.torques[frame - forces.frames.lowerBound].dropFirst())
  }

  private func centre(_ frame: Int) -> SIMD3<Double>? {
    forces.frames.contains(frame) ? forces.forces.centresOfMass[frame - forces.frames.lowerBound] : nil
  }

  private func total(_ frame: Int) -> SIMD3<Double> {
    MotionForces.Part.allCases.reduce(.zero) { $0 + reaction($1, frame).force }
  }

  // MARK: Text

  private static func axes(_ prefix: String) -> [String] { ["x", "y", "z"].map { prefix + $0 } }

  private func cells(_ vector: SIMD3<Double>?) -> [String] {
    guard let vector = vector.map(turn) else { return ["", "", ""] }
    return [vector.x, vector.y, vector.z].map { Numbers.fixed($0, digits: 6) }
  }

  var csv: String {
    var header = ["time"] + Self.axes("F")
    for part in parts {
      header += Self.axes("\(part.name)_F") + Self.axes("\(part.name)_COP") + ["\(part.name)_Mfree"]
    }
    header += Self.axes("residual_F") + Self.axes("residual_M") + Self.axes("COM")
    header += forces.joints.flatMap { Self.axes("\($0)_") }.map(CSVText.quoted)
    var lines = [header.joined(separator: ",")]
    for frame in 0..<forces.count {
      var row = [Numbers.fixed(Double(frame) * forces.frameTime, digits: 6)] + cells(total(frame))
      for part in parts {
        let reaction = reaction(part.part, frame)
        row += cells(reaction.force) + cells(reaction.centreOfPressure)
        row.append(Numbers.fixed(reaction.freeMoment, digits: 6))
      }
      let residual = residual(frame)
      row += cells(residual.force) + cells(residual.torque) + cells(centre(frame))
      row += torques(frame).flatMap(cells)
      lines.append(row.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// OpenSim's storage file: a header of `name=value`, then columns between tabs.
  func mot(name: String) -> String {
    var columns = ["time"]
    for part in parts {
      let side = part.openSim
      columns += Self.axes("ground_force_\(side)_v") + Self.axes("ground_force_\(side)_p")
      columns += Self.axes("ground_torque_\(side)_")
    }
    var lines = [
      name, "version=1", "nRows=\(forces.count)", "nColumns=\(columns.count)", "inDegrees=yes", "endheader",
      columns.joined(separator: "\t"),
    ]
    for frame in 0..<forces.count {
      var row = [Numbers.fixed(Double(frame) * forces.frameTime, digits: 6)]
      for part in parts {
        let reaction = reaction(part.part, frame)
        row += cells(reaction.force) + cells(reaction.centreOfPressure ?? .zero)
        row += cells(SIMD3(0, reaction.freeMoment, 0))
      }
      lines.append(row.joined(separator: "\t"))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Arrays

  func archive(_ convention: FileConvention) -> NumPyArchive {
    let (frames, count) = (forces.count, parts.count)
    var archive = NumPyArchive()
    func vectors(_ name: String, _ shape: [Int], _ values: [SIMD3<Double>?]) {
      let numbers = values.flatMap { value -> [Double] in
        let value = value.map(turn) ?? SIMD3(repeating: .nan)
        return [value.x, value.y, value.z]
      }
      archive[name] = NumPyArray(shape: shape + [3], .doubles(numbers))
    }
    let all = (0..<frames).flatMap { frame in parts.map { reaction($0.part, frame) } }
    archive["time"] = NumPyArray(shape: [frames], .doubles((0..<frames).map { Double($0) * forces.frameTime }))
    archive["contacts"] = NumPyArray(shape: [count], .texts(parts.map(\.name)))
    vectors("contact_force", [frames, count], all.map(\.force))
    vectors("centre_of_pressure", [frames, count], all.map(\.centreOfPressure))
    archive["free_moment"] = NumPyArray(shape: [frames, count], .doubles(all.map(\.freeMoment)))
    vectors("residual_force", [frames], (0..<frames).map { residual($0).force })
    vectors("residual_torque", [frames], (0..<frames).map { residual($0).torque })
    vectors("centre_of_mass", [frames], (0..<frames).map(centre))
    archive["joints"] = NumPyArray(shape: [forces.joints.count], .texts(forces.joints))
    vectors("joint_torque", [frames, forces.joints.count], (0..<frames).flatMap(torques))
    archive["mass"] = NumPyArray(shape: [], .doubles([forces.mass]))
    archive["up"] = NumPyArray(shape: [], .texts([isZUp ? "z" : "y"]))
    return archive
  }
}
