using Larder.Content;
using Larder.Recordings.Calls;

namespace Larder.Recordings.Tests.Calls;

public sealed class KeyGatesTests
{
    private static readonly Digest One = Digest.Of("one"u8);

    [Fact]
    public async Task Enter_KeyThatIsHeld_WaitsAndAnotherKeyDoesNot()
    {
        var gates = new KeyGates();
        var token = TestContext.Current.CancellationToken;
        var held = await gates.EnterAsync(One, token);

        var waiting = gates.EnterAsync(One, token).AsTask();
        using (await gates.EnterAsync(Digest.Of("two"u8), token))
            Assert.False(waiting.IsCompleted);
        held.Dispose();

        (await waiting).Dispose();
    }

    [Fact]
    public async Task Enter_CancelledWhileWaiting_LeavesTheGateToOthers()
    {
        var gates = new KeyGates();
        using var cancel = new CancellationTokenSource();
        var held = await gates.EnterAsync(One, TestContext.Current.CancellationToken);
        var waiting = gates.EnterAsync(One, cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held.Dispose();

        gates.Enter(One).Dispose();
    }
}
