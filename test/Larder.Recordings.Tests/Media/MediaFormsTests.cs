using System.Text.Json;
using Larder.Content.Pictures;
using Larder.Content.Tensors;
using Larder.Recordings.Tests.Answers;

namespace Larder.Recordings.Tests.Media;

public sealed class MediaFormsTests
{
    private readonly Forms _forms = new();

    [Fact]
    public void Write_Image_IsAPngBesideTheRecording()
    {
        var image = Noise(3, 2, 4, 1);

        var json = _forms.Write(image);
        var back = _forms.Read<RecordedImage>(json);

        var attachment = Assert.Single(_forms.Attachments.All);
        Assert.EndsWith(".png", attachment.Name, StringComparison.Ordinal);
        Assert.Equal(
            $$$"""{"$image":{"$file":"{{{attachment.Name}}}","bytes":{{{attachment.Bytes.Length}}}},"width":3,"height":2,"channels":4}""",
            json
        );
        Assert.Equal((3, 2, 4), (back.Width, back.Height, back.Channels));
        Assert.Equal(image.Pixels.ToArray(), back.Pixels.ToArray());
    }

    [Fact]
    public void Read_PictureOfAnotherSize_IsRefusedByTheFilesName()
    {
        var json = _forms.Write(Noise(3, 2, 1, 1));
        var before = _forms.Attachments.All.Single();
        var other = PngWriter.Write(2, 2, 1, Noise(2, 2, 1, 1).Pixels.Span);
        var name = _forms.Attachments.Add(other, "png");
        json = json.Replace(before.Name, name, StringComparison.Ordinal)
            .Replace($":{before.Bytes.Length}}}", $":{other.Length}}}", StringComparison.Ordinal);

        var failure = Assert.Throws<JsonException>(() => _forms.Read<RecordedImage>(json));

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
        Assert.Contains("2 x 2 x 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedPicture_IsRefusedByTheFilesName()
    {
        var name = _forms.Attachments.Add(new byte[] { 1, 2, 3 }, "png");

        var failure = Assert.Throws<JsonException>(() =>
            _forms.Read<RecordedImage>(
                $$$"""{"$image":{"$file":"{{{name}}}","bytes":3},"width":1,"height":1,"channels":1}"""
            )
        );

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Audio_IsAWavBesideTheRecording()
    {
        var audio = new RecordedAudio(16000, 2, new[] { 0.5f, -0.5f });

        var back = _forms.Back(new { Sound = audio }.Sound);

        Assert.EndsWith(".wav", Assert.Single(_forms.Attachments.All).Name, StringComparison.Ordinal);
        Assert.Equal([0.5f, -0.5f], back.Float32Samples!.Value.ToArray());
        Assert.Null(back.Int16Samples);
        Assert.Equal((16000, 2, 1), (back.SampleRate, back.Channels, back.Frames));
    }

    [Fact]
    public void Write_Tensor_ComesBackWithTypeAndShape()
    {
        var back = _forms.Back(RecordedTensor.Of<Half>([(Half)1, Half.NaN], 1, 2));

        Assert.Equal("float16[1,2]", back.ToString());
        Assert.Equal([(Half)1, Half.NaN], back.ToArray<Half>());
        Assert.Throws<InvalidOperationException>(back.ToArray<float>);
    }

    [Fact]
    public void Write_FormOfALibrarysPicture_IsAPicture()
    {
        var forms = new Forms(options =>
            options.Forms.Add<Bitmap, RecordedImage>(
                bitmap => new RecordedImage(bitmap.Gray.Length, 1, 1, bitmap.Gray),
                image => new Bitmap(image.Pixels.ToArray())
            )
        );

        var back = forms.Back(new List<Bitmap> { new([1, 2]), new([3]) });

        Assert.Equal([1, 2], back[0].Gray);
        Assert.Equal(2, forms.Attachments.All.Count);
    }

    [Fact]
    public void Content_OfMedia_TellsApartWhatDiffers()
    {
        ITensorContent slow = new RecordedAudio(8000, 1, new short[] { 1 });
        ITensorContent fast = new RecordedAudio(16000, 1, new short[] { 1 });
        ITensorContent image = Noise(3, 2, 4, 1);

        Assert.NotEqual(slow.ElementType, fast.ElementType);
        Assert.Equal(slow.Bytes.ToArray(), fast.Bytes.ToArray());
        Assert.Equal([2, 3, 4], image.Shape);
        Assert.Equal(24, image.Bytes.Length);
    }

    [Fact]
    public void Create_SizesThatDoNotFit_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new RecordedImage(2, 2, 3, new byte[11]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordedImage(2, 2, 2, new byte[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordedImage(32769, 1, 1, new byte[32769]));
        Assert.Throws<ArgumentException>(() => new RecordedImage(32768, 32768, 4, new byte[8]));
        Assert.Throws<ArgumentException>(() => new RecordedAudio(8000, 2, new short[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordedAudio(0, 1, new short[3]));
        Assert.Throws<ArgumentException>(() => new RecordedTensor("float32", [2], new byte[4]));
        Assert.Throws<ArgumentException>(() => new RecordedTensor("bfloat16", [2], new byte[4]));
        Assert.Throws<ArgumentException>(() => new RecordedTensor("int8", [long.MaxValue, long.MaxValue], new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordedTensor("int8", [-1, -4], new byte[4]));
    }

    private sealed record Bitmap(byte[] Gray);

    private static RecordedImage Noise(int width, int height, int channels, int seed)
    {
        var pixels = new byte[width * height * channels];
        new Random(seed).NextBytes(pixels);
        return new RecordedImage(width, height, channels, pixels);
    }
}
