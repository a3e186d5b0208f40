using Larder.Content;

namespace Larder.Sharing;

/// <summary>Objects by name, for a team: a bucket, a container, a directory. An implementation is safe for concurrent use.</summary>
/// <remarks>
/// It knows nothing of entries and manifests: <see cref="SharedCache"/> does. Names are relative to its root, of letters, digits,
/// <c>/</c>, <c>.</c>, <c>_</c>, <c>-</c>, with no empty segment and none of dots alone. What was written is seen at once by all,
/// whole or not at all. Every call throws <see cref="SharedStoreException"/> when the store does not do what was asked, and tries
/// once: whether and when to try again is for the caller, who knows how long he has.
/// </remarks>
public interface ISharedStore
{
    /// <summary>The name of this kind of store: <c>directory</c>, <c>s3</c>, <c>azure</c>.</summary>
    string Name { get; }

    /// <summary>Where it is, for messages: without query string and user information.</summary>
    string Location { get; }

    /// <summary>Reads a small object whole; null when there is none of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mostBytes">The most that it may have; a larger one is an error (<see cref="SharedFailure.Broken"/>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<SharedDocument?> TryReadAsync(string name, int mostBytes, CancellationToken cancellationToken);

    /// <summary>Looks at an object without reading it; null when there is none of that name.</summary>
    Task<SharedObject?> TryStatAsync(string name, CancellationToken cancellationToken);

    /// <summary>Opens an object for reading, in the version that was looked at.</summary>
    /// <param name="seen">The object as it was seen; another version since then is an error (<see cref="SharedFailure.Changed"/>).</param>
    /// <param name="range">The part that is wanted; null for all of it.</param>
    /// <param name="cancellationToken">Ends the wait for an answer; the stream has its own.</param>
    /// <returns>A stream that the caller disposes, with no byte but those of the range.</returns>
    Task<Stream> OpenAsync(SharedObject seen, ByteRange? range, CancellationToken cancellationToken);

    /// <summary>Writes a small object on a condition; null when the condition does not hold, and then nothing has changed.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">All its bytes.</param>
    /// <param name="condition">What must be so.</param>
    /// <param name="cancellationToken">Ends the wait; the object may be there all the same.</param>
    /// <returns>The object as it is now.</returns>
    Task<SharedObject?> TryWriteAsync(
        string name,
        ReadOnlyMemory<byte> content,
        SharedCondition condition,
        CancellationToken cancellationToken
    );

    /// <summary>Writes a file of any size as an object, in parts and over several connections where it is large.</summary>
    /// <remarks>
    /// For objects that are named by their digest: whoever writes one writes the same bytes, so that there is no condition. It
    /// is seen when it is whole; what a broken upload left behind is not seen, and the store's own rules remove it.
    /// </remarks>
    /// <param name="name">Its name.</param>
    /// <param name="file">The file, which nobody changes meanwhile, and what is known of it.</param>
    /// <param name="progress">Told the bytes that have been sent since it was last told; null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task UploadAsync(string name, SharedUpload file, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>Lists the objects whose names begin with a prefix, in no order.</summary>
    IAsyncEnumerable<SharedObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes an object if it is still as it was seen; false when it is another by now, or gone.</summary>
    /// <remarks>
    /// Where the server has no condition for a removal, it is looked at once more just before: see the implementation's remarks.
    /// </remarks>
    Task<bool> TryDeleteAsync(SharedObject seen, CancellationToken cancellationToken);
}
