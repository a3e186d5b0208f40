using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Transfer;

public sealed class TransferPlanTests
{
    private static readonly Digest Stored = Digest.Of("stored"u8);

    [Fact]
    public void Create_VersionAsStored_KnowsTheDigest()
    {
        var plan = Create(new OriginFile("model.onnx", 6, "v1"));

        Assert.Equal(new ManifestFile("model.onnx", 6, Stored), Assert.Single(plan.Files).Known);
    }

    [Theory]
    [InlineData("model.onnx", "v2")]
    [InlineData("other.onnx", "v1")]
    public void Create_OtherVersionOrPath_KnowsNothing(string path, string version) =>
        Assert.Null(Assert.Single(Create(new OriginFile(path, 6, version)).Files).Known);

    [Fact]
    public void Create_OriginTellsTheDigest_KnowsThatOneAndNotTheStored()
    {
        var told = Digest.Of("told"u8);

        var plan = Create(new OriginFile("model.onnx", 4, "v1", told));

        Assert.Equal((new ManifestFile("model.onnx", 4, told), true), (plan.Files[0].Known, plan.OriginKnowsDigests));
    }

    [Fact]
    public void Create_OriginTellsADigestWithoutALength_KnowsNothingThatCouldBeLookedUp() =>
        Assert.Null(Create(new OriginFile("model.onnx", null, "v2", Stored)).Files[0].Known);

    [Fact]
    public void Create_SomeLengthsUnknown_CountsTheOthers() =>
        Assert.Equal(5, Create(new OriginFile("a", 5, "v"), new OriginFile("b", null, "v")).SizeBytes);

    [Fact]
    public void Create_NoFiles_SaysNotFound() => Assert.Equal(OriginFailure.NotFound, Assert.Throws<OriginException>(() => Create()).Failure);

    private static TransferPlan Create(params OriginFile[] files)
    {
        var manifest = Manifest.Create([new ManifestFile("model.onnx", 6, Stored)]);
        var entry = new StoreEntry
        {
            Request = default,
            Manifest = manifest.Digest,
            Created = default,
            Checked = default,
            Duration = default,
            SizeBytes = 6,
            Files = 1,
            Source = new EntrySource(
                "fake://origin/model/",
                EntrySource.TrustFirstUse,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["model.onnx"] = "v1" }
            ),
        };
        return TransferPlan.Create(FakeOrigin.Reference(), new OriginListing(files), (entry, manifest));
    }
}
