internal import COpenDynamics
package import Kinematics

/// A view of a state that ``Simulation/save(into:)`` wrote: the one place that knows its layout.
///
/// A state holds 13 numbers for each segment, in the order of ``BodyModel/bodies``: the position of its centre of mass
/// (3), its orientation as w, x, y, z (4), the velocity of its centre of mass (3) and its angular velocity (3), all in the
/// world.
///
///     let saved = SavedBodyState(simulation.save())
///     saved.position(of: Segment.head.rawValue)
///
/// It copies nothing: over a pointer it costs the loads alone.
package struct SavedBodyState<Numbers: RandomAccessCollection<Double>> where Numbers.Index == Int {
  @usableFromInline let numbers: Numbers

  /// A view of a state's numbers: an array, a slice or a buffer.
  @inlinable package init(_ numbers: Numbers) { self.numbers = numbers }

  /// The numbers of one segment.
  @inlinable package static var stride: Int { 13 }

  /// The position of a segment's centre of mass [m].
  @inlinable package func position(of segment: Int) -> SIMD3<Double> { vector(segment, 0) }

  /// A segment's orientation.
  @inlinable package func rotation(of segment: Int) -> Quaternion {
    let i = numbers.startIndex + Self.stride * segment + 3
    return Quaternion(w: numbers[i], x: numbers[i + 1], y: numbers[i + 2], z: numbers[i + 3])
  }

  /// The velocity of a segment's centre of mass [m/s].
  @inlinable package func velocity(of segment: Int) -> SIMD3<Double> { vector(segment, 7) }

  /// A segment's angular velocity [rad/s].
  @inlinable package func angularVelocity(of segment: Int) -> SIMD3<Double> { vector(segment, 10) }

  @inlinable func vector(_ segment: Int, _ offset: Int) -> SIMD3<Double> {
    let i = numbers.startIndex + Self.stride * segment + offset
    return SIMD3(numbers[i], numbers[i + 1], numbers[i + 2])
  }
}

extension SavedBodyState where Numbers == UnsafeBufferPointer<Double> {
  /// A view of the state at `pointer` of a body with `segments` segments.
  @inlinable package init(_ pointer: UnsafePointer<Double>, segments: Int) {
    self.init(UnsafeBufferPointer(start: pointer, count: Self.stride * segments))
  }
}

extension Simulation {
  /// The numbers that ``save(into:)`` writes.
  package var savedCount: Int { SavedBodyState<[Double]>.stride * bodies.count }

  /// The simulation's state, exactly, to go back to with ``restore(_:)``: 13 numbers for each segment.
  ///
  /// The same body and settings continue from it bit for bit.
  public func save() -> [Double] {
    [Double](unsafeUninitializedCapacity: savedCount) { buffer, count in
      if let start = buffer.baseAddress { save(into: start) }
      count = savedCount
    }
  }

  /// Goes back to a state of ``save()``, bit for bit.
  ///
  /// - Precondition: The numbers are of the same body model.
  public func restore(_ numbers: [Double]) {
    precondition(numbers.count == savedCount, "a saved state has 13 numbers for each segment")
    numbers.withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { restore(from: start) }
    }
  }

  /// Writes the state that ``SavedBodyState`` describes to memory for ``savedCount`` numbers.
  package func save(into numbers: UnsafeMutablePointer<Double>) {
    var p = numbers
    for body in bodies {
      copy(dBodyGetPosition(body), 3, to: p)
      copy(dBodyGetQuaternion(body), 4, to: p + 3)
      copy(dBodyGetLinearVel(body), 3, to: p + 7)
      copy(dBodyGetAngularVel(body), 3, to: p + 10)
      p += SavedBodyState<[Double]>.stride
    }
  }

  /// Goes back to a state of ``save(into:)``, bit for bit.
  package func restore(from numbers: UnsafePointer<Double>) {
    var p = numbers
    for body in bodies {
      dBodySetPosition(body, p[0], p[1], p[2])
      open_dynamics_restore_quaternion(body, p + 3)
      dBodySetLinearVel(body, p[7], p[8], p[9])
      dBodySetAngularVel(body, p[10], p[11], p[12])
      p += SavedBodyState<[Double]>.stride
    }
    isBroken = false
  }

  private func copy(_ source: UnsafePointer<dReal>?, _ count: Int, to target: UnsafeMutablePointer<Double>) {
    guard let source else { return }
    for i in 0..<count { target[i] = source[i] }
  }
}
