using System.Threading.Channels;

namespace Larder.Onnx.Tests.Serving;

/// <summary>A clock whose timers never fire, and that tells when one was made: somebody has begun to wait.</summary>
internal sealed class TimerWatch : TimeProvider
{
    private readonly Channel<bool> _made = Channel.CreateUnbounded<bool>();

    /// <summary>Waits until one more timer was made.</summary>
    public async Task MadeAsync() => await _made.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _made.Writer.TryWrite(true);
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
