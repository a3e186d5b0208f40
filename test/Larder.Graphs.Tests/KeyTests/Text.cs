using System.Text;
using System.Text.Json;
using Larder.Content;
using Larder.Graphs.Keys;

namespace Larder.Graphs.Tests.KeyTests;

/// <summary>What a key says, as text.</summary>
internal static class Text
{
    public static readonly Digest Weights = Digest.Of("weights"u8);

    public static string Request(EntryKey key) => Encoding.UTF8.GetString(key.Request.Span);

    public static string Configuration(EntryKey key)
    {
        using var document = JsonDocument.Parse(key.Request);
        return document.RootElement.GetProperty("configuration").GetRawText();
    }

    /// <summary>The configuration as a kind of graph of that type writes it.</summary>
    public static string Of<T>(T configuration)
        where T : class => Configuration(new GraphKind<T>("test", 1).KeyOf(configuration));

    /// <summary>The one fault that the configuration is refused for.</summary>
    public static ConfigurationFault Fault<T>(T configuration)
        where T : class =>
        Assert.Single(
            Assert.Throws<InvalidConfigurationException>(() => new GraphKind<T>("test", 1).KeyOf(configuration)).Faults
        );
}
