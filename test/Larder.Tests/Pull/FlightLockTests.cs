using Larder.Origins;
using Larder.Pull;
using Larder.Pull.Archives;
using Larder.Store;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Pull;

public sealed class FlightLockTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Flight => _directory["flight"];

    public static TheoryData<LarderException> Failures() =>
        [
            new OriginException(OriginFailure.NotFound, "fake://origin/", "nothing there"),
            new IntegrityException("model.onnx", "aa", "bb", "wrong digest"),
            new ArchiveException("fake://origin/model.zip", "../a", "leads out"),
            new NoRoomException("/store", 2_000_000_000_000, 5),
        ];

    [Fact]
    public async Task AcquireAsync_Free_HoldsAndLeavesNoFileBehind()
    {
        using (var flight = await AcquireAsync())
            Assert.NotNull(flight);

        Assert.False(File.Exists(Flight));
    }

    [Fact]
    public async Task AcquireAsync_HolderLands_GivesNull()
    {
        var holder = await AcquireAsync();
        var waiting = AcquireAsync();
        holder!.Dispose();

        Assert.Null(await waiting);
    }

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task AcquireAsync_HolderFails_ThrowsTheSameFailure(LarderException failure)
    {
        var holder = await AcquireAsync();
        var waiting = AcquireAsync();
        holder!.Fail(failure);
        holder.Dispose();

        var thrown = await Assert.ThrowsAnyAsync<LarderException>(() => waiting);
        Assert.IsType(failure.GetType(), thrown);
        Assert.Equal(failure.Message, thrown.Message);
    }

    [Fact]
    public async Task AcquireAsync_HolderFailsInAWayOfItsOwn_LetsTheWaiterTry()
    {
        var holder = await AcquireAsync();
        var waiting = AcquireAsync();
        holder!.Fail(new NotCachedException("fake://origin/", "offline"));
        holder.Dispose();

        Assert.Null(await waiting);
    }

    [Fact]
    public async Task AcquireAsync_AfterAFailure_IsAFlightOfItsOwn()
    {
        var holder = await AcquireAsync();
        holder!.Fail(new OriginException(OriginFailure.NotFound, "fake://origin/", "nothing there"));
        holder.Dispose();

        using var later = await AcquireAsync();

        Assert.NotNull(later);
    }

    [Fact]
    public async Task AcquireAsync_HolderDiedAfterItsFailureAndTheNextLands_GivesNull()
    {
        using (var dead = Posix.OpenOrCreate(Flight))
            FlightFailure.Write(dead, new OriginException(OriginFailure.NotFound, "fake://origin/", "nothing there"));

        var next = await AcquireAsync();
        var waiting = AcquireAsync();
        next!.Dispose();

        Assert.Null(await waiting);
    }

    [Fact]
    public async Task AcquireAsync_Cancelled_StopsWaiting()
    {
        using var holder = await AcquireAsync();
        using var leaving = new CancellationTokenSource();
        var waiting = FlightLock.AcquireAsync(Flight, leaving.Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task AcquireAsync_NameLeftByADeadHolder_TakesOver()
    {
        await File.WriteAllTextAsync(Flight, "", TestContext.Current.CancellationToken);

        using var flight = await AcquireAsync();

        Assert.NotNull(flight);
    }

    public void Dispose() => _directory.Dispose();

    private Task<FlightLock?> AcquireAsync() => FlightLock.AcquireAsync(Flight, TestContext.Current.CancellationToken);
}
