namespace Larder.Sharing.Administration;

/// <summary>The entries of one kind in one namespace.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Entries">How many there are.</param>
/// <param name="SizeBytes">Bytes of their files as their documents say, those that several share counted for each.</param>
public sealed record SharedEntryGroup(string Namespace, string Kind, long Entries, long SizeBytes);
