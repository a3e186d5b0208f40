namespace Larder.Store;

/// <summary>One use of an entry.</summary>
/// <param name="Hit">Whether no byte came from the origin.</param>
/// <param name="BytesFetched">Bytes that came from the origin.</param>
/// <param name="BytesSaved">Bytes that need not come again.</param>
/// <param name="TimeSaved">What getting the entry had taken the first time, where that was saved.</param>
internal readonly record struct UsageRecord(bool Hit, long BytesFetched, long BytesSaved, TimeSpan TimeSaved);
