import Correctors
import Dynamics
import Evaluation
public import Foundation
public import Support

/// A run's ledger as an SQLite database, for questions in SQL.
///
///     try LedgerIndex.build(of: run)   // run/ledger.sqlite
///
/// The index holds nothing that the ledger does not hold, and no run reads it. It is rebuilt each time in a temporary file
/// that then replaces the old one.
///
/// Tables: `run`, `windows`, `models`, `clips`, `parents` (clip, parent), `rewards` (clip, place, reward, chosen),
/// `mixes`, `members` (arm, generation, clip), `figures` (arm, generation, figure, value), `fits` (correctors fitted on real
/// windows), `omegas` (arm, generation, omega, energy).
public enum LedgerIndex {
  /// The name of the file in a run's folder.
  public static let fileName = "ledger.sqlite"

  /// Builds the index of a run's folder, replacing an earlier one.
  ///
  /// - Returns: The database's file and the number of events in it.
  /// - Throws: ``SurefootError`` for a ledger that cannot be read or an index that cannot be written.
  @discardableResult
  public static func build(of run: URL) throws(SurefootError) -> (url: URL, events: Int) {
    let events = try Ledger.events(in: run.appendingPathComponent("ledger.jsonl"))
    let url = run.appendingPathComponent(fileName)
    let temporary = AtomicFile.temporary(for: url)
    try? FileManager.default.removeItem(at: temporary)
    do throws(SurefootError) {
      let database = try SQLiteDatabase(creating: temporary.path, schema: schema)
      if let record = events.run { try insert(record, ended: events.hasEnded, into: database) }
      for event in events where event.isStep { try insert(event, into: database) }
      try database.close()
      guard rename(temporary.path, url.path) == 0 else {
        throw SurefootError(
          file: url.path, message: "cannot be written (\(String(cString: strerror(errno))))",
          suggestion: "check that the folder is writable and has room")
      }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
    return (url, events.count)
  }

  private static let schema = """
    CREATE TABLE run (specification TEXT, dataset TEXT, generator TEXT, corrector TEXT, ended INTEGER);
    CREATE TABLE windows (place INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE models (
      id TEXT PRIMARY KEY, file TEXT, sha256 TEXT, parent TEXT, auxiliary TEXT, arm TEXT, generation INTEGER,
      clips INTEGER, steps INTEGER, seed TEXT, loss REAL);
    CREATE TABLE clips (
      id TEXT PRIMARY KEY, purpose TEXT, model TEXT, auxiliary TEXT, arm TEXT, generation INTEGER, action TEXT,
      frames INTEGER, seed TEXT, file TEXT, sha256 TEXT, corrector TEXT, verdict TEXT, mpjpe REAL, penetrate REAL,
      float REAL, skate REAL, phys_err REAL, residual_wrench REAL, jerk REAL);
    CREATE TABLE parents (clip TEXT, parent TEXT);
    CREATE TABLE rewards (clip TEXT, reward TEXT, place INTEGER, value REAL, chosen INTEGER);
    CREATE TABLE mixes (arm TEXT, generation INTEGER, real INTEGER, dropped INTEGER, PRIMARY KEY (arm, generation));
    CREATE TABLE members (arm TEXT, generation INTEGER, clip TEXT);
    CREATE TABLE figures (arm TEXT, generation INTEGER, figure TEXT, value REAL);
    CREATE TABLE fits (corrector TEXT, windows INTEGER, sha256 TEXT, leak INTEGER);
    CREATE TABLE omegas (arm TEXT, generation INTEGER, omega REAL, energy REAL, real_energy REAL, jerk REAL);
    CREATE INDEX clips_by_hash ON clips (sha256);
    CREATE INDEX parents_by_clip ON parents (clip);
    """

  private static func insert(_ event: LedgerEvent, into database: SQLiteDatabase) throws(SurefootError) {
    switch event {
    case .model(let record): try insert(record, into: database)
    case .clip(let record): try insert(record, into: database)
    case .choice(let record): try insert(record, into: database)
    case .mix(let record): try insert(record, into: database)
    case .evaluation(let record):
      for (figure, value) in record.figures.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        try add("figures", [record.arm ?? "shared", record.generation, figure.rawValue, value], to: database)
      }
    case .fit(let record):
      let isLeak = record.isLeak ? 1 : 0
      try add("fits", [record.corrector, record.windows, record.sha256, isLeak], to: database)
    case .omega(let record):
      try add(
        "omegas", [record.arm, record.generation, record.omega, record.energy, record.realEnergy, record.jerk],
        to: database)
    case .run, .end, .evaluationSet: break
    }
  }

  private static func insert(_ record: RunRecord, ended: Bool, into database: SQLiteDatabase) throws(SurefootError) {
    try add(
      "run", [record.specification, record.dataset, record.generator, record.corrector, ended ? 1 : 0], to: database)
    for (place, name) in record.windows.enumerated() { try add("windows", [place, name], to: database) }
  }

  private static func insert(_ record: ModelRecord, into database: SQLiteDatabase) throws(SurefootError) {
    try add(
      "models",
      [
        record.id, record.file, record.sha256, record.parent, record.auxiliary, record.arm, record.generation,
        record.clips, record.steps, String(record.seed), record.loss,
      ], to: database)
  }

  private static func insert(_ record: ClipRecord, into database: SQLiteDatabase) throws(SurefootError) {
    let metrics = record.metrics
    try add(
      "clips",
      [
        record.id, record.purpose.rawValue, record.model, record.auxiliary, record.arm, record.generation,
        record.action, record.frames, String(record.seed), record.file, record.sha256, record.corrector,
        record.verdict?.description, record.mpjpe, metrics.penetrate, metrics.float, metrics.skate, metrics.physErr,
        metrics.residualWrench, metrics.jerk,
      ], to: database)
    for parent in record.parents { try add("parents", [record.id, parent], to: database) }
  }

  private static func insert(_ record: ChoiceRecord, into database: SQLiteDatabase) throws(SurefootError) {
    if let clip = record.clip { try insert(clip, into: database) }
    for (place, reward) in record.rewards.enumerated() {
      try add("rewards", [record.id, record.reward, place, reward, place == record.chosen ? 1 : 0], to: database)
    }
  }

  private static func insert(_ record: MixRecord, into database: SQLiteDatabase) throws(SurefootError) {
    try add("mixes", [record.arm, record.generation, record.real, record.dropped], to: database)
    for clip in record.synthetic { try add("members", [record.arm, record.generation, clip], to: database) }
  }

  private static func add(
    _ table: String, _ values: [(any SQLiteColumn)?], to database: SQLiteDatabase
  ) throws(SurefootError) {
    try database.insert(into: table, values.map { $0?.column ?? .null })
  }
}
