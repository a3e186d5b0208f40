namespace Larder.Cli.Tests.Page;

/// <summary>What a reader of the page loads his sessions with.</summary>
internal sealed record SessionOptions(int Threads = 1);
