using FsCheck;
using FsCheck.Fluent;
using Larder.Recordings.Media;

namespace Larder.Recordings.Tests.Media;

public sealed class WavFileTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(200);

    [Fact]
    public void Write_AnySamples_ComeBackToTheLastBit() =>
        Prop.ForAll<int[], short[]>(
                (bits, shorts) =>
                {
                    float[] floats = [.. bits.Select(BitConverter.Int32BitsToSingle)];
                    var first = WavFile.Read(WavFile.Write(new RecordedAudio(44100, 1, floats)));
                    var second = WavFile.Read(WavFile.Write(new RecordedAudio(8000, 1, shorts)));
                    return first
                            .Float32Samples!.Value.ToArray()
                            .Select(BitConverter.SingleToInt32Bits)
                            .SequenceEqual(bits)
                        && first.SampleRate == 44100
                        && second.Int16Samples!.Value.Span.SequenceEqual(shorts)
                        && second.SampleRate == 8000;
                }
            )
            .Check(Config);

    [Fact]
    public void Read_Channels_AreKept()
    {
        var back = WavFile.Read(WavFile.Write(new RecordedAudio(8000, 2, new short[] { 1, 2, 3, 4 })));

        Assert.Equal((2, 2), (back.Channels, back.Frames));
    }

    [Fact]
    public void Read_EveryCut_IsRefused()
    {
        var file = WavFile.Write(new RecordedAudio(8000, 1, new float[] { 1, 2, 3 }));
        for (var length = 0; length < file.Length; length++)
            Assert.Throws<InvalidDataException>(() => WavFile.Read(file.AsMemory(0, length)));
    }

    [Theory]
    [InlineData(20, 2)]
    [InlineData(22, 0)]
    [InlineData(22, 65)]
    [InlineData(34, 24)]
    public void Read_FormatThatIsNotRead_IsRefused(int at, byte value)
    {
        var file = WavFile.Write(new RecordedAudio(8000, 1, new short[] { 1, 2 }));
        file[at] = value;

        Assert.Throws<InvalidDataException>(() => WavFile.Read(file));
    }
}
