using Larder.Content;
using Larder.Store.Scrub;
using Larder.TestKit;

namespace Larder.Tests.Store.Scrub;

public sealed class BlockChecksumsTests(ITestOutputHelper output)
{
    private const int Block = BlockChecksums.BlockSizeBytes;

    [Fact]
    public void TryDecode_WhatWasEncoded_IsTheSame()
    {
        var list = Of(TestBytes.Of((2 * Block) + 5));

        var read = BlockChecksums.TryDecode(list.Encode())!;

        Assert.Equal((2 * Block) + 5, read.LengthBytes);
        Assert.Empty(read.Differences(list, list.LengthBytes));
        Assert.Equal(list.Encode(), read.Encode());
    }

    [Fact]
    public void Encode_ThreeBlocks_IsTheFormatThatIsWritten()
    {
        var bytes = Of(new byte[(2 * Block) + 1]).Encode();

        Assert.Equal("4C41524443524331" + "00001000" + "0100200000000000", Convert.ToHexString(bytes[..20]));
        // The checksum of 1 MiB of zeros, twice, and of one zero.
        Assert.Equal("128C2914" + "128C2914" + "51537D52", Convert.ToHexString(bytes[20..32]));
        Assert.Equal(36, bytes.Length);
    }

    [Fact]
    public void TryDecode_AnythingChangedOrCutOff_IsNoList()
    {
        var bytes = Of(TestBytes.Of((3 * Block) - 1)).Encode();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            Assert.Null(BlockChecksums.TryDecode(bytes));
            bytes[i] ^= 0x10;
            Assert.Null(BlockChecksums.TryDecode(bytes.AsSpan(0, i)));
        }
        Assert.Null(BlockChecksums.TryDecode([.. bytes, 0]));
        Assert.NotNull(BlockChecksums.TryDecode(bytes));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(Block, false)]
    [InlineData(Block + 1, true)]
    public void IsFor_OneBlock_NeedsNoList(long length, bool expected) =>
        Assert.Equal(expected, BlockChecksums.IsFor(length));

    [Fact]
    public void Append_InPiecesOfAnySize_IsTheSameAsAtOnce()
    {
        var random = Seeded();
        var bytes = TestBytes.Of((3 * Block) + 77);
        for (var round = 0; round < 20; round++)
        {
            var builder = new BlockChecksumBuilder();
            for (var offset = 0; offset < bytes.Length; )
            {
                var count = Math.Min(bytes.Length - offset, random.Next(1, (2 * Block) + 1));
                builder.Append(bytes.AsSpan(offset, count));
                offset += count;
            }
            Assert.Equal(Of(bytes).Encode(), builder.End().Encode());
        }
    }

    [Fact]
    public void Differences_FlipsAtAndAroundBlockBorders_NameExactlyTheBlocksThatHaveThem()
    {
        var random = Seeded();
        var bytes = TestBytes.Of((5 * Block) + 100);
        var list = Of(bytes);
        for (var round = 0; round < 50; round++)
        {
            var offsets = Enumerable
                .Range(0, random.Next(1, 4))
                .Select(_ => Math.Clamp((random.Next(0, 6) * Block) + random.Next(-1, 2), 0, bytes.Length - 1))
                .Distinct()
                .ToList();
            offsets.ForEach(offset => bytes[offset] ^= (byte)(1 << random.Next(8)));

            var ranges = list.Differences(Of(bytes), bytes.Length);

            var expected = offsets.Select(offset => offset / Block).Distinct().Order();
            Assert.Equal(expected, ranges.SelectMany(BlocksOf));
            Assert.All(ranges, range => Assert.True(range.Offset + range.Length <= bytes.Length));
            bytes = TestBytes.Of((5 * Block) + 100);
        }
    }

    [Theory]
    [InlineData((3 * Block) + 10, Block + 5, Block, (2 * Block) + 10)]
    [InlineData((3 * Block) + 10, Block, Block, (2 * Block) + 10)]
    [InlineData((3 * Block) + 10, 0, 0, (3 * Block) + 10)]
    [InlineData((3 * Block) + 10, (3 * Block) + 9, 3 * Block, 10)]
    [InlineData((2 * Block) + 10, (2 * Block) + 11, (2 * Block) + 10, 1)]
    [InlineData(2 * Block, (2 * Block) + 11, 2 * Block, 11)]
    public void Differences_AnotherLength_NamesWhatIsMissingOrTooMuch(int length, int actual, long offset, long count)
    {
        var bytes = TestBytes.Of(Math.Max(length, actual));
        var list = Of(bytes.AsSpan(0, length));
        var builder = new BlockChecksumBuilder(list.LengthBytes);
        builder.Append(bytes.AsSpan(0, actual));

        Assert.Equal([new ByteRange(offset, count)], list.Differences(builder.End(), actual));
    }

    private Random Seeded()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    private static BlockChecksums Of(ReadOnlySpan<byte> bytes)
    {
        var builder = new BlockChecksumBuilder();
        builder.Append(bytes);
        return builder.End();
    }

    private static IEnumerable<int> BlocksOf(ByteRange range) =>
        Enumerable.Range((int)(range.Offset / Block), (int)((range.Length + Block - 1) / Block));
}
