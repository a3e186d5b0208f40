using System.Security.Cryptography;
using Larder.Content;
using Larder.Content.Hashing;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

public sealed class HashLanesTests(ITestOutputHelper output)
{
    /// <summary>Files of random lengths, each with a task of its own; now and then one that has entered and has nothing to say.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(17)]
    public async Task AppendAsync_ManyFilesAtOnce_AreWhatThePlatformSays(int files)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var lanes = new HashLanes();
        using var silent = new LaneHash(lanes);

        await Task.WhenAll(Enumerable.Range(0, files).Select(i => Task.Run(() => HashAsync(lanes, seed + i))));
    }

    [Fact]
    public async Task NewHash_SmallFile_NeedsNoCompany()
    {
        var lanes = new HashLanes();
        using var hash = lanes.NewHash(100);

        await hash.AppendAsync(new byte[100]);

        Assert.IsType<PlatformHash>(hash);
        Assert.Equal(Digest.Of(new byte[100]), hash.Finish());
    }

    [Fact]
    public void NewHash_LargeFile_HasALaneWhereThatIsFaster()
    {
        using var hash = new HashLanes().NewHash(1 << 30);

        Assert.Equal(Sha256Lanes.IsFaster, hash is LaneHash);
    }

    [Fact]
    public async Task Reset_WhatWasAppended_IsForgotten()
    {
        using var hash = new LaneHash(new HashLanes());
        await hash.AppendAsync(new byte[1000]);

        hash.Reset();
        await hash.AppendAsync(new byte[10]);

        Assert.Equal(Digest.Of(new byte[10]), hash.Finish());
    }

    private static async Task HashAsync(HashLanes lanes, int seed)
    {
        var random = new Random(seed);
        using var hash = new LaneHash(lanes);
        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var block = 0; block < 40; block++)
        {
            var bytes = TestBytes.Of(random.Next(100_000), random.Next());
            expected.AppendData(bytes);
            await hash.AppendAsync(bytes);
            if (random.Next(4) == 0)
                await Task.Yield();
        }
        Assert.Equal(Digest.FromBytes(expected.GetHashAndReset()), hash.Finish());
    }
}
