import CTorch

extension Torch {
  /// Runs `body` with every operation on this thread alone.
  ///
  /// A product or a sum that is divided among threads is added up in an order that depends on how many there are; what is
  /// fitted to data must not.
  public static func onOneThread<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = ct_set_own_threads(1)
    defer { _ = ct_set_own_threads(before) }
    return try body()
  }

  /// Calls `body` for every number below `count`, several at once on libtorch's threads.
  ///
  /// Whatever a call computes stays on its own thread, so that its result does not depend on how many there are.
  /// Derivatives are recorded in every call.
  public static func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let call = Call(body: body)
      ct_concurrently(
        Int64(count),
        { context, index in
          guard let context else { return }
          Unmanaged<Call>.fromOpaque(context).takeUnretainedValue().body(Int(index))
        }, Unmanaged.passUnretained(call).toOpaque())
    }
  }

  private final class Call: Sendable {
    let body: @Sendable (Int) -> Void
    init(body: @escaping @Sendable (Int) -> Void) { self.body = body }
  }
}
