namespace Yagura.Detectors.Rules;

/// <summary>Rules cannot be asked about a record: it is no JSON in a part that its reader had no need to look into, or built to take too long.</summary>
/// <remarks>No bug of a detector, but nobody may make rules blind in silence by how a record is built: it is reported with the record.</remarks>
public sealed class UnaskableRecordException(string reason) : Exception(reason);
