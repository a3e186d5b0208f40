using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Store;

namespace Larder.Sharing;

/// <summary>Writes the documents of shared entries and believes those that it may.</summary>
/// <remarks>
/// <para>
/// Without keys a document is to the byte what a store on disk has (<see cref="EntryDocument"/>). With keys it has two members
/// more: <c>namespace</c>, so that it cannot be moved to another, and <c>signature</c> <c>{"key", "value"}</c> over the canonical
/// form of all the others. What is believed of a signed document is read from just the bytes that the signature is of.
/// </para>
/// <para>
/// Nothing of the publisher's machine gets out: of a reference to its disk only the last name is left, and the versions that its
/// store had before are left out.
/// </para>
/// </remarks>
internal sealed class EntryDocuments : IDisposable
{
    /// <summary>The most that a document may have: one of a model has a line for each of its files.</summary>
    public const int MostBytes = 4 << 20;

    private const string NamespaceMember = "namespace";
    private const string SignatureMember = "signature";

    private readonly string _namespace;
    private readonly EntryKeyPair? _signer;
    private readonly EntryKeyPair[] _trusted;

    public EntryDocuments(SharedCacheOptions options)
    {
        _namespace = options.Namespace;
        _signer = options.SigningKeyPem is { } pem ? EntryKeyPair.FromPem(pem) : null;
        // One's own first; a key that is named twice is asked for once.
        EntryKeyPair[] trusted = [.. options.TrustedKeysPem.Select(EntryKeyPair.FromPem)];
        _trusted = _signer is null
            ? [.. trusted.DistinctBy(key => key.Signer)]
            : [_signer, .. trusted.DistinctBy(key => key.Signer).Where(key => key.Signer != _signer.Signer)];
        Places =
            _trusted.Length == 0
                ? [_namespace]
                : [.. _trusted.Select(key => SharedNames.Place(_namespace, key.Signer))];
        OwnPlace = (_trusted.Length, _signer) switch
        {
            (0, _) => _namespace,
            (_, { } signer) => SharedNames.Place(_namespace, signer.Signer),
            _ => null,
        };
    }

    /// <summary>Where believable entries lie, the first to be preferred.</summary>
    public IReadOnlyList<string> Places { get; }

    /// <summary>Where one's own entries go; null where nobody would believe them.</summary>
    public string? OwnPlace { get; }

    /// <summary>Writes the document of an entry that is published.</summary>
    public byte[] Write(StoreEntry entry)
    {
        var published = entry with
        {
            Previous = [],
            Source = entry.Source with { Reference = WithoutMachine(entry.Source.Reference) },
        };
        var document = EntryDocument.Write(published);
        if (_signer is null)
            return document;
        var signed = JsonNode.Parse(document)!.AsObject();
        signed[NamespaceMember] = _namespace;
        var signature = _signer.Sign(CanonicalJson.Serialize(signed));
        signed[SignatureMember] = new JsonObject
        {
            ["key"] = _signer.Signer.ToString(),
            ["value"] = Convert.ToBase64String(signature),
        };
        return CanonicalJson.Serialize(signed);
    }

    /// <summary>Reads what was found under the name of a key.</summary>
    /// <param name="place">Where it lay, one of <see cref="Places"/>.</param>
    /// <param name="key">What it has to answer.</param>
    /// <param name="document">The bytes.</param>
    /// <param name="fault">Why it is not believed, to be read after its name.</param>
    public StoreEntry? TryRead(string place, EntryKey key, ReadOnlyMemory<byte> document, out string fault)
    {
        fault = "";
        if (_trusted.FirstOrDefault(trusted => SharedNames.Place(_namespace, trusted.Signer) == place) is { } signer)
        {
            if (TryUnseal(document, signer, out fault) is not { } signed)
                return null;
            document = signed;
        }
        var entry = EntryReader.TryRead(document, key.Request);
        if (entry is null || entry.SizeBytes < 0)
            fault = "its document is not that of an entry";
        else if (!key.Answers(entry.Request.Span))
            fault = "it answers another request than the one that its name stands for";
        else
            return entry;
        return null;
    }

    public void Dispose()
    {
        foreach (var key in _trusted)
            key.Dispose();
        _signer?.Dispose();
    }

    /// <summary>The bytes that a signature is of; null when it is missing, wrong or another's.</summary>
    private byte[]? TryUnseal(ReadOnlyMemory<byte> document, EntryKeyPair signer, out string fault)
    {
        fault = "its document is not that of an entry";
        try
        {
            if (JsonNode.Parse(document.Span) is not JsonObject signed)
                return null;
            fault = "it has no signature, and only signed entries are believed here";
            if (!signed.Remove(SignatureMember, out var member) || member is not JsonObject signature)
                return null;
            fault = "its signature names another key than the place where it lies";
            if (TextOf(signature["key"]) != signer.Signer.ToString())
                return null;
            fault = "it is of another namespace";
            if (TextOf(signed[NamespaceMember]) != _namespace)
                return null;
            fault = "its signature is wrong";
            var bytes = CanonicalJson.Serialize(signed);
            return signer.HasSigned(bytes, Convert.FromBase64String(TextOf(signature["value"]) ?? "")) ? bytes : null;
        }
        // The nodes of a document tell of a member that is there twice only when they are looked at.
        catch (Exception malformed)
            when (malformed
                    is JsonException
                        or ArgumentException
                        or FormatException
                        or InvalidOperationException
                        or InvalidDocumentException
                        or CryptographicException
            )
        {
            return null;
        }
    }

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static string WithoutMachine(string reference) =>
        SharedRules.IsOfOneMachine(reference)
            ? reference.TrimEnd('/') is var path && path.LastIndexOf('/') is var slash and >= 0
                ? path[(slash + 1)..]
                : path
            : reference;
}
