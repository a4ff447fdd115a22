/// How far the correction of one long clip is, for a line of progress.
///
///     let corrected = try await ClipProgress.$told.withValue(ClipProgress { share in show(share) }) {
///       try await corrector.correct(motion, seed: 1)
///     }
///
/// Correctors that simulate tell it; others are done before anybody looks. It changes no result.
public struct ClipProgress: Sendable {
  /// What the current task's corrections tell; `nil` for nobody.
  @TaskLocal public static var told: ClipProgress?

  private let tell: @Sendable (Double) -> Void

  /// Progress that calls `tell` with the share that is done, 0 to 1, on the thread that simulates.
  public init(_ tell: @escaping @Sendable (Double) -> Void) { self.tell = tell }

  func advance(to share: Double) { tell(share) }
}
