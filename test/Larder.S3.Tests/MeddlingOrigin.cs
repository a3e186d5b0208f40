using Larder.Content;
using Larder.Origins;

namespace Larder.S3.Tests;

/// <summary>Passes everything on to an origin, after something was done to it that a test wants done at that moment.</summary>
internal sealed class MeddlingOrigin(IOrigin inner, Func<int, Task> beforeOpening) : IOrigin
{
    private int _opened;

    public string Name => inner.Name;

    public IReadOnlyList<string> Schemes => inner.Schemes;

    public Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken) =>
        inner.ListAsync(reference, cancellationToken);

    public async Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        await beforeOpening(Interlocked.Increment(ref _opened));
        return await inner.OpenAsync(reference, file, range, cancellationToken);
    }
}
