/// Memory of a fixed size for numbers that hot loops overwrite again and again; freed with the object.
///
/// Unlike an array it is never copied and has one address, so that C can keep it. Not for several threads.
package final class WorkBuffer<Element> {
  /// The elements; valid as long as the object.
  package let elements: UnsafeMutableBufferPointer<Element>

  /// A buffer of `count` equal elements.
  package init(repeating element: Element, count: Int) {
    elements = .allocate(capacity: count)
    elements.initialize(repeating: element)
  }

  deinit {
    elements.deinitialize()
    elements.deallocate()
  }
}
