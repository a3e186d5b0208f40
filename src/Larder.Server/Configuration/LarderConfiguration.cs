using Larder.Azure;
using Larder.Content;
using Larder.Graphs;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.S3;
using Larder.Store.Scrub;

namespace Larder.Server.Configuration;

/// <summary>All settings of <c>larder.json</c> and its environment variables, read and checked.</summary>
public sealed record LarderConfiguration
{
    /// <summary>Where the settings came from, for messages: the file's path, or a word for the environment alone.</summary>
    public required string Source { get; init; }

    /// <summary>The store and how it is filled.</summary>
    public required ModelCacheOptions Store { get; init; }

    /// <summary>How a server re-reads the store in the background.</summary>
    public ScrubOptions Scrub { get; init; } = new();

    /// <summary>The origins that are set up otherwise than by default.</summary>
    public IReadOnlyList<IOrigin> Origins { get; init; } = [];

    /// <summary>The store that the team shares; null where there is none.</summary>
    public TeamStore? Shared { get; init; }

    /// <summary>How much is kept loaded.</summary>
    public required GraphCacheOptions Graphs { get; init; }

    /// <summary>How models are loaded.</summary>
    public OnnxModelsOptions Onnx { get; init; } = new();

    /// <summary>The models that are served, by their ids.</summary>
    public required IReadOnlyDictionary<string, ServedModel> Models { get; init; }

    /// <summary>Where the server listens, whom it answers, and how much it lets itself be asked.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>How a server writes its log; lines for people.</summary>
    public LogFormat Logs { get; init; }

    /// <summary>Whether the environment forbids the network, with <c>LARDER_OFFLINE=1</c>; false.</summary>
    public bool Offline { get; init; }

    /// <summary>What the file asks for and this version does not do yet.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What a server loads before anybody asks.</summary>
    public WarmUpSettings WarmUp { get; init; } = new();

    /// <summary>The file that was read, absolute; null for the environment alone.</summary>
    internal string? File { get; init; }

    /// <summary>Reads all of it again when the file has changed; null: just the file.</summary>
    internal Func<LarderConfiguration>? ReadAgain { get; init; }

    /// <summary>The digest of that file's bytes, from before it was read: what changes while it is read has another; null for no file.</summary>
    internal Digest? FileDigest { get; init; }

    /// <summary>Every setting that is set, by its path with ':' between the names.</summary>
    internal IReadOnlyDictionary<string, string> Values { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How buckets are asked; null for the defaults.</summary>
    internal S3OriginOptions? S3 { get; init; }

    /// <summary>How storage accounts are asked; null for the defaults.</summary>
    internal AzureBlobOptions? Azure { get; init; }

    /// <summary>All settings of a model by which it is that model, as one text: two that differ are served from different files, or run otherwise.</summary>
    internal string ContentOf(string id)
    {
        var prefix = $"models:{id}:";
        return string.Join(
            '\n',
            Values
                .Where(value => value.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                .Select(value => (Name: value.Key[prefix.Length..], value.Value))
                .Where(value => !ModelSettings.SaysWhen(value.Name))
                .OrderBy(value => value.Name, StringComparer.OrdinalIgnoreCase)
                .Select(value => $"{value.Name.ToLowerInvariant()}={value.Value}")
        );
    }
}
