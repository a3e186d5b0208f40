using Larder.Origins;

namespace Larder.Azure.Tests;

public sealed class BlobPlaceTests
{
    [Theory]
    [InlineData("az://models/team", "team", "", true)]
    [InlineData("az://models/team/", "team", "", true)]
    [InlineData("az://models/team/v1/", "team", "v1/", true)]
    [InlineData("az://models/team/v1", "team", "v1", false)]
    [InlineData("az://models/team/a/b.onnx", "team", "a/b.onnx", false)]
    [InlineData("az://models/team/with%20space%25%23%3F/", "team", "with space%#?/", true)]
    [InlineData("az://models/team/Übermaß/", "team", "Übermaß/", true)]
    [InlineData("az://models/$web/a", "$web", "a", false)]
    [InlineData("az://models/abc/a", "abc", "a", false)]
    [InlineData("AZ://models/a-1-b/a", "a-1-b", "a", false)]
    public void Of_Reference_FindsContainerAndName(string reference, string container, string name, bool isPrefix)
    {
        var place = Of(reference);

        Assert.Equal(
            ("models", container, name, isPrefix, null, null),
            (place.Account, place.Container, place.Name, place.IsPrefix, place.VersionId, place.Signature)
        );
    }

    [Theory]
    [InlineData("versionid=2026-01-01T00:00:00.0000000Z", "2026-01-01T00:00:00.0000000Z", null)]
    [InlineData("sv=2021-12-02&sig=a%2Fb%2B%3D", null, "sv=2021-12-02&sig=a%2Fb%2B%3D")]
    [InlineData("sv=1&versionid=2&sig=a", "2", "sv=1&sig=a")]
    public void Of_Query_TellsVersionFromSignature(string query, string? version, string? signature)
    {
        var place = Of("az://models/team/a?" + query);

        Assert.Equal((version, signature), (place.VersionId, place.Signature));
    }

    [Theory]
    [InlineData("az://ab/team/a", "names the storage account 'ab'")]
    [InlineData("az://my-models/team/a", "names the storage account 'my-models'")]
    [InlineData("az://models.blob.core.windows.net/team/a", "and an account has 3 to 24 lower-case letters and digits")]
    [InlineData("az://models:80/team/a", "has more than an account before its container")]
    [InlineData("az://larder-canary@models/team/a", "has more than an account before its container")]
    [InlineData("az://models", "names no container")]
    [InlineData("az://models/", "names no container")]
    [InlineData("az://models/ab/x", "names the container 'ab'")]
    [InlineData("az://models/Team/x", "names the container 'Team'")]
    [InlineData("az://models/te--am/x", "names the container 'te--am'")]
    [InlineData("az://models/-team/x", "names the container '-team'")]
    [InlineData("az://models/team-/x", "names the container 'team-'")]
    [InlineData("az://models/te_am/x", "names the container 'te_am'")]
    [InlineData("az://models/$logs2/x", "names the container '$logs2'")]
    [InlineData("az://models/team/?versionid=1", "names the version of a prefix")]
    [InlineData(
        "az://models/team/a?token=larder-canary",
        "neither a version (versionid=…) nor a shared access signature"
    )]
    [InlineData("az://models/team/a?sig=larder-canary&comp=list", "has 'comp' in its query")]
    [InlineData("az://models/team/a?sig=larder-canary&PREFIX=x", "has 'prefix' in its query")]
    [InlineData("az://models/team/a?versionid&x", "neither a version")]
    public void Of_ThatIsNone_SaysWhatIsWrongAndNoSecret(string reference, string fault)
    {
        var refused = Assert.Throws<ReferenceException>(() => Of(reference));

        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("larder-canary", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Of_LongContainer_IsTakenUpToItsLimit(int length, bool isTaken)
    {
        var failure = Record.Exception(() => Of($"az://models/{new string('c', length)}/a"));

        Assert.Equal(isTaken, failure is null);
    }

    private static BlobPlace Of(string reference) => BlobPlace.Of(ModelReference.Parse(reference));
}
