using System.Runtime.InteropServices;
using Larder.Onnx.Loras;
using Larder.TestKit;

namespace Larder.Onnx.Tests.Loras;

public sealed class SafetensorsFileTests : IDisposable
{
    private const string One = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    private readonly TempDirectory _directory = new();

    [Fact]
    public void Open_EveryFloatingType_ReadsItsNumbers()
    {
        float[] singles = [1, -2.5f, 0.15625f];
        using var file = Open(
            LoraBytes.Of([
                ("f32", "F32", [3], Bytes(singles)),
                ("f16", "F16", [3, 1], Bytes(Array.ConvertAll(singles, value => (Half)value))),
                (
                    "bf16",
                    "BF16",
                    [1, 3],
                    Bytes(Array.ConvertAll(singles, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)))
                ),
                ("f64", "F64", [3], Bytes(Array.ConvertAll(singles, value => (double)value))),
            ])
        );

        foreach (var tensor in file.Tensors.Values)
        {
            Assert.True(SafetensorsFile.CanRead(tensor));
            Assert.Equal([1, -2.5, 0.15625], file.Read(tensor));
        }
    }

    [Fact]
    public void Open_MetadataEmptyTensorsAndPadding_AreRead()
    {
        using var file = Open(
            LoraBytes.File(
                """{"__metadata__":{"alpha":"2"},"one":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"none":{"shape":[3,0],"data_offsets":[4,4],"dtype":"I64"}}     """,
                [0, 0, 128, 63]
            )
        );

        Assert.Equal("2", file.Metadata["alpha"]);
        Assert.Equal([1.0], file.Read(file.Tensors["one"]));
        Assert.Equal([3, 0], file.Tensors["none"].Shape);
    }

    [Fact]
    public void Open_NoTensors_IsAFile()
    {
        using var file = Open(LoraBytes.File("{}", []));

        Assert.Empty(file.Tensors);
    }

    [Theory]
    [InlineData("", 0, "does not begin with '{'")]
    [InlineData(" {}", 0, "does not begin with '{'")]
    [InlineData("[]", 0, "does not begin with '{'")]
    [InlineData("{}\n", 0, "does not end with '}' and spaces")]
    [InlineData("{}\0", 0, "does not end with '}' and spaces")]
    [InlineData("{", 0, "does not end with '}' and spaces")]
    [InlineData("{}{}", 0, "no JSON")]
    [InlineData("""{"a":}""", 8, "no JSON")]
    [InlineData("""{"a":1}""", 0, "'a' is no object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "lacks dtype, shape or data_offsets")]
    [InlineData("""{"a":{"dtype":1,"shape":[2],"data_offsets":[0,8]}}""", 8, "the dtype of 'a' is no text")]
    [InlineData("""{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""", 8, "the unknown type 'F33'")]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8, "the shape of 'a' are no numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "are not whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", 8, "are not whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", 8, "are not whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}""", 8, "are not whole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""", 8, "are not two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""", 8, "the unknown member 'more'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", 8, "'a.shape' twice")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        8,
        "'a' twice"
    )]
    // Twice the same name, of which one is written otherwise.
    [InlineData(
        """{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        8,
        "'a' twice"
    )]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "'__metadata__' twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "'k' twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "no object of texts")]
    [InlineData("""{"__metadata__":"k"}""", 0, "no object of texts")]
    [InlineData("""{"__metadata__":{"k":"\ud800"}}""", 0, "not Unicode")]
    // More than the file has, and less.
    [InlineData(One, 4, "has 4 bytes of data, of which its tensors are 8")]
    [InlineData(One, 9, "has 9 bytes of data, of which its tensors are 8")]
    [InlineData("{}", 1, "has 1 bytes of data, of which its tensors are 0")]
    // Not as many bytes as the shape wants.
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "want 12 bytes")]
    [InlineData("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2, "make no number of bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "where the one before it ends at 0")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[0],"data_offsets":[8,4]}}""",
        8,
        "from byte 8 to 4"
    )]
    // A shape that wraps around: 2^62 times 4 bytes are none, 2^32 squared either.
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", 0, "make no number")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "make no number")]
    // A hole, at the beginning and in the middle; an overlap; all of another tensor.
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8, "at byte 4, where the one before")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""",
        8,
        "'b' at byte 4, where the one before it ends at 2"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""",
        8,
        "'b' at byte 4, where the one before it ends at 5"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""",
        8,
        "at byte 0, where the one before it ends at 8"
    )]
    public void Open_FileThatBreaksARule_IsRefused(string header, int dataBytes, string expected) =>
        Assert.Contains(expected, FaultOf(LoraBytes.File(header, new byte[dataBytes])), StringComparison.Ordinal);

    [Theory]
    [InlineData(100_000_001UL, "says that its header has 100000001 bytes; a safetensors file has 100000000 at most")]
    [InlineData(ulong.MaxValue, "says that its header has 18446744073709551615 bytes")]
    [InlineData(100_000_000UL, "says that its header has 100000000 bytes, and has 2 behind that")]
    [InlineData(3UL, "says that its header has 3 bytes, and has 2 behind that")]
    public void Open_HeaderThatIsNotThere_IsRefusedBeforeMemoryIsTaken(ulong length, string expected) =>
        Assert.StartsWith(expected, FaultOf(LoraBytes.File("{}"u8.ToArray(), [], length)), StringComparison.Ordinal);

    [Fact]
    public void Open_FewerBytesThanALength_IsRefused() =>
        Assert.Equal("has 7 bytes, too few for a safetensors file", FaultOf(new byte[7]));

    [Fact]
    public void Open_HeaderThatIsNotUtf8_IsRefused() =>
        Assert.Equal("has a header that is not UTF-8", FaultOf(LoraBytes.File([.. "{\""u8, 0xff, .. "\":1}"u8], [])));

    [Fact]
    public void Open_DeeplyNestedHeader_IsRefused()
    {
        var header = $$"""{"a":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""";

        Assert.Contains("'a' is no object", FaultOf(LoraBytes.File(header, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnyByteOfAFileChanged_IsRefusedOrWithinTheFile()
    {
        var good = LoraBytes.Lora("w", 2, 1, 2, [1, 2], [3, 4], new Dictionary<string, string> { ["rank"] = "1" });
        for (var place = 0; place < good.Length; place++)
        for (var bit = 0; bit < 8; bit++)
        {
            var bytes = (byte[])good.Clone();
            bytes[place] ^= (byte)(1 << bit);
            var path = _directory["changed"];
            File.WriteAllBytes(path, bytes);
            try
            {
                using var file = SafetensorsFile.Open(path);
                Assert.All(file.Tensors.Values, tensor => Assert.InRange(tensor.End, tensor.Begin, bytes.Length));
                foreach (var tensor in file.Tensors.Values.Where(SafetensorsFile.CanRead))
                    file.Read(tensor);
            }
            catch (InvalidDataException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }

    [Fact]
    public void Read_NumberThatIsNone_IsRefused()
    {
        using var file = Open(LoraBytes.Of([("a", [2], [1, float.NaN])]));

        var refused = Assert.Throws<InvalidDataException>(() => file.Read(file.Tensors["a"]));

        Assert.Equal("has the tensor 'a' with numbers that are infinite or none", refused.Message);
    }

    public void Dispose() => _directory.Dispose();

    private SafetensorsFile Open(byte[] bytes)
    {
        File.WriteAllBytes(_directory["file.safetensors"], bytes);
        return SafetensorsFile.Open(_directory["file.safetensors"]);
    }

    private string FaultOf(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Open(bytes).Dispose()).Message;

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
