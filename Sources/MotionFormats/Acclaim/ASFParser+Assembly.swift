public import Kinematics
public import Support

extension ASFParser {
  /// The parsed file in metres and radians, as a tree.
  func assemble() throws(SurefootError) -> AcclaimSkeleton {
    let metres = FileConvention.inch / lengthUnit
    let radians = usesDegrees ? Double.pi / 180 : 1
    let finished = bones.map { raw in
      AcclaimSkeleton.Bone(
        name: raw.name, direction: (raw.direction ?? .unitY).normalized, length: (raw.length ?? 0) * metres,
        axes: Self.fixedAxes(raw.axis * radians, raw.axisOrder), degreesOfFreedom: raw.degrees,
        limits: raw.limits.map { $0.lowerBound * radians...$0.upperBound * radians })
    }
    var children: [String: [String]] = [:]
    for child in childOrder { children[parents[child]?.parent ?? "root", default: []].append(child) }

    var joints = [Joint(name: "root", parent: nil, offset: .zero, channels: .root)]
    var jointOfBone = ["root": 0]
    // A bone waits with its joint's parent and the place of its near end in that parent's frame.
    var waiting = (children["root"] ?? []).reversed().map { (bone: $0, parent: 0, near: SIMD3<Double>()) }
    while let (name, parent, near) = waiting.popLast() {
      let bone = finished[boneIndex[name] ?? 0]
      let below = children[name] ?? []
      let reach = bone.direction * bone.length
      if bone.degreesOfFreedom.isEmpty, !below.isEmpty {
        jointOfBone[name] = parent
        waiting += below.reversed().map { ($0, parent, near + reach) }
      } else {
        joints.append(
          Joint(name: name, parent: parent, offset: near, channels: .rotation, endSite: below.isEmpty ? reach : nil))
        jointOfBone[name] = joints.count - 1
        waiting += below.reversed().map { [index = joints.count - 1] in ($0, index, reach) }
      }
    }
    for bone in bones where jointOfBone[bone.name] == nil {
      throw scanner.error(
        "bone '\(bone.name)' does not hang from the root", suggestion: "add it to :hierarchy", at: bone.place)
    }
    let skeleton = Skeleton(joints: joints)
    guard skeleton.joints.allSatisfy({ $0.offset.isFinite && ($0.endSite ?? .zero).isFinite }) else {
      throw scanner.error("a bone is too long for a number", suggestion: "check the lengths")
    }
    return AcclaimSkeleton(
      skeleton: skeleton, bones: finished,
      root: .init(
        order: root.order, position: root.position * metres,
        axes: Self.fixedAxes(root.orientation * radians, root.axisOrder)),
      jointOfBone: jointOfBone, metresPerUnit: metres, usesDegrees: usesDegrees)
  }

  /// The rotation by three angles about fixed axes, first to last in `order`.
  static func fixedAxes(_ angles: SIMD3<Double>, _ order: [Axis]) -> Quaternion {
    // `axis 10 20 30 ZYX` lists the angles in the order's sequence.
    var rotation = Quaternion.identity
    for (slot, axis) in order.enumerated() { rotation = Quaternion(angle: angles[slot], about: axis) * rotation }
    return rotation
  }
}
