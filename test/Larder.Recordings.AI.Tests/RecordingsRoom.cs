using Larder.TestKit;

namespace Larder.Recordings.AI.Tests;

/// <summary>A directory of recordings of one test's own.</summary>
internal sealed class RecordingsRoom : IDisposable
{
    private readonly TempDirectory _directory = new();

    /// <summary>The paths of all recordings and attachments.</summary>
    public IReadOnlyList<string> Files =>
        Directory.Exists(_directory["recordings"])
            ?
            [
                .. Directory
                    .EnumerateFiles(_directory["recordings"], "*", SearchOption.AllDirectories)
                    .Where(file => !file.Contains(".usage", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The text of the one recording.</summary>
    public string Text =>
        File.ReadAllText(Assert.Single(Files, file => file.EndsWith(".json", StringComparison.Ordinal)));

    public Recordings Open(RecordingMode mode, Action<RecordingsOptions>? configure = null)
    {
        var options = new RecordingsOptions { Directory = _directory["recordings"], Mode = mode };
        configure?.Invoke(options);
        return new Recordings(options);
    }

    public void Dispose() => _directory.Dispose();
}
