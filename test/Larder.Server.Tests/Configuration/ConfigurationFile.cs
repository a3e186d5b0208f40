using Larder.Server.Configuration;
using Larder.TestKit;

namespace Larder.Server.Tests.Configuration;

/// <summary>A configuration file of one test's own.</summary>
internal sealed class ConfigurationFile : IDisposable
{
    private readonly TempDirectory _directory = new();

    public ConfigurationFile(string text) => File.WriteAllText(Path, text);

    public string Path => _directory["larder.json"];

    /// <summary>What a text is read as.</summary>
    public static LarderConfiguration Load(string text)
    {
        using var file = new ConfigurationFile(text);
        return ConfigurationLoader.Load(file.Path);
    }

    /// <summary>The faults of a text.</summary>
    public static IReadOnlyList<string> FaultsOf(string text) =>
        Assert.Throws<ConfigurationException>(() => Load(text)).Faults;

    public void Dispose() => _directory.Dispose();
}
