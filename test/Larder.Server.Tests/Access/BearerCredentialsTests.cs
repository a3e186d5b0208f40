using Larder.Server.Access;
using Microsoft.Extensions.Primitives;

namespace Larder.Server.Tests.Access;

public sealed class BearerCredentialsTests
{
    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("bearer abc")]
    [InlineData("BEARER   abc ")]
    public void Read_BearerToken_IsTheToken(string header) =>
        Assert.Equal("abc", BearerCredentials.Read(header, out _));

    [Theory]
    [InlineData("", 401, "token-missing")]
    [InlineData("Basic abc", 401, "token-missing")]
    [InlineData("Bearerabc", 401, "token-missing")]
    [InlineData("abc", 401, "token-missing")]
    [InlineData("Bearer", 400, "credentials-malformed")]
    [InlineData("Bearer   ", 400, "credentials-malformed")]
    [InlineData("Bearer a b", 400, "credentials-malformed")]
    [InlineData("Bearer a, Bearer b", 400, "credentials-malformed")]
    [InlineData("Bearer \"abc\"", 400, "credentials-malformed")]
    [InlineData("Bearer äbc", 400, "credentials-malformed")]
    public void Read_AnythingElse_IsAProblemWithAChallenge(string header, int status, string type)
    {
        Assert.Null(BearerCredentials.Read(header, out var problem));

        Assert.Equal((status, type), (problem.Status, problem.Type));
        Assert.StartsWith("Bearer realm=", problem.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralHeaders_IsAProblemThoughEachWouldDo()
    {
        Assert.Null(BearerCredentials.Read(new StringValues(["Bearer abc", "Bearer abc"]), out var problem));

        Assert.Equal((400, "credentials-malformed"), (problem.Status, problem.Type));
        Assert.Contains("error=\"invalid_request\"", problem.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HugeToken_IsAProblemAndNotInIt()
    {
        var token = new string('a', BearerCredentials.MaxLength);
        Assert.Equal(token, BearerCredentials.Read($"Bearer {token}", out _));

        Assert.Null(BearerCredentials.Read($"Bearer {token}a", out var problem));

        Assert.Equal(400, problem.Status);
        Assert.DoesNotContain("aaaa", problem.Detail, StringComparison.Ordinal);
    }
}
