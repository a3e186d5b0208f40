using Larder.Content;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

/// <summary>A hash whose first block waits until it is released, and then fails if it is to.</summary>
internal sealed class HeldHash : IBlockHash
{
    private readonly PlatformHash _hash = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IOException? Failure { get; init; }

    public Task Reached => _reached.Task;

    /// <summary>The lengths of what was appended.</summary>
    public List<int> Appended { get; } = [];

    public void Release() => _released.SetResult();

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> block)
    {
        _reached.TrySetResult();
        await _released.Task;
        if (Failure is not null)
            throw Failure;
        Appended.Add(block.Length);
        await _hash.AppendAsync(block);
    }

    public Digest Finish() => _hash.Finish();

    public void Reset() => _hash.Reset();

    public void Dispose() => _hash.Dispose();
}
