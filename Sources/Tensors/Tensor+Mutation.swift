import CTorch

/// What changes a tensor's elements, its gradient, or whether derivatives flow to it.
///
/// Callers confine it: a training's parameters, their gradients and moments belong to the one thread that trains, and
/// leave it only as copies (`ExponentialAverage`, `Module.load`) or when nothing will change them any more.
extension Tensor {
  /// Copies another tensor's elements into this one: how parameters are loaded.
  ///
  /// - Precondition: The shapes are equal.
  package func assign(_ other: Tensor) {
    if !ct_assign(handle, other.handle) { Torch.fail() }
  }

  /// Marks a leaf tensor as one whose derivative ``backward()`` fills; returns itself.
  @discardableResult
  package func requiringGradient(_ on: Bool = true) -> Tensor {
    if !ct_require_gradient(handle, on) { Torch.fail() }
    return self
  }

  /// Adds the derivative of this one number by every leaf that it depends on to the leaf's ``gradient``.
  package func backward() {
    if !ct_backward(handle) { Torch.fail() }
  }

  /// The derivative that ``backward()`` computed, `nil` if there is none.
  package var gradient: Tensor? {
    var gradient: ct_tensor?
    if !ct_gradient(handle, &gradient) { Torch.fail() }
    return gradient.map { Tensor($0) }
  }

  /// Drops the ``gradient``.
  package func clearGradient() {
    if !ct_clear_gradient(handle) { Torch.fail() }
  }
}

extension Tensor {
  /// Whether derivatives flow to it.
  public var requiresGradient: Bool {
    var requires = false
    if !ct_requires_gradient(handle, &requires) { Torch.fail() }
    return requires
  }

  /// The same elements, cut off from the operations that computed them.
  public func detached() -> Tensor { Tensor(ct_detach(handle)) }
}
