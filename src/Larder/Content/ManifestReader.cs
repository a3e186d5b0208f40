using System.Text.Json;

namespace Larder.Content;

/// <summary>Reads the tokens of a manifest in the only order that the canonical form has.</summary>
internal ref struct ManifestReader
{
    private Utf8JsonReader _json;

    public ManifestReader(ReadOnlySpan<byte> bytes) => _json = new Utf8JsonReader(bytes);

    /// <summary>Reads every file, in the order written and not yet checked against the rules.</summary>
    /// <exception cref="ManifestException">Something other than a manifest's tokens is there.</exception>
    public static List<ManifestFile> Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new ManifestReader(bytes).ReadFiles();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader reports a string that is not Unicode as an invalid operation.
            throw new ManifestException([$"it is not JSON ({e.Message.TrimEnd('.')})"], e);
        }
    }

    private List<ManifestFile> ReadFiles()
    {
        List<ManifestFile> files = [];
        Expect(JsonTokenType.StartObject);
        ExpectName("files"u8);
        Expect(JsonTokenType.StartArray);
        while (Next() == JsonTokenType.StartObject)
            files.Add(ReadFile());

        Require(_json.TokenType == JsonTokenType.EndArray);
        Expect(JsonTokenType.EndObject);
        // The reader throws for anything after the end but white space, which is no part of the canonical form.
        _json.Read();
        return files;
    }

    private ManifestFile ReadFile()
    {
        ExpectName("path"u8);
        Expect(JsonTokenType.String);
        string path = _json.GetString()!;
        ExpectName("sha256"u8);
        Expect(JsonTokenType.String);
        Digest digest = ReadDigest();
        ExpectName("size"u8);
        Expect(JsonTokenType.Number);
        Require(_json.TryGetInt64(out long sizeBytes));
        Expect(JsonTokenType.EndObject);
        return new ManifestFile(path, sizeBytes, digest);
    }

    private readonly Digest ReadDigest()
    {
        Span<char> hex = stackalloc char[Digest.SizeBytes * 2];
        Digest digest = default;
        Require(_json.ValueSpan.Length == hex.Length && Digest.TryParse(hex[.._json.CopyString(hex)], out digest));
        return digest;
    }

    private void ExpectName(ReadOnlySpan<byte> name)
    {
        Expect(JsonTokenType.PropertyName);
        Require(_json.ValueTextEquals(name));
    }

    private void Expect(JsonTokenType token) => Require(Next() == token);

    private JsonTokenType Next() => _json.Read() ? _json.TokenType : JsonTokenType.None;

    private readonly void Require(bool isManifest)
    {
        if (!isManifest)
        {
            throw new ManifestException([
                $"byte {_json.TokenStartIndex} is not as in {{\"files\":[{{\"path\",\"sha256\",\"size\"}}]}}",
            ]);
        }
    }
}
