/// The degrees of freedom by which a planner turns joint targets: one number each, about an axis in the parent's frame.
package struct ControlLayout: Sendable {
  /// One degree of freedom.
  package struct Control: Sendable {
    /// The segment whose target is turned.
    package var body: Int
    /// The axis in the parent's frame, of length 1.
    package var axis: SIMD3<Double>

    /// A control by its parts.
    package init(body: Int, axis: SIMD3<Double>) {
      self.body = body
      self.axis = axis
    }
  }

  /// By segment.
  package var controls: [Control]

  /// A layout of controls.
  package init(_ controls: [Control]) { self.controls = controls }

  /// How many.
  package var count: Int { controls.count }
}
