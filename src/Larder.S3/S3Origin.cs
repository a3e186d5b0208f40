using Larder.Origins;
using ByteRange = Larder.Content.ByteRange;

namespace Larder.S3;

/// <summary>
/// Objects in S3, or in a server that speaks its protocol: <c>s3://bucket/prefix/</c> names all below a prefix,
/// <c>s3://bucket/key</c> one object, or all below <c>key/</c> where there is none, and <c>?versionId=…</c> one version of it.
/// </summary>
/// <remarks>
/// An object's version is its ETag, of which S3 promises nothing but that other bytes have another; each part of an object is
/// asked for on condition that it still has it. The SDK is loaded when the origin is first asked, and not before.
/// </remarks>
public sealed class S3Origin : IOrigin, IDisposable
{
    private readonly Lazy<S3Connection> _connection;
    private readonly Lazy<S3Connection> _callers;

    /// <summary>Creates the origin; it connects to nothing before it is asked.</summary>
    /// <param name="options">Where and how; the defaults when null.</param>
    public S3Origin(S3OriginOptions? options = null)
    {
        options ??= new S3OriginOptions();
        options.Validate();
        _connection = new Lazy<S3Connection>(() => new S3Connection(options, options.Anonymous));
        // What a caller over the network may read is what everybody may: the credentials are the operator's.
        _callers = new Lazy<S3Connection>(() => new S3Connection(options, isAnonymous: true));
    }

    /// <inheritdoc/>
    public string Name => "s3";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["s3"];

    /// <inheritdoc/>
    public Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return new S3Lister(Connection(reference), reference).ListAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(file);
        return new S3Reader(Connection(reference), reference).OpenAsync(file, range, cancellationToken);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        foreach (var connection in new[] { _connection, _callers })
        {
            if (connection.IsValueCreated)
                connection.Value.Dispose();
        }
    }

    private S3Connection Connection(ModelReference reference)
    {
        try
        {
            return (reference.IsUntrusted ? _callers : _connection).Value;
        }
        catch (ArgumentException wrong)
        {
            throw new OriginException(
                OriginFailure.Broken,
                reference.Text,
                $"'{reference}' cannot be asked for: {wrong.Message}",
                wrong
            );
        }
    }
}
