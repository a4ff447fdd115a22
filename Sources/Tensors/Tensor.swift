import CTorch

/// The type of a tensor's elements.
public enum ElementType: Int32, Sendable, Hashable, CaseIterable, Codable {
  /// IEEE 754 single precision: what models are stored and trained in.
  case float32 = 0
  /// The upper half of a `float32`: fast products, 8 bits of precision.
  case bfloat16 = 1
  /// Indices.
  case int64 = 2
  /// Truth values.
  case bool = 3
  /// IEEE 754 double precision: for checks of derivatives.
  case float64 = 4

  /// The type's number in the shim.
  var code: ct_element_type { ct_element_type(rawValue: .init(rawValue)) }
}

/// Where a tensor's elements lie.
public enum Device: Int32, Sendable, Hashable, CaseIterable {
  /// The processor.
  case cpu = 0
  /// An NVIDIA or AMD accelerator, if libtorch was built for one.
  case cuda = 1
  /// Apple's graphics processor.
  case mps = 2

  /// Whether this machine and this libtorch have it.
  public var isAvailable: Bool { ct_has_device(code) }

  /// The name on the command line: `cpu`, `cuda`, `mps`.
  public var name: String { "\(self)" }

  /// The device's number in the shim.
  var code: ct_device { ct_device(rawValue: .init(rawValue)) }
}

/// A rectangular array of numbers, computed by libtorch.
///
///     let x = Tensor([1, 2, 3, 4], shape: [2, 2])
///     let y = (x.matmul(x) + 1).relu().mean()
///     y.scalar                                       // 14.5
///
/// Operations make new tensors and broadcast as PyTorch's do. A shape that does not fit is a programmer's error and
/// stops the program with libtorch's message; what comes from a file is checked with ``SurefootError`` where it enters.
///
/// Sendable without the compiler's check, because the handle is a pointer: no public operation changes a tensor, and
/// libtorch may read one on many threads. The `package` operations of `Tensor+Mutation.swift` do change tensors; they are
/// called on the parameters of one training, which no other thread sees before it ends.
public final class Tensor: @unchecked Sendable {
  let handle: ct_tensor

  /// Takes over a handle; traps with libtorch's message if there is none.
  init(_ handle: ct_tensor?) {
    guard let handle else { Torch.fail() }
    self.handle = handle
  }

  deinit { ct_free(handle) }

  /// A `float32` tensor of `values` in row-major order.
  ///
  /// - Precondition: `values` has as many elements as the shape.
  public convenience init(_ values: [Float], shape: [Int]) {
    precondition(values.count == shape.product, "\(values.count) values do not fill the shape \(shape)")
    Torch.prepare()
    self.init(ct_from_float(values, values.count, shape.wide, shape.count))
  }

  /// A `float64` tensor of `values` in row-major order.
  ///
  /// - Precondition: `values` has as many elements as the shape.
  public convenience init(doubles values: [Double], shape: [Int]) {
    precondition(values.count == shape.product, "\(values.count) values do not fill the shape \(shape)")
    Torch.prepare()
    self.init(ct_from_double(values, values.count, shape.wide, shape.count))
  }

  /// An `int64` tensor of indices, of one dimension.
  public convenience init(indices: [Int]) {
    self.init(integers: indices.wide, shape: [indices.count])
  }

  /// An `int64` tensor of any shape.
  ///
  /// - Precondition: `integers` has as many elements as the shape.
  convenience init(integers: [Int64], shape: [Int]) {
    precondition(integers.count == shape.product, "\(integers.count) values do not fill the shape \(shape)")
    Torch.prepare()
    self.init(ct_from_int64(integers, integers.count, shape.wide, shape.count))
  }

  /// A copy with elements of another type.
  convenience init(converting other: Tensor, to type: ElementType) {
    self.init(ct_to(other.handle, type.code, other.device.code))
  }

  /// A tensor of one value everywhere, by default on ``Torch/device``.
  public convenience init(
    repeating value: Double, shape: [Int], type: ElementType = .float32, on device: Device = Torch.device
  ) {
    Torch.prepare()
    self.init(ct_full(value, shape.wide, shape.count, type.code, device.code))
  }

  /// Zeros.
  public static func zeros(_ shape: Int...) -> Tensor { Tensor(repeating: 0, shape: shape) }

  /// Ones.
  public static func ones(_ shape: Int...) -> Tensor { Tensor(repeating: 1, shape: shape) }

  /// The length of every dimension.
  public var shape: [Int] {
    var shape = [Int64](repeating: 0, count: ct_rank(handle))
    if !ct_shape(handle, &shape, shape.count) { Torch.fail() }
    return shape.map(Int.init)
  }

  /// The number of elements.
  public var count: Int { shape.product }

  /// The elements' type.
  public var type: ElementType {
    guard let type = ElementType(rawValue: Int32(ct_type_of(handle).rawValue)) else {
      preconditionFailure("a tensor has an element type that this module does not make")
    }
    return type
  }

  /// Where the elements lie.
  public var device: Device { Device(rawValue: Int32(ct_device_of(handle).rawValue)) ?? .cpu }

  /// All elements in row-major order, rounded to `Float`.
  public var floats: [Float] {
    let count = count
    return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      if count > 0, !ct_copy_float(handle, buffer.baseAddress, count) { Torch.fail() }
      filled = count
    }
  }

  /// All elements in row-major order.
  public var doubles: [Double] {
    var values = [Double](repeating: 0, count: count)
    if !ct_copy_double(handle, &values, values.count) { Torch.fail() }
    return values
  }

  /// All elements in row-major order, as integers.
  public var integers: [Int] {
    var values = [Int64](repeating: 0, count: count)
    if !ct_copy_int64(handle, &values, values.count) { Torch.fail() }
    return values.map(Int.init)
  }

  /// The one element of a tensor that has one.
  public var scalar: Double {
    precondition(count == 1, "a tensor of shape \(shape) is not one number")
    return ct_item(handle)
  }

  /// Whether no element is NaN or infinite.
  public var isFinite: Bool {
    Torch.withoutGradients { Tensor(ct_unary(CT_IS_FINITE, handle)).converted(to: .float32).min().scalar == 1 }
  }

  /// The elements as another type; itself if they are of it already.
  public func converted(to type: ElementType) -> Tensor { moved(to: device, type: type) }

  /// The tensor on another device.
  public func moved(to device: Device) -> Tensor { moved(to: device, type: type) }

  private func moved(to device: Device, type: ElementType) -> Tensor {
    Tensor(ct_to(handle, type.code, device.code))
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape, the type and the first elements.
  public var description: String {
    let some = floats.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor(\(type), \(shape): \(some)\(count > 8 ? ", ..." : ""))"
  }
}

extension [Int] {
  /// The product of all: how many elements a shape has.
  var product: Int { reduce(1, *) }
  /// As C's 64-bit integers.
  var wide: [Int64] { map(Int64.init) }
}
