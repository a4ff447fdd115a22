import Foundation
import Kinematics

/// The side from which a picture shows a figure.
public enum RenderView: String, Sendable, CaseIterable {
  /// At its face.
  case front
  /// At its left side.
  case side
  /// Between the two.
  case threeQuarter = "three-quarter"
  /// At its back.
  case back
  /// From above.
  case top

  /// The turn about the vertical away from the figure's front, to its left [rad].
  var turn: Double {
    switch self {
    case .front, .top: 0
    case .side: .pi / 2
    case .threeQuarter: 0.85
    case .back: .pi
    }
  }

  /// How far above the horizon [rad].
  var pitch: Double { self == .top ? 1.35 : 0.2 }
}

/// An orthographic camera: equal lengths look equal at any distance.
struct Orthographic {
  let right: SIMD3<Double>
  let up: SIMD3<Double>
  /// Towards the camera.
  let back: SIMD3<Double>

  /// A camera that looks at figures whose front is turned by `facing` from +Z about the vertical.
  init(_ view: RenderView, facing: Double) {
    let yaw = facing + view.turn
    back = SIMD3(sin(yaw) * cos(view.pitch), sin(view.pitch), cos(yaw) * cos(view.pitch))
    right = SIMD3(cos(yaw), 0, -sin(yaw))
    up = back.cross(right)
  }
}
