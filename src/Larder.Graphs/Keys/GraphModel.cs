using Larder.Content;

namespace Larder.Graphs.Keys;

/// <summary>A model that a graph is made of: its role in the graph, and which one it is.</summary>
public readonly record struct GraphModel
{
    private readonly string? _role;
    private readonly Digest _manifest;
    private readonly string? _object;

    private GraphModel(string role, Digest manifest, string? instance)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(role);
        if (!Utf16.IsWellFormed(role))
            throw new ArgumentException("A role has half of a surrogate pair; it is not Unicode text.", nameof(role));
        _role = role;
        _manifest = manifest;
        _object = instance;
    }

    /// <summary>What the model does in the graph, such as <c>unet</c>; empty only when nothing was made.</summary>
    public string Role => _role ?? "";

    /// <summary>The digest of the model's manifest, or the name of the object by <see cref="ObjectIdentity"/>.</summary>
    public string Name => _object ?? _manifest.ToString();

    /// <summary>A model that lies in files.</summary>
    /// <param name="role">What it does in the graph, such as <c>unet</c>.</param>
    /// <param name="manifest">The digest of its manifest, which names that version of it.</param>
    /// <exception cref="ArgumentException">The role is empty, or not Unicode text.</exception>
    public static GraphModel Of(string role, Digest manifest) => new(role, manifest, instance: null);

    /// <summary>A model that is in memory already, as it is now; the object is not kept alive.</summary>
    /// <param name="role">What it does in the graph, such as <c>unet</c>.</param>
    /// <param name="instance">The model; after a change in place, <see cref="ObjectIdentity.Advance"/> tells of it.</param>
    /// <exception cref="ArgumentException">
    /// The role is empty or not Unicode text, or the model is a value or a string.
    /// </exception>
    public static GraphModel OfObject(string role, object instance) => new(role, default, ObjectIdentity.Of(instance));

    /// <summary>The role and the name, as <c>role=name</c>.</summary>
    public override string ToString() => $"{Role}={Name}";

    internal void WriteTo(CanonicalJsonWriter writer)
    {
        writer.WriteString(_role);
        writer.WriteRaw(":"u8);
        if (_object is not null)
            writer.WriteString(_object);
        else
            WriteManifest(writer);
    }

    // Without the string that Name would make.
    private void WriteManifest(CanonicalJsonWriter writer)
    {
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        Span<byte> text = stackalloc byte[Digest.SizeBytes * 2];
        _manifest.CopyTo(hash);
        Convert.TryToHexStringLower(hash, text, out _);
        writer.WriteRaw("\""u8);
        writer.WriteRaw(text);
        writer.WriteRaw("\""u8);
    }
}
