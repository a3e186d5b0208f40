namespace Larder.Passes.Keys;

/// <summary>A file that the options of a step name, or one in a directory that they name.</summary>
/// <param name="Name">Its path in the directory, with <c>/</c>; empty for a file that is named itself.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Stamp">What it was like when it was looked at.</param>
internal sealed record TreeFile(string Name, string Path, FileStamp Stamp);
