import Kinematics

extension Channel {
  /// The channel's name in BVH files and archives.
  var fileName: String {
    let letter = ["X", "Y", "Z"][axis.rawValue]
    return isPosition ? letter + "position" : letter + "rotation"
  }

  /// The channel of a name, `Xposition`; `nil` for any other word.
  init?(_ word: some StringProtocol) {
    guard let letter = word.first, let axis = ["X": Axis.x, "Y": .y, "Z": .z][letter] else { return nil }
    switch word.dropFirst() {
    case "position": self = .position(axis)
    case "rotation": self = .rotation(axis)
    default: return nil
    }
  }
}
