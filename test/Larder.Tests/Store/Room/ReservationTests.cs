using Larder.Origins;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Store.Room;

/// <summary>Several processes reserve room in one store at the same time.</summary>
public sealed class ReservationTests : IAsyncDisposable
{
    private const int Size = 60_000;

    // Larger than one half of it, each.
    private readonly LimitedStore _store = new(options => options.CapacityBytes = 100_000);
    private readonly Gate _gate = new();
    private readonly ScriptedHttpServer _server;

    public ReservationTests()
    {
        _gate.Close();
        _server = new ScriptedHttpServer(async exchange =>
        {
            var isFirst = exchange.Target == "/first.onnx";
            await exchange.SendHeadAsync(200, exchange.Target == "/endless.onnx" ? null : Size, "ETag: \"v1\"");
            if (exchange.IsHead)
                return;
            await exchange.SendBodyAsync(TestBytes.Of(Size / 2));
            if (isFirst)
                await _gate.PassAsync(exchange.Stopping);
            await exchange.SendBodyAsync(TestBytes.Of(Size / 2, isFirst ? 2 : 3));
            for (var i = 0; exchange.Target == "/endless.onnx"; i++)
                await exchange.SendBodyAsync(TestBytes.Of(Size, i));
        });
    }

    [Fact]
    public async Task PullAsync_AnotherProcessHasReservedTheRoom_IsRefusedAndFitsWhenThatHasEnded()
    {
        using var first = HostProcess.Start(["pull", _store.Root, _server.Url("/first.onnx")]);
        await _gate.Reached;
        Assert.Equal(Size, (await _store.LookAtRoomAsync()).ReservedBytes);

        var refused = await Assert.ThrowsAsync<NoRoomException>(PullSecondAsync);
        Assert.Equal((true, 40_000L), (refused.CanFitLater, refused.AvailableBytes));
        Assert.Contains("60000 are reserved by pulls under way", refused.Message, StringComparison.Ordinal);

        _gate.Open();
        await first.ReadToAsync("pulled");
        await first.EndAsync();
        await PullSecondAsync();
        Assert.Equal("second.onnx", Assert.Single(_store.Models));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task PullAsync_ProcessThatHadReservedIsKilled_FitsAtOnce()
    {
        using (var first = HostProcess.Start(["pull", _store.Root, _server.Url("/first.onnx")]))
        {
            await _gate.Reached;
            await first.KillAsync();
        }

        Assert.Equal(0, (await _store.LookAtRoomAsync()).ReservedBytes);
        await PullSecondAsync();
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task PullAsync_BytesThatArriveCount_BeforeTheyAreAModel()
    {
        using var first = HostProcess.Start(["pull", _store.Root, _server.Url("/first.onnx")]);
        await _gate.Reached;

        var room = await _store.LookAtRoomAsync();

        Assert.Equal((0L, (long)Size), (room.Counts.HeldBytes, room.UsedBytes));
        Assert.NotEmpty(TestStore.Files(new StoreLayout(_store.Root).Staging));
    }

    [Fact]
    public async Task PullAsync_LengthNotTold_ReservesOnTheWayAndIsRefusedAtTheCapacity()
    {
        var reference = ModelReference.Parse(_server.Url("/endless.onnx"));

        await Assert.ThrowsAsync<NoRoomException>(() =>
            _store.Cache.PullAsync(reference, cancellationToken: TestContext.Current.CancellationToken)
        );

        Assert.Equal(0, (await _store.LookAtRoomAsync()).UsedBytes);
        StoreAudit.AssertEmpty(_store.Root);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _store.Dispose();
    }

    private async Task PullSecondAsync()
    {
        var reference = ModelReference.Parse(_server.Url("/second.onnx"));
        using var snapshot = await _store.Cache.PullAsync(
            reference,
            cancellationToken: TestContext.Current.CancellationToken
        );
    }
}
