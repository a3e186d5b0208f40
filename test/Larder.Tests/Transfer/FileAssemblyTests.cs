using Larder.Content;
using Larder.Store.Scrub;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

public sealed class FileAssemblyTests(ITestOutputHelper output) : IDisposable
{
    private const int Block = FileAssembly.BlockSizeBytes;

    private readonly TempDirectory _directory = new();

    [Theory]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData((7 * Block) + 12_345)]
    public async Task PutAsync_BlocksInAnyOrderFromManyAtOnce_IsTheFile(int size)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var bytes = TestBytes.Of(size, seed);
        using var file = File.OpenHandle(_directory["file"], FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, size);
        using var assembly = new FileAssembly(file, size, new PlatformHash());
        var blocks = Enumerable.Range(0, (size + Block - 1) / Block).ToArray();
        Assert.NotNull(assembly.TryTake(int.MaxValue));
        random.Shuffle(blocks);
        var completions = 0;

        await Parallel.ForEachAsync(
            blocks,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 3,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (block, token) =>
            {
                var range = assembly.RangeOf(block, block + 1);
                var part = bytes.AsMemory((int)range.Offset, (int)range.Length);
                if (await assembly.PutAsync(block, part, new byte[Block], Task.CompletedTask, token))
                    Interlocked.Increment(ref completions);
            }
        );

        Assert.Equal((1, true), (completions, assembly.IsComplete));
        var fetched = assembly.Finish();
        Assert.Equal((size, Digest.Of(bytes)), (fetched.SizeBytes, fetched.Digest));
        var expected = new BlockChecksumBuilder();
        expected.Append(bytes);
        Assert.Equal(expected.End().Encode(), fetched.Checksums.Encode());
        file.Dispose();
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_directory["file"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void TryTake_UntilNothingIsLeft_GivesEachBlockOnce()
    {
        using var file = File.OpenHandle(_directory["file"], FileMode.CreateNew, FileAccess.ReadWrite);
        using var assembly = new FileAssembly(file, 10L * Block, new PlatformHash());

        var first = assembly.TryTake(4)!;
        var second = assembly.TryTake(4)!;

        Assert.Equal((0, 4, 4, 8), (first.Next, first.End, second.Next, second.End));
        Assert.False(assembly.TryExtend(first, 4));
        Assert.Equal((8, 10), (assembly.FreeUpTo(first) + 4, assembly.FreeUpTo(second)));
        Assert.True(assembly.TryExtend(second, 4));
        Assert.Equal(10, second.End);
        Assert.False(assembly.HasFree);
        Assert.Null(assembly.TryTake(1));

        first.Next = 1;
        assembly.GiveBack(first);
        var again = assembly.TryTake(int.MaxValue)!;
        Assert.Equal((1, 4), (again.Next, again.End));
    }

    /// <summary>What stands in the file must be what came, or the digest would vouch for bytes that nobody will read.</summary>
    [Fact]
    public async Task PutAsync_BlockChangedInTheFileBeforeItsTurn_IsAFailureOfTheDisk()
    {
        using var file = File.OpenHandle(_directory["file"], FileMode.CreateNew, FileAccess.ReadWrite);
        using var assembly = new FileAssembly(file, 2L * Block, new PlatformHash());
        assembly.TryTake(2);
        var token = TestContext.Current.CancellationToken;
        Assert.False(await assembly.PutAsync(1, TestBytes.Of(Block, 1), new byte[Block], Task.CompletedTask, token));
        RandomAccess.Write(file, [1, 2, 3], Block);

        await Assert.ThrowsAsync<IOException>(() =>
            assembly.PutAsync(0, TestBytes.Of(Block, 0), new byte[Block], Task.CompletedTask, token)
        );
    }

    // Those of one connection wait for each other; of another's, the next one does.
    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 2)]
    public async Task PutAsync_NextBlocksWhileOneIsHashed_AreHashedFromMemory(bool isOneConnection, int count)
    {
        using var file = File.OpenHandle(_directory["file"], FileMode.CreateNew, FileAccess.ReadWrite);
        using var hash = new HeldHash();
        var written = new TaskCompletionSource();
        var noted = 0;
        using var assembly = new FileAssembly(
            file,
            (long)count * Block,
            hash,
            noted: (_, _) =>
            {
                if (Interlocked.Increment(ref noted) == count)
                    written.SetResult();
            }
        );
        assembly.TryTake(count);
        var bytes = TestBytes.Of(count * Block, 1);
        var puts = new List<Task<bool>>();
        for (var block = 0; block < count; block++)
        {
            puts.Add(
                assembly.PutAsync(
                    block,
                    bytes.AsMemory(block * Block, Block),
                    new byte[Block],
                    isOneConnection && block > 0 ? puts[^1] : Task.CompletedTask,
                    TestContext.Current.CancellationToken
                )
            );
            await hash.Reached;
        }
        await written.Task;
        // Read back they would be other bytes than came.
        RandomAccess.Write(file, new byte[(count - 1) * Block], Block);
        hash.Release();

        Assert.Single(await Task.WhenAll(puts), isComplete => isComplete);
        Assert.Equal(Digest.Of(bytes), assembly.Finish().Digest);
        Assert.Equal(count, hash.Appended.Count);
    }

    [Fact]
    public async Task PutAsync_PreviousFailed_FailsAndIsNotHashed()
    {
        using var file = File.OpenHandle(_directory["file"], FileMode.CreateNew, FileAccess.ReadWrite);
        using var assembly = new FileAssembly(file, Block, new PlatformHash());
        assembly.TryTake(1);
        var gone = new IOException("gone");

        var failure = await Assert.ThrowsAsync<IOException>(() =>
            assembly.PutAsync(
                0,
                TestBytes.Of(Block),
                new byte[Block],
                Task.FromException(gone),
                TestContext.Current.CancellationToken
            )
        );

        Assert.Same(gone, failure);
        Assert.False(assembly.IsComplete);
    }

    [Fact]
    public async Task PutAsync_HashFails_FailsForThoseWhoWaitToo()
    {
        using var file = File.OpenHandle(_directory["file"], FileMode.CreateNew, FileAccess.ReadWrite);
        using var hash = new HeldHash { Failure = new IOException("gone") };
        using var assembly = new FileAssembly(file, 2L * Block, hash);
        assembly.TryTake(2);
        var token = TestContext.Current.CancellationToken;

        var first = assembly.PutAsync(0, TestBytes.Of(Block, 0), new byte[Block], Task.CompletedTask, token);
        await hash.Reached;
        var second = assembly.PutAsync(1, TestBytes.Of(Block, 1), new byte[Block], Task.CompletedTask, token);
        hash.Release();

        // The second may have come when the first had failed already: then its turn never comes, and it is told so by that.
        Assert.Same(hash.Failure, await Assert.ThrowsAsync<IOException>(() => first));
        Assert.Contains(await Record.ExceptionAsync(() => second), new Exception?[] { null, hash.Failure });
        Assert.False(assembly.IsComplete);
    }

    public void Dispose() => _directory.Dispose();
}
