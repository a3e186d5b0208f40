using System.Buffers.Binary;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Larder.Content.Pictures;

namespace Larder.Tests.Content.Pictures;

public sealed class PngTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(200);

    [Fact]
    public void Write_AnyPicture_ComesBackPixelByPixel() =>
        Prop.ForAll(
                Gen.Choose(1, 20).Three().ToArbitrary(),
                sizes =>
                {
                    var image = Noise(
                        sizes.Item1,
                        sizes.Item2,
                        (sizes.Item3 % 3) switch
                        {
                            0 => 1,
                            1 => 3,
                            _ => 4,
                        },
                        sizes.Item3
                    );
                    var back = PngReader.Read(Written(image));
                    return (back.Width, back.Height, back.Channels) == (image.Width, image.Height, image.Channels)
                        && back.Pixels.Span.SequenceEqual(image.Pixels.Span);
                }
            )
            .Check(Config);

    [Fact]
    public void Write_SmoothPicture_IsSmallerThanItsPixels()
    {
        var pixels = new byte[256 * 256 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((i / 3 % 256) + (i / 768));

        Assert.True(Written(new PngPicture(256, 256, 3, pixels)).Length < pixels.Length / 50);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_EachFilter_GivesThePixels(int filter)
    {
        var image = Noise(7, 5, 3, 11);
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            ReadOnlySpan<byte> above = new byte[21];
            for (var y = 0; y < 5; y++)
            {
                var row = image.Pixels.Span.Slice(y * 21, 21);
                var written = new byte[21];
                PngFilter.Apply(filter, row, above, 3, written);
                zlib.WriteByte((byte)filter);
                zlib.Write(written);
                above = row;
            }
        }

        var back = PngReader.Read(Png(7, 5, 2, rows.ToArray()));

        Assert.Equal(image.Pixels.ToArray(), back.Pixels.ToArray());
    }

    [Fact]
    public void Read_EveryByteFlipped_IsRefusedOrAnother()
    {
        var file = Written(Noise(4, 4, 4, 3));
        for (var i = 0; i < file.Length; i++)
        {
            byte[] damaged = [.. file];
            damaged[i] ^= 0x41;

            Assert.Throws<InvalidDataException>(() => PngReader.Read(damaged));
        }
    }

    [Fact]
    public void Read_EveryCut_IsRefused()
    {
        var file = Written(Noise(4, 4, 1, 3));
        for (var length = 0; length < file.Length; length++)
            Assert.Throws<InvalidDataException>(() => PngReader.Read(file.AsMemory(0, length)));
    }

    [Fact]
    public void Read_SmallFileThatClaimsToBeLarge_GetsNoMemory()
    {
        var file = Png(32768, 32768, 0, [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => PngReader.Read(file));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(0, 5, 2, 8)]
    [InlineData(5, 32769, 2, 8)]
    [InlineData(5, 5, 3, 8)]
    [InlineData(5, 5, 2, 16)]
    public void Read_HeaderThatIsNotRead_IsRefused(int width, int height, int colours, int bits)
    {
        var failure = Assert.Throws<InvalidDataException>(() => PngReader.Read(Png(width, height, colours, [], bits)));

        Assert.NotEmpty(failure.Message);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(28)]
    public void Read_OtherNumberOfRows_IsRefused(int rowBytes)
    {
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(new byte[rowBytes]);

        Assert.Throws<InvalidDataException>(() => PngReader.Read(Png(4, 2, 2, rows.ToArray())));
    }

    private static byte[] Written(PngPicture image) =>
        PngWriter.Write(image.Width, image.Height, image.Channels, image.Pixels.Span);

    private static PngPicture Noise(int width, int height, int channels, int seed)
    {
        var pixels = new byte[width * height * channels];
        new Random(seed).NextBytes(pixels);
        return new PngPicture(width, height, channels, pixels);
    }

    private static byte[] Png(int width, int height, int colours, byte[] compressed, int bits = 8)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)bits;
        header[9] = (byte)colours;
        using var file = new MemoryStream();
        file.Write(PngChunk.Signature);
        PngChunk.Write(file, PngChunk.Header, header);
        // Cut in two, as encoders do.
        PngChunk.Write(file, PngChunk.Pixels, compressed.AsSpan(0, compressed.Length / 2));
        PngChunk.Write(file, "tEXt", "Comment\0any"u8);
        PngChunk.Write(file, PngChunk.Pixels, compressed.AsSpan(compressed.Length / 2));
        PngChunk.Write(file, PngChunk.End, []);
        return file.ToArray();
    }
}
