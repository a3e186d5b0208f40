using System.Security.Cryptography;
using System.Text;
using Larder.Server.Access;

namespace Larder.Server.Tests.Access;

public sealed class AccessTokenTests
{
    private static readonly HashSet<Scope> Reading = [Scope.Read];

    [Fact]
    public void Create_NewToken_IsRandomAndHasItsOwnHash()
    {
        var token = AccessToken.Create("ops", Reading, out var secret);
        AccessToken.Create("ops", Reading, out var other);

        Assert.Matches("^larder_[A-Za-z0-9_-]{43}$", secret);
        Assert.NotEqual(secret, other);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))), token.Sha256);
        Assert.Null(BearerCredentials.FaultIn(secret));
    }

    [Fact]
    public void Create_WithoutAName_IsNamedAfterItsHash()
    {
        var token = AccessToken.Create(null, Reading, out _);

        Assert.Equal($"token-{token.Sha256[..8]}", token.Name);
        Assert.True(AccessToken.IsName(token.Name));
    }

    [Fact]
    public void Create_WithoutAScope_IsMisuse() =>
        Assert.Throws<ArgumentException>(() => AccessToken.Create("ops", new HashSet<Scope>(), out _));

    [Theory]
    [InlineData("ops", true)]
    [InlineData("team-a.ci_1", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("line\nend", false)]
    [InlineData("Ärger", false)]
    [InlineData("larder_0123", false)]
    public void IsName_Text_IsAsTheRuleSays(string text, bool isName) => Assert.Equal(isName, AccessToken.IsName(text));

    [Fact]
    public void IsName_TooLong_IsNone()
    {
        Assert.True(AccessToken.IsName(new string('a', 64)));
        Assert.False(AccessToken.IsName(new string('a', 65)));
    }
}
