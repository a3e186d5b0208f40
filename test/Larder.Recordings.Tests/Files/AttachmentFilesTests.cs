using Larder.Content;
using Larder.Recordings.Files;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Files;

public sealed class AttachmentFilesTests : IDisposable
{
    private static readonly byte[] Bytes = TestBytes.Of(4000);
    private static readonly string Name = $"{Digest.Of(Bytes)}.png";

    private readonly TempDirectory _temp = new();
    private readonly AttachmentFiles _files;

    public AttachmentFilesTests()
    {
        File.WriteAllBytes(_temp[Name], Bytes);
        _files = new AttachmentFiles(_temp["recording.json"], new RememberedFiles(10_000, Samples.Later()));
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Read_WholeFile_GivesItsBytes() => Assert.Equal(Bytes, _files.Read(Name).ToArray());

    [Fact]
    public void Read_Again_ReadsNoFile() => Assert.True(_files.Read(Name).Equals(_files.Read(Name)));

    [Fact]
    public void Read_ChangedMeanwhile_IsDamaged()
    {
        _files.Read(Name);
        File.WriteAllBytes(_temp[Name], TestBytes.Of(4000, seed: 2));

        AssertDamaged(Name, "its bytes are not those that its name stands for");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3999)]
    [InlineData(4001)]
    public void Read_OfAnotherLength_IsDamaged(int length)
    {
        File.WriteAllBytes(_temp[Name], TestBytes.Of(length));

        AssertDamaged(Name, "its bytes are not those that its name stands for");
    }

    [Fact]
    public void Read_PointerOfLfs_SaysSo()
    {
        File.WriteAllText(_temp[Name], "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4000\n");

        AssertDamaged(Name, "git lfs pull");
    }

    [Fact]
    public void Read_Missing_SaysWhoNeedsIt()
    {
        File.Delete(_temp[Name]);

        AssertDamaged(Name, "recording.json");
    }

    [Fact]
    public void Read_Link_IsRefused()
    {
        File.WriteAllBytes(_temp["elsewhere"], Bytes);
        File.Delete(_temp[Name]);
        File.CreateSymbolicLink(_temp[Name], _temp["elsewhere"]);

        AssertDamaged(Name, "symbolic link");
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x.png")]
    [InlineData("/etc/passwd")]
    [InlineData("@")]
    [InlineData("@.")]
    [InlineData("@.PNG")]
    [InlineData("@.a/b")]
    [InlineData("@.123456789")]
    [InlineData("@.json")]
    [InlineData("@.tar.gz")]
    [InlineData("@.png\n")]
    public void Read_NameThatIsNone_IsRefusedBeforeAnyPathIsMade(string name)
    {
        name = name.Replace("@", Name[..64], StringComparison.Ordinal);

        AssertDamaged(name, "which is no such name");
    }

    private void AssertDamaged(string name, string problem)
    {
        var damaged = Assert.Throws<RecordingDamagedException>(() => _files.Read(name));
        Assert.Contains(problem, damaged.Message, StringComparison.Ordinal);
    }
}
