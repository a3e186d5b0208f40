using Larder.Origins;
using Larder.TestKit;
using Larder.TestKit.Hub;

namespace Larder.HuggingFace.Tests;

// What the Hub refuses, and what is made of it for people.
public sealed partial class HuggingFaceOriginTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_PrivateWithoutToken_IsNotFoundAndNamesTheVariable(bool tellsCodes)
    {
        Hub.TellsCodes = tellsCodes;
        Repository.IsPrivate = true;
        Repository.Put("a.txt", [1]);

        var failure = await FailureOfPullAsync();

        Assert.Equal(OriginFailure.NotFound, failure.Failure);
        Assert.Contains("no repository 'org/repo'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("set HF_TOKEN", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoSuchRevision_NamesIt()
    {
        Repository.Put("a.txt", [1]);

        var failure = await FailureOfPullAsync(reference: Reference("@v9"));

        Assert.Equal(OriginFailure.NotFound, failure.Failure);
        Assert.Contains("no revision 'v9'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Invalid rev id", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HubGate.Everything, null)]
    [InlineData(HubGate.Files, null)]
    [InlineData(HubGate.Files, TestHub.Token)]
    public async Task Pull_Gated_SaysWhereToAskForAccess(HubGate gate, string? token)
    {
        Repository.Put("a.bin", [1]);
        Repository.Gate = gate;
        Repository.LetsTokenIn = false;

        var failure = await FailureOfPullAsync(Cache(Origin($"HF_TOKEN={token}")));

        Assert.Equal(OriginFailure.Denied, failure.Failure);
        Assert.Contains(
            $"ask for access at {Hub.Endpoint.AbsoluteUri}org/repo and set HF_TOKEN",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Pull_GatedWithAccess_Works()
    {
        Repository.Put("a.bin", [1]);
        Repository.Gate = HubGate.Files;

        var snapshot = await PullAsync(Cache(Origin($"HF_TOKEN={TestHub.Token}")));

        Assert.Equal(1, snapshot.FilesFetched);
    }

    [Fact]
    public async Task List_Disabled_IsDenied()
    {
        Repository.IsDisabled = true;

        var failure = await FailureOfPullAsync();

        Assert.Equal(OriginFailure.Denied, failure.Failure);
        Assert.Contains("is disabled", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_UnknownToken_IsDeniedAndSaysWhereItComesFrom()
    {
        Repository.Put("a.txt", [1]);

        var failure = await FailureOfPullAsync(Cache(Origin("HF_TOKEN=larder-canary-wrong")));

        Assert.Equal(OriginFailure.Denied, failure.Failure);
        Assert.Contains("does not know the access token from HF_TOKEN", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Your token hf_larder-canary-token is bad")]
    [InlineData("Bad: Authorization: Bearer abc")]
    [InlineData("See https://cdn/x?Signature=larder-canary-signature")]
    public async Task List_RefusalRepeatsASecret_IsNotRepeated(string message)
    {
        Hub.Intercept = async exchange =>
        {
            await exchange.AnswerAsync(403, $"X-Error-Message: {message}");
            return true;
        };

        var failure = await FailureOfPullAsync(Cache(Origin($"HF_TOKEN={TestHub.Token}")));

        Assert.Equal(OriginFailure.Denied, failure.Failure);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_TooManyRequests_TellsHowLongToWait()
    {
        Repository.Put("a.txt", [1]);
        Hub.RefuseNext(1);

        var failure = await FailureOfPullAsync();

        Assert.Equal((OriginFailure.Unavailable, TimeSpan.FromSeconds(42)), (failure.Failure, failure.RetryAfter));
        Assert.Contains("left alone for 42 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_TooManyRequestsOnTheWay_WaitsAsLongAsAsked()
    {
        Repository.Put("a.bin", TestBytes.Of(1000));
        var origin = Origin();
        await origin.ListAsync(Reference($"@{Repository.Head}"), Cancellation);
        Hub.RefuseNext(1);
        // On which nobody waits.
        var time = new ImpatientTimeProvider();

        var snapshot = await PullAsync(Cache(origin, retries: 2, time: time), Reference($"@{Repository.Head}"));

        Assert.Equal(1, snapshot.FilesFetched);
        Assert.Contains(TimeSpan.FromSeconds(42), time.Waits);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task Pull_HubIsDown_ServesWhatIsStored(int status)
    {
        Repository.Put("a.bin", TestBytes.Of(1000));
        var cache = Cache();
        await PullAsync(cache);
        Hub.Intercept = async exchange =>
        {
            await exchange.AnswerAsync(status);
            return true;
        };

        var stale = Own(await cache.PullAsync(Reference(), new Pull.PullOptions { Refresh = true }, Cancellation));
        var failure = await FailureOfPullAsync(cache);

        Assert.Equal(Pull.PullOutcome.Stale, stale.Outcome);
        Assert.Equal(OriginFailure.Unavailable, failure.Failure);
    }

    [Theory]
    [InlineData("<html>Please log in</html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sha":"main"}""")]
    [InlineData("""{"sha":7}""")]
    public async Task List_AnswerThatIsNoCommit_IsBroken(string answer)
    {
        Hub.Intercept = async exchange =>
        {
            await exchange.AnswerAsync(200, System.Text.Encoding.UTF8.GetBytes(answer));
            return true;
        };

        var failure = await FailureOfPullAsync();

        Assert.Equal(OriginFailure.Broken, failure.Failure);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""[{"type":"file"}]""")]
    [InlineData("""[{"type":"file","path":"a","oid":"../../etc","size":1}]""")]
    [InlineData("""[{"type":"file","path":"a","oid":"0123456789012345678901234567890123456789","size":-1}]""")]
    [InlineData("""[{"type":"file","path":null,"oid":"0123456789012345678901234567890123456789","size":1}]""")]
    [InlineData(
        """[{"type":"file","path":"a","oid":"0123456789012345678901234567890123456789","size":1,"lfs":{"oid":"x","size":1}}]"""
    )]
    [InlineData("""[{"type":"file","path":"../a","oid":"0123456789012345678901234567890123456789","size":1}]""")]
    public async Task List_SenselessListOfFiles_IsBrokenAndNothingIsFetched(string list)
    {
        Hub.Intercept = async exchange =>
        {
            await exchange.AnswerAsync(200, System.Text.Encoding.UTF8.GetBytes(list));
            return true;
        };

        var failure = await FailureOfPullAsync(reference: Reference($"@{new string('a', 40)}"));

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Single(Hub.Requests);
    }
}
