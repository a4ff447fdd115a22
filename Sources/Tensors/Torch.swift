import CTorch
import Foundation
public import Support
import Synchronization

/// libtorch itself: its version, its threads, its device, and switches that hold for a stretch of code on this thread.
public enum Torch {
  /// libtorch's version, `1.13.1`.
  public static var version: String { String(cString: ct_version()) }

  /// How libtorch was built and which libraries do its arithmetic.
  public static var configuration: String { String(cString: ct_configuration()) }

  /// The library of matrix products and the processor whose kernels it uses, `OpenBLAS SkylakeX`; `nil` for another.
  ///
  /// An OpenBLAS that is older than the processor chooses kernels of 2004, at half of the speed. The first use of this
  /// module replaces them by the widest that the processor has, unless `OPENBLAS_CORETYPE` names others.
  public static var blas: String? {
    prepare()
    let name = String(cString: ct_blas())
    return name.isEmpty ? nil : name
  }

  /// The number of threads that one operation may use.
  ///
  /// At first the processors that this process may use (``ProcessorCount``), or `OMP_NUM_THREADS` if it is set.
  public static var threads: Int {
    get {
      prepare()
      return Int(ct_threads())
    }
    set {
      precondition(newValue > 0, "at least one thread")
      prepare()
      if !ct_set_threads(Int32(newValue)) { fail() }
    }
  }

  /// Where tensors are made: parameters, batches and samples. The processor unless ``use(_:)`` changed it.
  public static var device: Device { currentDevice.withLock { $0 } }

  /// Makes tensors on another device from now on.
  ///
  /// Call it once, before any tensor is made: operations take operands of one device. Random numbers are drawn on the
  /// processor and moved, so they are the same everywhere; sums differ in the last digits.
  ///
  /// - Throws: ``SurefootError`` if this machine or this libtorch lacks the device, or if the device cannot be started.
  public static func use(_ device: Device) throws(SurefootError) {
    prepare()
    guard device.isAvailable else {
      throw SurefootError(
        .unavailableDevice, message: "libtorch \(version) finds no \(device.name) here",
        suggestion: "build with LIBTORCH naming one made for it, or compute on the processor")
    }
    guard ct_set_device(device.code) else {
      throw SurefootError(.unavailableDevice, message: "\(device.name) cannot be used: \(lastError)")
    }
    currentDevice.withLock { $0 = device }
  }

  private static let currentDevice = Mutex(Device.cpu)

  /// Sets what holds for the whole process before the first tensor: OpenBLAS' kernels and the number of threads.
  ///
  /// The module calls it on its first use. Call it yourself only if another library of your program multiplies with the
  /// same OpenBLAS or reads the environment on another thread: then before that starts.
  public static func prepare() { prepared }

  private static let prepared: Void = {
    _ = ct_configure_blas()
    // libtorch counts physical cores, of which a machine with two logical processors has one.
    guard ProcessInfo.processInfo.environment["OMP_NUM_THREADS"] == nil else { return }
    if !ct_set_threads(Int32(clamping: ProcessorCount.available)) { fail() }
  }()

  /// Runs `body` without recording what derivatives need: for sampling and evaluation.
  public static func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    var before = true
    if !ct_set_gradients(false, &before) { fail() }
    defer { _ = ct_set_gradients(before, &before) }
    return try body()
  }

  /// Runs `body` with matrix products and convolutions in the given type, as PyTorch's autocast does: `bfloat16` casts
  /// their operands and keeps sums, norms and parameters in `float32`.
  public static func withComputeType<Result>(
    _ type: ElementType, _ body: () throws -> Result
  ) rethrows -> Result {
    precondition(type == .bfloat16 || type == .float32, "products are in float32 or bfloat16")
    var before = false
    if !ct_set_bfloat16(type == .bfloat16, &before) { fail() }
    defer { _ = ct_set_bfloat16(before, &before) }
    return try body()
  }

  /// Runs `body` with every operation on this thread alone.
  ///
  /// A product or a sum that is divided among threads is added up in an order that depends on their number. What is
  /// fitted to data must not.
  public static func onOneThread<Result>(_ body: () throws -> Result) rethrows -> Result {
    prepare()
    var before: Int32 = 0
    if !ct_set_calling_threads(1, &before) { fail() }
    defer { _ = ct_set_calling_threads(before, &before) }
    return try body()
  }

  /// Calls `body` for every number below `count`, several at once on libtorch's threads.
  ///
  /// What a call computes stays on its thread, so that its result does not depend on the number of threads. Derivatives
  /// are recorded in every call.
  public static func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    prepare()
    withoutActuallyEscaping(body) { body in
      let call = Call(body: body)
      let done = ct_concurrently(
        Int64(count),
        { context, index in
          guard let context else { return }
          Unmanaged<Call>.fromOpaque(context).takeUnretainedValue().body(Int(index))
        }, Unmanaged.passUnretained(call).toOpaque())
      if !done { fail() }
    }
  }

  private final class Call: Sendable {
    let body: @Sendable (Int) -> Void
    init(body: @escaping @Sendable (Int) -> Void) { self.body = body }
  }

  /// Why the last call on this thread failed.
  static var lastError: String { String(cString: ct_error()) }

  /// Stops the program with libtorch's message: a programmer's error, such as shapes that do not fit, or memory that has
  /// run out where no error can be thrown.
  static func fail(file: StaticString = #file, line: UInt = #line) -> Never {
    fatalError("libtorch: \(lastError)", file: file, line: line)
  }
}
