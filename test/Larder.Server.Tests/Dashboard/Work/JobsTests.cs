using Larder.Server.Dashboard.Work;
using Larder.TestKit;
using Larder.Transfer;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Server.Tests.Dashboard.Work;

public sealed class JobsTests : IAsyncDisposable
{
    private readonly Jobs _jobs = new(TimeProvider.System, NullLogger<Jobs>.Instance);
    private readonly Gate _gate = new();

    public ValueTask DisposeAsync() => _jobs.DisposeAsync();

    [Fact]
    public async Task Start_Work_IsRunningThenDoneWithWhatCameOfIt()
    {
        _gate.Close();
        var job = _jobs.Start(
            "verify",
            "prices",
            "prices",
            async (progress, token) =>
            {
                progress.Report(new TransferProgress(0, 1, 5, 10));
                await _gate.PassAsync(token);
                return "All whole.";
            }
        );
        await _gate.Reached;
        Assert.Equal((JobState.Running, 5), (job.Status.State, job.Status.Progress!.Value.BytesDone));

        _gate.Open();
        await job.Work;

        var status = Assert.Single(_jobs.List());
        Assert.Equal((JobState.Done, "All whole."), (status.State, status.Message));
        Assert.NotNull(status.Ended);
    }

    [Fact]
    public async Task Start_TheSameWhileItRuns_IsThatOne()
    {
        _gate.Close();
        var calls = 0;
        async Task<string> WorkAsync(IProgress<TransferProgress> progress, CancellationToken token)
        {
            Interlocked.Increment(ref calls);
            await _gate.PassAsync(token);
            return "";
        }

        var first = _jobs.Start("warm", "prices", "prices", WorkAsync);
        var second = _jobs.Start("warm", "prices", "prices", WorkAsync);
        var other = _jobs.Start("warm", "other", "other", WorkAsync);
        var calledTheSame = _jobs.Start("warm", "prices", "another", WorkAsync);
        _gate.Open();
        await Task.WhenAll(first.Work, other.Work, calledTheSame.Work);

        Assert.Same(first, second);
        Assert.NotSame(first, other);
        Assert.NotSame(first, calledTheSame);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Start_WorkThatFails_TellsOurReasonsAndHidesOthers()
    {
        var ours = _jobs.Start("warm", "a", "a", (_, _) => throw new ActionFailedException("There is no room."));
        var others = _jobs.Start("warm", "b", "b", (_, _) => throw new InvalidOperationException("secret"));
        await Task.WhenAll(ours.Work, others.Work);

        Assert.Equal((JobState.Failed, "There is no room."), (ours.Status.State, ours.Status.Message));
        Assert.Equal(JobState.Failed, others.Status.State);
        Assert.DoesNotContain("secret", others.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_MoreThanAreKept_ForgetsOnlyWhatHasEnded()
    {
        _gate.Close();
        var running = _jobs.Start(
            "warm",
            "first",
            "first",
            async (_, token) =>
            {
                await _gate.PassAsync(token);
                return "";
            }
        );
        for (var i = 0; i < Jobs.Capacity * 2; i++)
            await _jobs.Start("pin", "other", "other", (_, _) => Task.FromResult("")).Work;

        var listed = _jobs.List();

        Assert.Equal(Jobs.Capacity, listed.Count);
        Assert.Contains(listed, status => status.Id == running.Status.Id);
        _gate.Open();
    }

    [Fact]
    public async Task StopAsync_WorkUnderWay_IsCancelledAndAwaited()
    {
        var job = _jobs.Start(
            "verify",
            "all",
            "all",
            async (_, token) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return "";
            }
        );

        await _jobs.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(JobState.Failed, job.Status.State);
        Assert.Throws<ObjectDisposedException>(() =>
            _jobs.Start("warm", "late", "late", (_, _) => Task.FromResult(""))
        );
    }
}
