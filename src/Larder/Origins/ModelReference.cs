using System.Text;
using Larder.Content;

namespace Larder.Origins;

/// <summary>A URI that names files at an origin.</summary>
/// <remarks>
/// <see cref="ToString"/> and every message leave out the query string and user information, which may hold secrets. Two
/// references are equal when they name the same thing: the query counts, the user information does not, nor does what signs a
/// query (<see cref="SignedQuery"/>).
/// </remarks>
public sealed class ModelReference : IEquatable<ModelReference>
{
    private readonly string _given;

    private readonly string _query = "";

    // Made when an origin asks for it, where the text alone says all that a hit needs.
    private Uri? _uri;

    private ModelReference(string plain)
    {
        _given = plain;
        Text = IsFile(plain) ? plain.TrimEnd('/') : plain;
    }

    private ModelReference(HubReference hub)
    {
        Hub = hub;
        Text = hub.Text;
        // With an empty host: the first name of a repository is none, and would lose its capitals.
        _given = $"{HubReference.Scheme}:///{hub.Text[(HubReference.Scheme.Length + 3)..]}";
    }

    private ModelReference(Uri uri)
    {
        _given = uri.OriginalString;
        _uri = uri;
        var text = uri.GetComponents(
            UriComponents.SchemeAndServer | UriComponents.Path | UriComponents.KeepDelimiter,
            UriFormat.UriEscaped
        );
        // A directory of this machine is the same with and without a slash at its end; over HTTP they are two things.
        Text = uri.IsFile && uri.AbsolutePath.Length > 1 ? text.TrimEnd('/') : text;
        _query = uri.Query;
    }

    /// <summary>The scheme, in lower case: the kind of origin.</summary>
    public string Scheme => Hub is null ? Uri.Scheme : HubReference.Scheme;

    /// <summary>The whole URI, secrets included: for the origin only, never for messages or files.</summary>
    /// <remarks>Of a reference to the Hub all is its path: <c>hf:///org/repo@main</c>.</remarks>
    public Uri Uri => _uri ??= new Uri(_given);

    /// <summary>The reference without query string and user information.</summary>
    public string Text { get; }

    /// <summary>Stands for the query string in a key; null without one.</summary>
    /// <remarks>
    /// Without what signs it, but of a caller over the network with all: who has no signature, or an old one, must not get
    /// what another's has fetched.
    /// </remarks>
    internal Digest? QueryDigest
    {
        get
        {
            var query = IsUntrusted ? _query : SignedQuery.WithoutSignature(_query);
            return query.Length > 1 ? Digest.Of(Encoding.UTF8.GetBytes(query)) : null;
        }
    }

    /// <summary>What it names at the Hugging Face Hub; null when it is for another origin.</summary>
    internal HubReference? Hub { get; }

    /// <summary>Whether it names files of this machine, which may be others, or none, on the next.</summary>
    internal bool IsLocal => Scheme == Uri.UriSchemeFile;

    /// <summary>
    /// Whether it came from a caller over the network, and not from the operator: it may then lead to public addresses only;
    /// false.
    /// </summary>
    public bool IsUntrusted { get; private init; }

    /// <summary>Reads a reference that a caller sent over the network.</summary>
    /// <exception cref="ReferenceException">The text is not an absolute URI with a scheme and a path.</exception>
    public static ModelReference ParseUntrusted(string text)
    {
        var reference = Parse(text);
        return reference.Hub is { } hub
            ? new ModelReference(hub) { IsUntrusted = true }
            : new ModelReference(reference.Uri) { IsUntrusted = true };
    }

    /// <summary>Reads a reference.</summary>
    /// <exception cref="ReferenceException">The text is not an absolute URI with a scheme and a path.</exception>
    public static ModelReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (PlainUri.Is(text))
            return new ModelReference(text);
        if (HubReference.IsFor(text))
            return ParseHub(text);
        // Uri takes "/a/b" for a file on Unix, and knows old schemes without a query, in which a secret would be part of the
        // path: a reference says its scheme, and what stands behind a '?' is always its query.
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || !text.StartsWith(uri.Scheme + "://", StringComparison.OrdinalIgnoreCase)
            || text.Contains('\0', StringComparison.Ordinal)
            || (text.Contains('?', StringComparison.Ordinal) && uri.Query.Length == 0)
        )
        {
            var shown = Redact(text);
            throw new ReferenceException(
                shown,
                $"'{shown}' is not a model reference. Write a URI such as file:///models/house-prices/ or https://host/model.onnx."
            );
        }
        var reference = new ModelReference(uri);
        return uri.Fragment.Length == 0
            ? reference
            : throw new ReferenceException(
                reference.Text,
                $"'{reference}' goes on with a '#', which names no file. Leave that part out, or write %23 where it belongs to a name."
            );
    }

    /// <summary>The reference of something below this one, to be trusted as much as this one.</summary>
    internal ModelReference At(Uri uri) => new(uri) { IsUntrusted = IsUntrusted };

    private static ModelReference ParseHub(string text)
    {
        if (HubReference.TryParse(text, out var hub, out var fault))
            return new ModelReference(hub);
        // The '@' stands before a revision, which is no secret; with these it may be that of a user.
        var shown =
            text.AsSpan(HubReference.Scheme.Length + 3).ContainsAny(':', '?', '#')
            || text.Contains("hf_", StringComparison.Ordinal)
                ? Redact(text)
                : new string([.. text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)]);
        throw new ReferenceException(
            shown,
            $"'{shown}' {fault}. Write hf://org/repo@revision, and behind it /file or /directory/ for a part of it."
        );
    }

    /// <summary>The reference of a file or directory on this machine.</summary>
    public static ModelReference OfPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var plain = $"file://{full}";
        return PlainUri.Is(plain)
            ? new ModelReference(plain)
            : new ModelReference(new Uri("file://" + EscapePath(full)));
    }

    /// <inheritdoc/>
    public bool Equals(ModelReference? other) =>
        other is not null && Text == other.Text && QueryDigest == other.QueryDigest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModelReference);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Text, QueryDigest);

    /// <summary>The reference without query string and user information.</summary>
    public override string ToString() => Text;

    private static bool IsFile(string plain) => plain.StartsWith(PlainUri.FileRoot, StringComparison.Ordinal);

    private static string EscapePath(string path) =>
        string.Join('/', path.Split('/').Select(segment => Uri.EscapeDataString(segment)));

    // A text that is no URI may still hold a secret where one would stand. A password may hold any character: what stands
    // before an '@' goes, and all of it where a '?' before the '@' leaves open which of the two begins the secret.
    private static string Redact(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3 || !Uri.CheckSchemeName(text[..(start - 3)]))
            start = 0;
        var rest = text[start..];
        var query = rest.IndexOfAny(['?', '#']);
        var user = rest.LastIndexOf('@');
        var shown = query >= 0 && user > query ? "…" : rest[(user + 1)..(query < 0 ? rest.Length : query)];
        return string.Concat(text.AsSpan(0, start), shown).Replace('\0', '\uFFFD');
    }
}
