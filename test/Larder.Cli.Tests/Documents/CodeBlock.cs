namespace Larder.Cli.Tests.Documents;

/// <summary>A block of code on a page.</summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="Language">What stands behind its fence; empty for none.</param>
/// <param name="Lines">Its lines.</param>
public sealed record CodeBlock(string Page, int Line, string Language, IReadOnlyList<string> Lines)
{
    public override string ToString() => $"{Page}:{Line}";
}
