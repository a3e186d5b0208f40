using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Larder.Content;

namespace Larder.Tests.Content;

public sealed class ManifestTests
{
    private const long MaxSizeBytes = (1L << 53) - 1;
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private const string Golden =
        $$"""{"files":[{"path":"config.json","sha256":"{{OfAbc}}","size":3},{"path":"onnx/größe.onnx","sha256":"{{OfAbc}}","size":4294967296}]}""";

    private static readonly Gen<Manifest> Manifests =
        from names in Gen.Elements("a", "b.c", "-", "é", "\ue000", "\ud83d\ude00", "Z9").NonEmptyListOf()
        from sizes in Gen.Choose(0, int.MaxValue).ListOf(names.Count)
        select Manifest.Create(names.Zip(sizes).Select((file, i) => File($"{file.First}/{i}", file.Second)));

    [Fact]
    public void Create_FilesOfFormat1_GivesThePinnedBytesAndDigest()
    {
        var manifest = Manifest.Create([File("onnx/größe.onnx", 1L << 32), File("config.json")]);

        Assert.Equal(Golden, Encoding.UTF8.GetString(manifest.Bytes.Span));
        Assert.Equal("b7c4270d3b774030a268750c32634b32291abe5acec901a424ef065af861fc69", manifest.Digest.ToString());
        Assert.Equal((1L << 32) + 3, manifest.SizeBytes);
    }

    [Fact]
    public void Create_AnyFiles_WritesCanonicalJson() =>
        Property.Holds(
            Manifests,
            manifest => CanonicalJson.Canonicalize(manifest.Bytes.Span).AsSpan().SequenceEqual(manifest.Bytes.Span)
        );

    [Fact]
    public void Create_FilesInAnyOrder_SortsThemByUtf8()
    {
        // In UTF-16 the emoji would come before U+E000, and "a/b" would come before "a-b" if segments were sorted.
        string[] sorted = ["Z", "a-b", "a/b", "\ue000", "\uffee", "\ud83d\ude00", "\ud83d\ude01"];

        var manifest = Manifest.Create(sorted.Reverse().Select(path => File(path)));

        Assert.Equal(sorted, manifest.Files.Select(file => file.Path), StringComparer.Ordinal);
    }

    [Fact]
    public void CompareAsUtf8_RandomText_OrdersAsTheBytesDo() =>
        Property.Holds(
            (string? left, string? right) =>
            {
                (string a, string b) = (left ?? "", right ?? "");
                return !Utf16.IsWellFormed(a)
                    || !Utf16.IsWellFormed(b)
                    || Math.Sign(Utf16.CompareAsUtf8(a, b))
                        == Math.Sign(Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
            }
        );

    [Fact]
    public void Create_NoFiles_Throws() => AssertFaults([], "has no files");

    [Fact]
    public void Create_SameFileTwice_Throws() => AssertFaults([File("a"), File("a")], "'a' is listed twice");

    [Fact]
    public void Create_NamesThatDifferInLetterCaseOnly_Throws() =>
        AssertFaults([File("É/a"), File("é/A")], "letter case");

    [Theory]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "a/b/c/d")]
    [InlineData("A", "a/b")]
    public void Create_FileThatIsAlsoADirectory_Throws(string file, string below) =>
        AssertFaults([File(below), File("a-c"), File(file)], $"'{file}' is both a file and a directory of '{below}'");

    [Theory]
    [InlineData(-1)]
    [InlineData(MaxSizeBytes + 1)]
    public void Create_SizeThatJsonCannotHold_Throws(long sizeBytes) =>
        Assert.Throws<ManifestException>(() => Manifest.Create([File("a", sizeBytes)]));

    [Fact]
    public void Create_LargestSize_IsAccepted() =>
        Assert.Equal(MaxSizeBytes, Manifest.Create([File("a", MaxSizeBytes)]).SizeBytes);

    [Fact]
    public void Create_TotalThatJsonCannotHold_Throws() =>
        AssertFaults([File("a", MaxSizeBytes), File("b", 1)], "in all");

    [Fact]
    public void Create_SeveralFaults_ReportsAllOfThem() =>
        AssertFaults([File("../a"), File("b\u001b"), File("c", -1)], "segment", "'b\\u001B' has a control", "-1 bytes");

    [Fact]
    public void Parse_BytesOfAManifest_GivesTheManifestBack() =>
        Property.Holds(
            Manifests,
            manifest =>
            {
                var parsed = Manifest.Parse(manifest.Bytes);
                return parsed.Files.SequenceEqual(manifest.Files) && parsed.Digest == manifest.Digest;
            }
        );

    [Fact]
    public void Parse_BytesChangedAfterwards_KeepsWhatItWas()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Golden);
        var manifest = Manifest.Parse(bytes);
        Array.Clear(bytes);

        Assert.Equal(Golden, Encoding.UTF8.GetString(manifest.Bytes.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"files":[]}""")]
    [InlineData("""{"files":{}}""")]
    [InlineData("""{"files":[1]}""")]
    [InlineData("""{"files":[{"path":"a","size":1}]}""")]
    [InlineData("""{"file":[{"path":"a","sha256":"HASH","size":1}]}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":1}]""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":1}]}}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":1}],"x":1}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":1,"x":1}]}""")]
    [InlineData("""{"files":[{"path":"a","size":1,"sha256":"HASH"}]}""")]
    [InlineData("""{"files":[{"path":"b","sha256":"HASH","size":1},{"path":"a","sha256":"HASH","size":1}]}""")]
    [InlineData("""{"files": [{"path":"a","sha256":"HASH","size":1}]}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":1}]} """)]
    [InlineData("""{"files":[{"path":"\u0061","sha256":"HASH","size":1}]}""")]
    [InlineData("""{"files":[{"path":"\ud800","sha256":"HASH","size":1}]}""")]
    [InlineData("""{"files":[{"path":null,"sha256":"HASH","size":1}]}""")]
    [InlineData("""{"files":[{"path":"../a","sha256":"HASH","size":1}]}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":1.0}]}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":1e3}]}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":"1"}]}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":-0}]}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":9007199254740992}]}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"HASH","size":99999999999999999999}]}""")]
    [InlineData("""{"files":[{"path":"a","sha256":"ba78","size":1}]}""")]
    [InlineData(
        """{"files":[{"path":"a","sha256":"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD","size":1}]}"""
    )]
    public void Parse_AnythingElse_Throws(string json) =>
        Assert.Throws<ManifestException>(() =>
            Manifest.Parse(Encoding.UTF8.GetBytes(json.Replace("HASH", OfAbc, StringComparison.Ordinal)))
        );

    [Fact]
    public void Parse_GoldenWithOneByteCutOrChanged_NeverGivesTheSameManifest()
    {
        byte[] golden = Encoding.UTF8.GetBytes(Golden);
        Digest original = Digest.Of(golden);
        for (int i = 0; i < golden.Length; i++)
        {
            byte[] changed = [.. golden];
            changed[i] ^= 1;
            Assert.NotEqual(original, TryParse(changed));
            Assert.Null(TryParse(golden[..i]));
        }
    }

    private static ManifestFile File(string path, long sizeBytes = 3) => new(path, sizeBytes, Digest.Of("abc"u8));

    private static Digest? TryParse(byte[] bytes)
    {
        try
        {
            return Manifest.Parse(bytes).Digest;
        }
        catch (ManifestException)
        {
            return null;
        }
    }

    private static void AssertFaults(ManifestFile[] files, params string[] expected)
    {
        var failure = Assert.Throws<ManifestException>(() => Manifest.Create(files));
        Assert.Equal(expected.Length, failure.Faults.Count);
        Assert.All(
            expected,
            part => Assert.Contains(failure.Faults, fault => fault.Contains(part, StringComparison.Ordinal))
        );
    }
}
