namespace Larder.Origins.Http;

/// <summary>What an index page lists directly below its directory.</summary>
/// <param name="Name">One segment of a path, decoded.</param>
/// <param name="IsDirectory">Whether it has a page of its own.</param>
internal readonly record struct IndexEntry(string Name, bool IsDirectory);
