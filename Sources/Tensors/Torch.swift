import CTorch
import Synchronization

/// libtorch itself: its version, its threads, and the switches that hold for a stretch of code on this thread.
public enum Torch {
  /// libtorch's version, `1.13.1`.
  public static var version: String { String(cString: ct_version()) }

  /// How libtorch was built and which libraries do its arithmetic.
  public static var configuration: String { String(cString: ct_configuration()) }

  /// The library of matrix products and the processor whose kernels it uses, `OpenBLAS SkylakeX`; none if it is another.
  ///
  /// An OpenBLAS older than the processor takes kernels of 2004, at half of the speed. They are replaced by the widest that
  /// the processor has when the program is loaded, unless `OPENBLAS_CORETYPE` names others.
  public static var blas: String? {
    let name = String(cString: ct_blas())
    return name.isEmpty ? nil : name
  }

  /// The number of threads that one operation may use.
  public static var threads: Int {
    get { Int(ct_threads()) }
    set {
      precondition(newValue > 0, "at least one thread")
      if !ct_set_threads(Int32(newValue)) { fail() }
    }
  }

  /// Where tensors are made from now on: parameters, batches and samples; the processor at first.
  ///
  /// Set it once, before anything is made: operations take operands of one device. Random numbers are drawn on the
  /// processor and moved, so that they are the same everywhere; sums are not, to the last digits.
  ///
  /// - Precondition: The device is there.
  public static var device: Device {
    get { present.withLock { $0 } }
    set {
      precondition(newValue.isAvailable, "this libtorch has no \(newValue.name) here")
      if !ct_set_device(newValue.rawValue) { fail() }
      present.withLock { $0 = newValue }
    }
  }

  private static let present = Mutex(Device.cpu)

  /// Runs `body` without recording what derivatives need: for sampling and evaluation.
  public static func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = ct_set_gradients(false)
    defer { _ = ct_set_gradients(before) }
    return try body()
  }

  /// Runs `body` with products in the given type: `bfloat16` casts the operands of products and keeps sums, norms and
  /// parameters in `float32`.
  public static func withProducts<Result>(
    in type: ElementType, _ body: () throws -> Result
  ) rethrows -> Result {
    precondition(type == .bfloat16 || type == .float32, "products are in float32 or bfloat16")
    let before = ct_set_bfloat16(type == .bfloat16)
    defer { _ = ct_set_bfloat16(before) }
    return try body()
  }

  /// Stops the program with what libtorch said: a programmer's error, such as shapes that do not fit.
  static func fail(file: StaticString = #file, line: UInt = #line) -> Never {
    fatalError("libtorch: \(String(cString: ct_error()))", file: file, line: line)
  }
}
