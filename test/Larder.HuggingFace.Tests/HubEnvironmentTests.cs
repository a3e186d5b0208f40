using Larder.Origins;
using Larder.TestKit.Hub;

namespace Larder.HuggingFace.Tests;

public sealed class HubEnvironmentTests : HubTests
{
    [Fact]
    public async Task Token_InItsVariable_IsSent()
    {
        Repository.IsPrivate = true;
        Repository.Put("a.txt", [1]);

        var listing = await Origin($"HF_TOKEN= {TestHub.Token}\n").ListAsync(Reference(), Cancellation);

        Assert.Single(listing.Files);
    }

    [Theory]
    [InlineData("HF_TOKEN_PATH={0}/elsewhere", "elsewhere")]
    [InlineData("HF_HOME={0}/hub", "hub/token")]
    [InlineData("XDG_CACHE_HOME={0}/cache", "cache/huggingface/token")]
    [InlineData("HF_HOME=~/hub", "hub/token")]
    [InlineData("OTHER=", ".cache/huggingface/token")]
    public void Token_InAFile_IsFound(string variable, string file)
    {
        Write(file, $"  {TestHub.Token}\n");

        var token = Environment(string.Format(null, variable, At("."))).ReadToken();

        Assert.Equal(TestHub.Token, token?.Token);
        Assert.EndsWith(file, token?.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_InBoth_IsTheVariables()
    {
        Write("token", "other");

        Assert.Equal(
            (TestHub.Token, "HF_TOKEN"),
            Environment($"HF_TOKEN={TestHub.Token}", $"HF_HOME={At(".")}").ReadToken()
        );
    }

    [Theory]
    [InlineData("1", false)]
    [InlineData("true", false)]
    [InlineData("0", true)]
    public void Token_NotToBeSentUnasked_IsNot(string value, bool isSent) =>
        Assert.Equal(
            isSent,
            Environment($"HF_TOKEN={TestHub.Token}", $"HF_HUB_DISABLE_IMPLICIT_TOKEN={value}").ReadToken() is not null
        );

    [Fact]
    public async Task Token_FileThatComesLater_IsSent()
    {
        Repository.IsPrivate = true;
        Repository.Put("a.txt", [1]);
        var origin = Origin($"HF_HOME={At("home")}");
        await Assert.ThrowsAsync<OriginException>(() => origin.ListAsync(Reference(), Cancellation));

        Write("home/token", TestHub.Token);

        Assert.Single((await origin.ListAsync(Reference(), Cancellation)).Files);
    }

    [Fact]
    public async Task Token_WithALineBreakInIt_IsRefusedUnsaid()
    {
        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            Origin("HF_TOKEN=larder-canary\r\nX-Evil: 1").ListAsync(Reference(), Cancellation)
        );

        Assert.Equal(OriginFailure.Denied, failure.Failure);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(Hub.Requests);
    }

    [Theory]
    [InlineData("huggingface.co")]
    [InlineData("ftp://huggingface.co")]
    [InlineData("https://user:larder-canary@huggingface.co")]
    [InlineData("https://huggingface.co/?token=larder-canary")]
    public async Task Endpoint_ThatIsNone_SaysSo(string endpoint)
    {
        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            Origin($"HF_ENDPOINT={endpoint}").ListAsync(Reference(), Cancellation)
        );

        Assert.Contains("HF_ENDPOINT is not the address of a Hub", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_WithAPath_IsGoneOnFrom()
    {
        Hub.Intercept = async exchange =>
        {
            await exchange.AnswerAsync(404);
            return true;
        };

        await Assert.ThrowsAsync<OriginException>(() =>
            Origin($"HF_ENDPOINT={Hub.Endpoint.AbsoluteUri}mirrors/hub/").ListAsync(Reference(), Cancellation)
        );

        Assert.Equal(["GET /mirrors/hub/api/models/org/repo/revision/main"], Hub.Requests);
    }

    [Fact]
    public void Endpoint_OfTheOptions_WinsOverTheVariable()
    {
        var options = new HuggingFaceOptions { Endpoint = new Uri("https://hub.example/a") };

        var access = HubAccess.Read(Reference(), options, Environment("HF_ENDPOINT=https://other.example"));

        Assert.Equal("https://hub.example/a", access.Name);
        Assert.Throws<ArgumentException>(() =>
            new HuggingFaceOrigin(new HuggingFaceOptions { Endpoint = new Uri("https://a:b@hub.example") })
        );
    }

    private HubEnvironment Environment(params string[] variables)
    {
        var values = variables.ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=', 2)[1]);
        values.TryAdd("HOME", At("."));
        return new HubEnvironment(values.GetValueOrDefault);
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
        File.WriteAllText(At(file), text);
    }
}
