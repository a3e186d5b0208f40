using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

public sealed class ConnectionPoolTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private int _most;
    private long _bytes;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_MoreBringMore_AddsToTheMost()
    {
        var run = RunAsync(connections: 0);

        await SecondsAsync(run, () => Volatile.Read(ref _running) == 16, perConnection: 1000);

        _end.SetResult();
        await run;
        Assert.Equal(16, _most);
    }

    [Fact]
    public async Task RunAsync_MoreBringNoMore_GoesBack()
    {
        var run = RunAsync(connections: 0);

        await SecondsAsync(run, () => Volatile.Read(ref _most) == 6 && Volatile.Read(ref _running) == 4, inAll: 4000);

        _end.SetResult();
        await run;
        Assert.Equal(6, _most);
    }

    [Fact]
    public async Task RunAsync_NumberIsGiven_KeepsIt()
    {
        var run = RunAsync(connections: 3);

        await SecondsAsync(run, () => Volatile.Read(ref _running) == 3, perConnection: 1000);

        _end.SetResult();
        await run;
        Assert.Equal(3, _most);
    }

    [Fact]
    public async Task RunAsync_OneFails_EndsAllAndThrowsThat()
    {
        var pool = new ConnectionPool(new TransferSettings(3, TimeSpan.FromSeconds(60), 0), _time);
        var number = 0;

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            pool.RunAsync(
                async (_, token) =>
                {
                    if (Interlocked.Increment(ref number) == 2)
                        throw new InvalidOperationException("this one");
                    await Task.Delay(Timeout.Infinite, token);
                },
                () => 0,
                Cancellation
            )
        );

        Assert.Equal("this one", failure.Message);
    }

    [Fact]
    public async Task RunAsync_Cancelled_IsCancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var pool = new ConnectionPool(new TransferSettings(0, TimeSpan.FromSeconds(60), 0), _time);
        var run = pool.RunAsync((_, token) => Task.Delay(Timeout.Infinite, token), () => 0, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private Task RunAsync(int connections) =>
        new ConnectionPool(new TransferSettings(connections, TimeSpan.FromSeconds(60), 0), _time).RunAsync(
            async (isWanted, token) =>
            {
                var running = Interlocked.Increment(ref _running);
                InterlockedMost(running);
                while (isWanted() && !_end.Task.IsCompleted)
                    await Task.WhenAny(_end.Task, Task.Delay(1, token));
                Interlocked.Decrement(ref _running);
            },
            () => Interlocked.Read(ref _bytes),
            Cancellation
        );

    private void InterlockedMost(int running)
    {
        for (var most = _most; running > most; most = _most)
            Interlocked.CompareExchange(ref _most, running, most);
    }

    /// <summary>Lets seconds pass, in each of which so much arrives, until something is so.</summary>
    private async Task SecondsAsync(Task run, Func<bool> isSo, int perConnection = 0, int inAll = 0)
    {
        while (!isSo())
        {
            Assert.False(run.IsCompleted);
            await Task.Delay(20, Cancellation);
            Interlocked.Add(ref _bytes, inAll + (perConnection * (long)Volatile.Read(ref _running)));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
