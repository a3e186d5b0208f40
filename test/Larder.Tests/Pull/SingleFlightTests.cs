using Larder.Pull;
using Larder.TestKit;

namespace Larder.Tests.Pull;

public sealed class SingleFlightTests
{
    private readonly SingleFlight<string, int> _flights = new();
    private readonly Gate _gate = new();
    private int _runs;

    public SingleFlightTests() => _gate.Close();

    [Fact]
    public async Task RunAsync_64CallersOfOneKey_RunTheWorkOnce()
    {
        var callers = Enumerable.Range(0, 64).Select(_ => RunAsync()).ToList();
        _gate.Open();

        Assert.All(await Task.WhenAll(callers), result => Assert.Equal(1, result));
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task RunAsync_OtherKeys_FlyApart()
    {
        _gate.Open();

        Assert.Equal(1, await RunAsync("one"));
        Assert.Equal(2, await RunAsync("two"));
    }

    [Fact]
    public async Task RunAsync_OneOfTwoWaitersCancelled_TheOtherGetsTheResult()
    {
        using var leaving = new CancellationTokenSource();
        var first = RunAsync(cancellationToken: leaving.Token);
        var second = RunAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _gate.Open();
        Assert.Equal(1, await second);
    }

    [Fact]
    public async Task RunAsync_LastWaiterCancelled_TheWorkIsCancelled()
    {
        var cancelled = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var only = _flights.RunAsync(
            "key",
            async token =>
            {
                token.Register(cancelled.SetResult);
                await _gate.PassAsync(token);
                return 1;
            },
            leaving.Token
        );
        await _gate.Reached;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);
        await cancelled.Task;
    }

    [Fact]
    public async Task RunAsync_WhileACancelledFlightIsLanding_BoardsANewOne()
    {
        var landing = new Gate();
        landing.Close();
        using var leaving = new CancellationTokenSource();
        var first = _flights.RunAsync(
            "key",
            async _ =>
            {
                await landing.PassAsync(CancellationToken.None); // It does not hear that it is cancelled.
                return 0;
            },
            leaving.Token
        );
        await landing.Reached;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = RunAsync();
        landing.Open();
        _gate.Open();

        Assert.Equal(1, await second);
    }

    [Fact]
    public async Task RunAsync_WorkFails_AllWaitersGetThatFailure()
    {
        var failure = new InvalidOperationException("broken");
        var callers = Enumerable.Range(0, 8).Select(_ => FailAsync(failure)).ToList();
        _gate.Open();

        foreach (var caller in callers)
            Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(() => caller));
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task RunAsync_AfterAFailure_FliesAgain()
    {
        _gate.Open();
        await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(new InvalidOperationException("broken")));

        Assert.Equal(2, await RunAsync());
    }

    [Fact]
    public async Task RunAsync_TokenCancelledBefore_DoesNotFly()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            RunAsync(cancellationToken: new CancellationToken(true))
        );

        Assert.Equal(0, _runs);
    }

    private Task<int> RunAsync(string key = "key", CancellationToken cancellationToken = default) =>
        _flights.RunAsync(
            key,
            async token =>
            {
                var run = Interlocked.Increment(ref _runs);
                await _gate.PassAsync(token);
                return run;
            },
            cancellationToken
        );

    private Task<int> FailAsync(Exception failure) =>
        _flights.RunAsync(
            "key",
            async token =>
            {
                Interlocked.Increment(ref _runs);
                await _gate.PassAsync(token);
                throw failure;
            },
            CancellationToken.None
        );
}
