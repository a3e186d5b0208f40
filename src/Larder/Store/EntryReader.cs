using System.Text.Json;
using Larder.Content;

namespace Larder.Store;

/// <summary>Reads the JSON document of an entry, its members in any order and unknown ones skipped.</summary>
/// <remarks>By tokens and not as a document tree: every hit reads an entry, and a listing reads them all.</remarks>
internal ref struct EntryReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<byte> _expectedRequest;
    private Utf8JsonReader _json;

    private EntryReader(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> expectedRequest)
    {
        _bytes = bytes;
        _expectedRequest = expectedRequest;
        _json = new Utf8JsonReader(bytes.Span);
    }

    /// <summary>Reads a document; null when it is not one, whatever the reason: a broken entry is a miss.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="expectedRequest">The canonical request that the caller came for, if it came for one.</param>
    public static StoreEntry? TryRead(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> expectedRequest = default)
    {
        if (EntrySeal.IsBroken(bytes.Span))
            return null;
        try
        {
            return new EntryReader(bytes, expectedRequest).ReadDocument();
        }
        catch (Exception malformed)
            when (malformed
                    is JsonException
                        or FormatException
                        or InvalidOperationException
                        or ArgumentException
                        or OverflowException
                        or InvalidDocumentException
            )
        {
            return null;
        }
    }

    private StoreEntry ReadDocument()
    {
        _json.Read();
        var entry = ReadEntry();
        // The reader throws for anything after the end but white space.
        _json.Read();
        return entry;
    }

    private StoreEntry ReadEntry()
    {
        ReadOnlyMemory<byte>? request = null;
        Digest? manifest = null;
        DateTimeOffset? created = null;
        DateTimeOffset? lastCheck = null;
        double? seconds = null;
        long? sizeBytes = null;
        int? files = null;
        EntrySource? source = null;
        List<Digest> previous = [];
        EnterObject();
        while (NextMember() is { } name)
        {
            switch (name)
            {
                case "previous":
                    while (_json.Read() && _json.TokenType == JsonTokenType.String)
                        previous.Add(Digest.Parse(ReadText()));
                    break;
                case "request":
                    request = ReadRequest();
                    break;
                case "manifest":
                    manifest = Digest.Parse(ReadText());
                    break;
                case "created":
                    created = _json.GetDateTimeOffset();
                    break;
                case "checked":
                    lastCheck = _json.GetDateTimeOffset();
                    break;
                case "seconds":
                    seconds = _json.GetDouble();
                    break;
                case "bytes":
                    sizeBytes = _json.GetInt64();
                    break;
                case "files":
                    files = _json.GetInt32();
                    break;
                case "source":
                    source = ReadSource();
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        return new StoreEntry
        {
            Request = request ?? throw Missing(),
            Manifest = manifest ?? throw Missing(),
            Previous = previous,
            Created = created ?? throw Missing(),
            Checked = lastCheck ?? throw Missing(),
            Duration = TimeSpan.FromSeconds(seconds ?? throw Missing()),
            SizeBytes = sizeBytes ?? throw Missing(),
            Files = files ?? throw Missing(),
            Source = source ?? throw Missing(),
        };
    }

    // What is canonical to the byte need not be made so: that is every hit, and the nodes that it takes are slow to start.
    private ReadOnlyMemory<byte> ReadRequest()
    {
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        var request = _bytes[start..(int)_json.BytesConsumed];
        return request.Span.SequenceEqual(_expectedRequest.Span)
            ? _expectedRequest
            : CanonicalJson.Canonicalize(request.Span);
    }

    private EntrySource ReadSource()
    {
        string? reference = null;
        string? trust = null;
        string? revision = null;
        var isFixed = false;
        var hasOnlySizeAndTime = false;
        Dictionary<string, string>? versions = null;
        Digest? derivedFrom = null;
        ManifestFile? archive = null;
        EnterObject();
        while (NextMember() is { } name)
        {
            switch (name)
            {
                case "reference":
                    reference = ReadText();
                    break;
                case "trust":
                    trust = ReadText();
                    break;
                case "revision":
                    revision = ReadText();
                    break;
                case "derived_from":
                    derivedFrom = Digest.Parse(ReadText());
                    break;
                case "fixed":
                    isFixed = _json.GetBoolean();
                    break;
                case "size_and_time":
                    hasOnlySizeAndTime = _json.GetBoolean();
                    break;
                case "archive":
                    archive = ReadArchive();
                    break;
                case "versions":
                    versions = ReadVersions();
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        return new EntrySource(reference ?? throw Missing(), trust ?? throw Missing(), versions ?? throw Missing())
        {
            Revision = revision,
            DerivedFrom = derivedFrom,
            IsFixed = isFixed,
            HasOnlySizeAndTime = hasOnlySizeAndTime,
            Archive = archive,
        };
    }

    private ManifestFile ReadArchive()
    {
        string? path = null;
        long? sizeBytes = null;
        Digest? digest = null;
        EnterObject();
        while (NextMember() is { } name)
        {
            switch (name)
            {
                case "path":
                    path = ReadText();
                    break;
                case "size":
                    sizeBytes = _json.GetInt64();
                    break;
                case "sha256":
                    digest = Digest.Parse(ReadText());
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        return new ManifestFile(path ?? throw Missing(), sizeBytes ?? throw Missing(), digest ?? throw Missing());
    }

    private Dictionary<string, string> ReadVersions()
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        EnterObject();
        while (NextMember() is { } path)
            versions.Add(path, ReadText());
        return versions;
    }

    private readonly void EnterObject()
    {
        if (_json.TokenType != JsonTokenType.StartObject)
            throw new FormatException("An object is something else.");
    }

    /// <summary>Goes to the value of the next member and returns its name; null at the object's end.</summary>
    private string? NextMember()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
            return null;
        var name = _json.GetString();
        _json.Read();
        return name;
    }

    private readonly string ReadText() => _json.GetString() ?? throw new FormatException("A text is null.");

    private static FormatException Missing() => new("A member is missing.");
}
