using System.Runtime.InteropServices;
using Larder.Store;
using Larder.TestKit;
using Microsoft.Win32.SafeHandles;

namespace Larder.Tests.Store;

public sealed class LockFileTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Name => _directory["lock"];

    [Fact]
    public void TryAcquire_HeldExclusively_GivesNull()
    {
        using var held = LockFile.TryAcquire(Name, exclusive: true);

        Assert.Null(LockFile.TryAcquire(Name, exclusive: true));
        Assert.Null(LockFile.TryAcquire(Name, exclusive: false));
    }

    [Fact]
    public void TryAcquire_HeldShared_GivesMoreSharedOnesButNoExclusiveOne()
    {
        using var first = LockFile.TryAcquire(Name, exclusive: false);
        using var second = LockFile.TryAcquire(Name, exclusive: false);

        Assert.NotNull(second);
        Assert.Null(LockFile.TryAcquire(Name, exclusive: true));
    }

    [Fact]
    public void TryAcquire_AfterDispose_Succeeds()
    {
        LockFile.TryAcquire(Name, exclusive: true)!.Dispose();

        using var second = LockFile.TryAcquire(Name, exclusive: true);

        Assert.NotNull(second);
    }

    [Fact]
    public void DisposeAndRemove_Held_LeavesNoFile()
    {
        LockFile.TryAcquire(Name, exclusive: true)!.DisposeAndRemove();

        Assert.False(File.Exists(Name));
    }

    [Fact]
    public async Task AcquireAsync_HolderRemovesTheName_LocksTheNewFileOfThatName()
    {
        var holder = LockFile.TryAcquire(Name, exclusive: true)!;
        var waiting = AcquireAsync();
        holder.DisposeAndRemove();

        using var taken = await waiting;

        Assert.True(LockFile.IsStillNamed(taken.Handle, Name));
        Assert.Null(LockFile.TryAcquire(Name, exclusive: true));
    }

    [Fact]
    public async Task AcquireAsync_Cancelled_StopsWaiting()
    {
        using var holder = LockFile.TryAcquire(Name, exclusive: true);
        using var leaving = new CancellationTokenSource();
        var waiting = LockFile.AcquireAsync(Name, exclusive: true, leaving.Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task AcquireAsync_ManyTakersThatRemoveTheName_NeverHoldTogether()
    {
        var holders = 0;
        await Parallel.ForAsync(
            0,
            400,
            TestContext.Current.CancellationToken,
            async (_, token) =>
            {
                var held = await LockFile.AcquireAsync(Name, exclusive: true, token);
                Assert.Equal(1, Interlocked.Increment(ref holders));
                await Task.Yield();
                Interlocked.Decrement(ref holders);
                held.DisposeAndRemove();
            }
        );
    }

    [Fact]
    public void DisposeAndRemoveIfLast_OnlyHolder_LeavesNoFile()
    {
        LockFile.TryAcquire(Name, exclusive: false)!.DisposeAndRemoveIfLast();

        Assert.False(File.Exists(Name));
    }

    [Fact]
    public void DisposeAndRemoveIfLast_OneOfTwoHolders_LeavesTheOtherItsLock()
    {
        var first = LockFile.TryAcquire(Name, exclusive: false)!;
        using var second = LockFile.TryAcquire(Name, exclusive: false);
        first.DisposeAndRemoveIfLast();

        Assert.Null(LockFile.TryAcquire(Name, exclusive: true));
    }

    [Fact]
    public void DisposeAndRemoveIfLast_NameIsAnotherFilesByNow_LeavesThatFile()
    {
        var first = LockFile.TryAcquire(Name, exclusive: false)!;
        File.Delete(Name);
        using var second = LockFile.TryAcquire(Name, exclusive: false);
        first.DisposeAndRemoveIfLast();

        Assert.Null(LockFile.TryAcquire(Name, exclusive: true));
    }

    [Fact]
    public void Dispose_DescriptorThatAChildProcessHasToo_FreesTheLock()
    {
        var first = LockFile.TryAcquire(Name, exclusive: true)!;
        using var inherited = new SafeFileHandle(dup((int)first.Handle.DangerousGetHandle()), ownsHandle: true);
        first.Dispose();

        using var second = LockFile.TryAcquire(Name, exclusive: true);
        Assert.NotNull(second);
    }

    [Fact]
    public void Dispose_Twice_DoesNothing()
    {
        var held = LockFile.TryAcquire(Name, exclusive: true)!;
        held.Dispose();
        held.Dispose();
    }

    public void Dispose() => _directory.Dispose();

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int dup(int descriptor);

    private Task<LockFile> AcquireAsync() =>
        LockFile.AcquireAsync(Name, exclusive: true, TestContext.Current.CancellationToken);
}
