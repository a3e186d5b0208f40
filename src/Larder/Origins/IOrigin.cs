using Larder.Content;

namespace Larder.Origins;

/// <summary>Where model files come from. An implementation is safe for concurrent use.</summary>
public interface IOrigin
{
    /// <summary>The name of this kind of origin.</summary>
    string Name { get; }

    /// <summary>The schemes of the references that it answers, in lower case.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>Lists the files that a reference names.</summary>
    /// <exception cref="OriginException">There is nothing of that name, or the origin does not answer.</exception>
    Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken);

    /// <summary>Opens a listed file for reading, in the version that was listed.</summary>
    /// <param name="reference">What was listed.</param>
    /// <param name="file">One file of the listing.</param>
    /// <param name="range">The part that is wanted, of a file that <see cref="OriginFile.HasRanges"/>; null for all of it.</param>
    /// <param name="cancellationToken">Ends the waiting for an answer; the stream has its own.</param>
    /// <returns>A stream that the caller disposes, and need not read to its end. It has no byte but those of the range.</returns>
    /// <exception cref="OriginException">The file changed or vanished since the listing, or the origin does not answer.</exception>
    Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    );
}
