import Dynamics
import Foundation
import Kinematics

/// Where a foot is: its ankle, and its anatomical axes as yaw, pitch (toes up positive) and what is left.
struct FootPose {
  var ankle: SIMD3<Double>
  var rotation: Quaternion

  /// Turns the anatomical axes into the world.
  func axes(_ foot: Foot) -> Quaternion { rotation * foot.axes }

  /// The heading of the toes [rad] about the vertical, and their pitch above the horizontal.
  func angles(_ foot: Foot) -> (yaw: Double, pitch: Double, roll: Double) {
    let axes = axes(foot)
    let forward = axes.act(.unitZ)
    let left = axes.act(.unitX)
    return (
      atan2(forward.x, forward.z), asin(min(max(forward.y, -1), 1)), asin(min(max(left.y, -1), 1))
    )
  }

  /// The height of the lowest of the sole's corners above what is under it [m].
  func lowest(_ foot: Foot, on ground: Ground = .flat) -> Double {
    guard ground.isFlat else {
      return foot.solePoints.reduce(.infinity) { min($0, ground.clearance(of: ankle + rotation.act($1))) }
    }
    return foot.solePoints.reduce(.infinity) { min($0, ankle.y + rotation.act($1).y) }
  }
}

extension FootPose {
  /// The surface that bears the foot where it stands, or would if it sank: the highest one under its sole.
  func surface(_ foot: Foot, on ground: Ground) -> Ground.Surface {
    let corners = foot.solePoints.map { ankle + rotation.act($0) }
    let middle = corners.reduce(.zero, +) / Double(corners.count)
    let floor = ground.surface(at: middle)
    return corners.map(ground.surface).reduce(floor) { $1.point.y > $0.point.y + 0.01 ? $1 : $0 }
  }

  /// The pose as seen from a surface: as if that were the floor, with its point at the same place of the floor.
  func flattened(_ surface: Ground.Surface) -> FootPose {
    let turn = Quaternion(from: surface.normal, to: .unitY)
    return FootPose(
      ankle: surface.point.horizontal + turn.act(ankle - surface.point), rotation: (turn * rotation).normalized)
  }

  /// The inverse of ``flattened(_:)``.
  func raised(on surface: Ground.Surface) -> FootPose {
    let turn = Quaternion(from: .unitY, to: surface.normal)
    return FootPose(
      ankle: surface.point + turn.act(ankle - surface.point.horizontal), rotation: (turn * rotation).normalized)
  }
}

/// A place on the floor where a foot stands: everything but its pitch is fixed while the contact lasts.
///
/// Pitched up, the foot rolls on its heel's edge, pitched down on the ball's: the edge on the floor never moves.
struct Footprint {
  /// The ankle's shadow on the flat sole.
  var place: SIMD3<Double>
  var yaw: Double

  private var heading: Quaternion { Quaternion(angle: yaw, axis: .unitY) }

  /// The foot on this print at a pitch.
  func pose(pitch: Double, foot: Foot) -> FootPose {
    let edge = pitch > 0 ? -foot.heel : foot.front
    let axes = heading * Quaternion(angle: -pitch, axis: .unitX)
    let pivot = place.horizontal + heading.act(SIMD3(0, 0, edge))
    let ankle = pivot - axes.act(SIMD3(0, -foot.ankleHeight, edge))
    return FootPose(ankle: ankle, rotation: axes * foot.axes.inverse)
  }

  /// The print that a free foot would make at this instant.
  init(of pose: FootPose, foot: Foot) {
    let angles = pose.angles(foot)
    let edge = angles.pitch > 0 ? -foot.heel : foot.front
    let pivot = pose.ankle + pose.axes(foot).act(SIMD3(0, -foot.ankleHeight, edge))
    yaw = angles.yaw
    place = (pivot - Quaternion(angle: angles.yaw, axis: .unitY).act(SIMD3(0, 0, edge))).horizontal
  }

  init(place: SIMD3<Double>, yaw: Double) {
    self.place = place
    self.yaw = yaw
  }

  /// The mean of some prints.
  init(mean prints: some Collection<Footprint>) {
    let count = Double(max(1, prints.count))
    place = prints.reduce(.zero) { $0 + $1.place } / count
    yaw = atan2(prints.reduce(0) { $0 + sin($1.yaw) }, prints.reduce(0) { $0 + cos($1.yaw) })
  }
}
