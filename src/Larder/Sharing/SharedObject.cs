namespace Larder.Sharing;

/// <summary>An object as a shared store shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Tag">The store's mark of this version of it: other bytes, another tag.</param>
/// <param name="Modified">When it was written, by the store's own clock.</param>
public sealed record SharedObject(string Name, long SizeBytes, string Tag, DateTimeOffset Modified);
