using System.Text;
using System.Text.Json;
using Larder.Content;
using Larder.Content.Requests;

namespace Larder.Graphs.Keys;

/// <summary>The request documents of one kind of graph: what stands around the configuration, and the keys of the latest.</summary>
internal sealed class KeyRequest
{
    /// <summary>What of a configuration is in a key.</summary>
    public static readonly ValueRules Rules = new("configuration", "graph", typeof(NotPartOfKeyAttribute));

    private const string Kind = "graph";
    private const int MaxNameLength = 64;

    // A power of two. Enough for the configurations in use at one time; another one only costs its hash.
    private const int MaxLatest = 64;

    // Longer requests, and the writers that grew with them, are left to the collector.
    private const int MaxKeptBytes = 16 * 1024;

    private readonly EntryKey?[] _latest = new EntryKey?[MaxLatest];
    private readonly byte[] _afterConfiguration;
    private readonly byte[] _afterModels;
    private RequestWriter? _spare;

    public KeyRequest(string name, int version)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (
            name.Length > MaxNameLength
            || !name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit is '_' or '-' or '.')
        )
            throw new ArgumentException(
                $"The name of a kind of graph is 1 to {MaxNameLength} ASCII letters, digits, '_', '-' and '.', not {Printable.Quote(name)}.",
                nameof(name)
            );
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        Name = name;
        Version = version;
        _afterConfiguration = Encode($",\"graph\":\"{name}\",\"kind\":\"{Kind}\",\"models\":{{");
        _afterModels = Encode($"}},\"version\":{version}}}");
    }

    public string Name { get; }

    public int Version { get; }

    private static ReadOnlySpan<byte> BeforeConfiguration => "{\"configuration\":"u8;

    /// <summary>A writer at the place of the configuration; it comes back with <see cref="End"/>, or never after a failure.</summary>
    public RequestWriter Begin()
    {
        var writer = Interlocked.Exchange(ref _spare, null) ?? new RequestWriter(Rules, Refused);
        writer.Begin();
        writer.Output.WriteRaw(BeforeConfiguration);
        return writer;
    }

    /// <summary>The configuration as it has been written so far.</summary>
    public static ReadOnlySpan<byte> ConfigurationIn(RequestWriter writer) =>
        writer.Output.Written[BeforeConfiguration.Length..];

    /// <summary>Ends the request and gives its key.</summary>
    public EntryKey End(RequestWriter writer, ReadOnlySpan<GraphModel> models)
    {
        writer.Output.WriteRaw(_afterConfiguration);
        WriteModels(writer.Output, models);
        writer.Output.WriteRaw(_afterModels);
        var key = KeyOf(writer.Output.Written);
        if (key.Request.Length <= MaxKeptBytes)
            Volatile.Write(ref _spare, writer);
        return key;
    }

    /// <summary>The configuration in a key of this kind.</summary>
    public JsonElement ConfigurationIn(EntryKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var document = JsonDocument.Parse(key.Request);
        var request = document.RootElement;
        var isOurs =
            key.Kind == Kind
            && request.TryGetProperty("graph", out var name)
            && name.ValueEquals(Name)
            && request.GetProperty("version").TryGetInt32(out var version)
            && version == Version;
        return isOurs && request.TryGetProperty("configuration", out var configuration)
            ? configuration.Clone()
            : throw new ArgumentException(
                $"The key {key} is not of graph '{Name}' version {Version}; give one that this kind has made.",
                nameof(key)
            );
    }

    // The hash of a request takes longer than all the rest, so the latest are found by their bytes: every one is compared.
    // Two threads may overwrite each other's: a key that is not found is made again.
    private EntryKey KeyOf(ReadOnlySpan<byte> request)
    {
        var hash = new HashCode();
        hash.AddBytes(request);
        ref var place = ref _latest[hash.ToHashCode() & (MaxLatest - 1)];
        if (Volatile.Read(ref place) is { } known && known.Answers(request))
            return known;

        var key = EntryKey.OfCanonical(Kind, request.ToArray());
        if (request.Length <= MaxKeptBytes)
            Volatile.Write(ref place, key);
        return key;
    }

    private InvalidConfigurationException Refused(string path, string message, Exception? innerException) =>
        new(Name, [new ConfigurationFault(path, message)], innerException);

    private static void WriteModels(CanonicalJsonWriter output, ReadOnlySpan<GraphModel> models)
    {
        const int Few = 16;
        var order = models.Length <= Few ? stackalloc int[Few] : new int[models.Length];
        Sort(models, order[..models.Length]);
        for (var i = 0; i < models.Length; i++)
        {
            if (i > 0)
                output.WriteRaw(","u8);
            models[order[i]].WriteTo(output);
        }
    }

    // By insertion: a graph has a handful of models, and the caller's order is not ours to change.
    private static void Sort(ReadOnlySpan<GraphModel> models, Span<int> order)
    {
        for (var i = 0; i < models.Length; i++)
        {
            var role = models[i].Role;
            if (role.Length == 0)
                throw new ArgumentException("A model has no role; make it with GraphModel.Of.", nameof(models));

            var at = i;
            for (; at > 0 && string.CompareOrdinal(models[order[at - 1]].Role, role) > 0; at--)
                order[at] = order[at - 1];
            if (at > 0 && models[order[at - 1]].Role == role)
                throw new ArgumentException(
                    $"There are two models with the role {Printable.Quote(role)}; a role is one model's.",
                    nameof(models)
                );
            order[at] = i;
        }
    }

    private static byte[] Encode(FormattableString text) => Encoding.ASCII.GetBytes(FormattableString.Invariant(text));
}
