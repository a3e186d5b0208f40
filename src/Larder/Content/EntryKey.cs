using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Content;

/// <summary>What an entry is found by: a kind, and the digest of the whole request that the entry answers.</summary>
public sealed class EntryKey : IEquatable<EntryKey>
{
    private const int MaxKindLength = 32;

    private readonly byte[] _request;

    private EntryKey(string kind, byte[] request)
    {
        Kind = kind;
        _request = request;
        Digest = Digest.Of(request);
    }

    /// <summary>What sort of request this is; also the name of the directory that its entries lie in.</summary>
    public string Kind { get; }

    /// <summary>The SHA-256 of <see cref="Request"/>.</summary>
    public Digest Digest { get; }

    /// <summary>The request as canonical JSON, to be stored beside the answer.</summary>
    public ReadOnlyMemory<byte> Request => _request;

    /// <summary>Makes the key of a request.</summary>
    /// <param name="request">
    /// All that the answer depends on, with defaults filled in; <c>kind</c> is a string of 1 to 32 lower-case letters,
    /// digits and <c>-</c>, beginning with a letter, and <c>version</c> an integer. Later changes to it do not matter.
    /// </param>
    /// <exception cref="InvalidDocumentException">
    /// The request has no canonical form, no kind or version, or an integer whose digits a double would change.
    /// </exception>
    public static EntryKey Of(JsonObject request)
    {
        ArgumentNullException.ThrowIfNull(request);
        byte[] canonical = CanonicalJson.Serialize(request, IntegerRule.Refuse);
        string kind = KindOf(request["kind"]);
        RequireInteger(request["version"]);
        return new EntryKey(kind, canonical);
    }

    /// <summary>Makes the key of a request that its writer has written in canonical form.</summary>
    internal static EntryKey OfCanonical(string kind, byte[] request) => new(kind, request);

    /// <summary>Whether a request stored beside an answer is this one, to the byte.</summary>
    public bool Answers(ReadOnlySpan<byte> storedCanonicalRequest) => storedCanonicalRequest.SequenceEqual(_request);

    /// <inheritdoc/>
    public bool Equals(EntryKey? other) => other is not null && Digest == other.Digest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EntryKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.GetHashCode();

    /// <summary>The kind and the digest, as <c>kind:digest</c>.</summary>
    public override string ToString() => $"{Kind}:{Digest}";

    private static string KindOf(JsonNode? node)
    {
        if (node is JsonValue value && value.TryGetValue(out string? kind) && IsKind(kind))
            return kind;

        throw new InvalidDocumentException(
            "$.kind",
            $"a request has a kind: 1 to {MaxKindLength} lower-case letters, digits and '-', a letter first"
        );
    }

    private static bool IsKind(string kind) =>
        kind.Length is > 0 and <= MaxKindLength
        && char.IsAsciiLetterLower(kind[0])
        && kind.All(unit => char.IsAsciiLetterLower(unit) || char.IsAsciiDigit(unit) || unit == '-');

    private static void RequireInteger(JsonNode? node)
    {
        bool isInteger =
            node?.GetValueKind() == JsonValueKind.Number
            && long.TryParse(
                CanonicalJson.Serialize(node),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out _
            );
        if (!isInteger)
            throw new InvalidDocumentException("$.version", "a request has an integer as its version");
    }
}
