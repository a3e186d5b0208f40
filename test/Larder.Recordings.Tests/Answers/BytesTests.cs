using System.Text.Json;
using Larder.Content;

namespace Larder.Recordings.Tests.Answers;

public sealed class BytesTests
{
    private static readonly byte[] Few = [1, 2, 3];
    private static readonly byte[] Many = [.. Enumerable.Range(0, 2000).Select(i => (byte)i)];

    private readonly Forms _forms = new();

    [Fact]
    public void Write_FewBytes_AreABase64Text()
    {
        Assert.Equal("\"AQID\"", _forms.Write(Few));
        Assert.Empty(_forms.Attachments.All);
        Assert.Equal(Few, _forms.Back(Few));
    }

    [Fact]
    public void Write_ManyBytes_AreAnAttachmentNamedByItsDigest()
    {
        var json = _forms.Write(Many);

        Assert.Equal($$"""{"$file":"{{Digest.Of(Many)}}.bin","bytes":2000}""", json);
        Assert.Equal(Many, Assert.Single(_forms.Attachments.All).Bytes.ToArray());
        Assert.Equal(Many, _forms.Read<byte[]>(json));
        Assert.Equal(Many, _forms.Back<ReadOnlyMemory<byte>>(Many).ToArray());
        Assert.Equal(Many, _forms.Back<Memory<byte>>(Many).ToArray());
    }

    [Fact]
    public void Write_BytesThatChangeAfterwards_AreRecordedAsTheyWere()
    {
        byte[] answer = [.. Many];
        var json = _forms.Write(answer);
        answer[0] ^= 0xFF;

        Assert.Equal(Many, _forms.Read<byte[]>(json));
    }

    [Fact]
    public void Read_AttachmentOfAnotherSize_IsRefusedByName()
    {
        var json = _forms.Write(Many).Replace("2000", "1999", StringComparison.Ordinal);

        var failure = Assert.Throws<JsonException>(() => _forms.Read<byte[]>(json));

        Assert.Contains($"{Digest.Of(Many)}.bin", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Stream_IsLeftWhereItWasAndComesBackAtItsBeginning()
    {
        using var stream = new MemoryStream(Many) { Position = 10 };

        using var back = _forms.Back<Stream>(stream);

        Assert.Equal(10, stream.Position);
        Assert.Equal(0, back.Position);
        Assert.Equal(Many[10..], Assert.IsType<MemoryStream>(back).ToArray());
    }

    [Fact]
    public void Rereadable_StreamThatCannotSeek_GivesTheSameBytesAndCloses()
    {
        using var once = new OnceStream(Many);

        using var again = Larder.Recordings.Answers.AnswerForms.Rereadable<Stream>(once);

        Assert.False(once.CanRead);
        Assert.Equal(Many, ((MemoryStream)_forms.Back(again)).ToArray());
        Assert.Equal(Many, ((MemoryStream)again).ToArray());
    }

    [Fact]
    public void Rereadable_LazySequence_IsEnumeratedOnce()
    {
        var times = 0;

        var items = Larder.Recordings.Answers.AnswerForms.Rereadable(Lazy());
        var back = _forms.Back(items);

        Assert.Equal([1, 2], back);
        Assert.Equal([1, 2], items);
        Assert.Equal(1, times);

        IEnumerable<int> Lazy()
        {
            times++;
            yield return 1;
            yield return 2;
        }
    }

    [Fact]
    public void Rereadable_WhatIsInMemory_IsItself()
    {
        IEnumerable<string> list = new List<string> { "a" };
        Stream stream = new MemoryStream();

        Assert.Same(list, Larder.Recordings.Answers.AnswerForms.Rereadable(list));
        Assert.Same(stream, Larder.Recordings.Answers.AnswerForms.Rereadable(stream));
        Assert.Null(Larder.Recordings.Answers.AnswerForms.Rereadable<IEnumerable<int>?>(null));
    }

    [Fact]
    public void Write_StreamThatCannotSeekInAnObject_IsRefusedWithItsPath()
    {
        using var once = new OnceStream(Few);

        Assert.Equal("$.Body", _forms.Refused(new Response(once)).Place);
        Assert.True(once.CanRead);
    }

    public static TheoryData<byte[], string> Kinds =>
        new()
        {
            { [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "png" },
            { [0xFF, 0xD8, 0xFF, 0xE0], "jpg" },
            { [.. "GIF89a"u8], "gif" },
            { [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8], "webp" },
            { [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8], "wav" },
            { [.. "OggS"u8], "ogg" },
            { [.. "fLaC"u8], "flac" },
            { [.. "ID3"u8, 4, 0], "mp3" },
            { [0xFF, 0xFB, 0x90], "mp3" },
            { [0x93, .. "NUMPY"u8], "npy" },
            { [.. "%PDF-1.7"u8], "pdf" },
            { [0x50, 0x4B, 3, 4], "zip" },
            { [.. "plain words"u8], "txt" },
            { [0, 1, 2], "bin" },
            { [], "bin" },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_Bytes_HaveTheEndingThatViewersKnow(byte[] bytes, string ending) =>
        Assert.Equal(ending, Larder.Recordings.Answers.FileKind.Of(bytes));

    [Fact]
    public void Write_LongRowsAndTablesOfNumbers_AreTensors()
    {
        float[] row = [.. Enumerable.Range(0, 65).Select(i => i / 7f)];
        var table = new float[2, 3]
        {
            { 1, 2, 3 },
            { 4, 5, -0f },
        };

        Assert.StartsWith("""{"$tensor":"float32","shape":[65],"data":""", _forms.Write(row), StringComparison.Ordinal);
        Assert.Equal("[1,2.5]", _forms.Write(new[] { 1f, 2.5f }));
        Assert.Equal("""{"$tensor":"float32","shape":[2,3],"values":[1,2,3,4,5,-0]}""", _forms.Write(table));
        Assert.Equal(row, _forms.Back(row));
        Assert.Equal(row, _forms.Back<IReadOnlyList<float>>(row));
        Assert.Equal(row, _forms.Back(row.ToList()));
        Assert.Equal(row, _forms.Back<ReadOnlyMemory<float>>(row).ToArray());
        Assert.Equal(table, _forms.Back(table));
        Assert.Equal(new long[1, 0, 2], _forms.Back(new long[1, 0, 2]));
    }

    [Fact]
    public void Read_TensorOfAnotherType_IsNoRow() =>
        Assert.Throws<JsonException>(() => _forms.Read<double[]>(_forms.Write(new float[100])));

    public sealed record Response(Stream Body);

    private sealed class OnceStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
