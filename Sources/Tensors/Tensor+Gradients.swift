import CTorch

extension Tensor {
  /// Marks a leaf tensor as one whose derivative ``backward()`` fills; returns itself.
  @discardableResult
  public func requiringGradient(_ on: Bool = true) -> Tensor {
    if !ct_require_gradient(handle, on) { Torch.fail() }
    return self
  }

  /// Whether derivatives flow to it.
  public var requiresGradient: Bool { ct_requires_gradient(handle) }

  /// Adds the derivative of this one number by every leaf that it depends on to the leaf's ``gradient``.
  public func backward() {
    if !ct_backward(handle) { Torch.fail() }
  }

  /// What ``backward()`` left, `nil` if nothing.
  public var gradient: Tensor? { ct_gradient(handle).map { Tensor($0) } }

  /// Forgets the ``gradient``.
  public func clearGradient() { ct_clear_gradient(handle) }

  /// The same elements, cut off from what they were computed from.
  public func detached() -> Tensor { Tensor(ct_detach(handle)) }
}
