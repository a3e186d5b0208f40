using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

public sealed class LeavableStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_AllOfIt_HasTheSameBytes()
    {
        var bytes = TestBytes.Of((3 << 20) + 7);
        await using var stream = new LeavableStream(new MemoryStream(bytes));
        using var copy = new MemoryStream();

        await stream.CopyToAsync(copy, 2 << 20, Cancellation);

        Assert.Equal(bytes, copy.ToArray());
    }

    [Fact]
    public async Task ReadAsync_ReadNeverEnds_LeavesItBehindAndTheBufferAlone()
    {
        using var hung = new HungStream();
        await using var stream = new LeavableStream(hung);
        using var enough = new CancellationTokenSource();
        var buffer = new byte[100];
        var read = stream.ReadAsync(buffer, enough.Token).AsTask();
        await hung.Begun.WaitAsync(Cancellation);

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            read.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)
        );
        hung.GoOn();
        await hung.Ended.WaitAsync(Cancellation);
        Assert.All(buffer, value => Assert.Equal(0, value));
    }

    /// <summary>Blocks the thread that reads, as a file of a server that is gone.</summary>
    private sealed class HungStream : MemoryStream
    {
        private readonly ManualResetEventSlim _gate = new();
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public Task Ended => _ended.Task;

        public void GoOn() => _gate.Set();

        public override int Read(byte[] buffer, int offset, int count)
        {
            _begun.TrySetResult();
            _gate.Wait(TimeSpan.FromSeconds(30));
            buffer.AsSpan(offset, count).Fill(1);
            _ended.TrySetResult();
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _gate.Dispose();
            base.Dispose(disposing);
        }
    }
}
