using Larder.Server.Access;

namespace Larder.Server.Tests.Access;

public sealed class AccessTokensTests
{
    private readonly TestTokens _given = new();

    [Fact]
    public void Find_EachToken_IsFoundAndNoOther()
    {
        var tokens = new AccessTokens(_given.All);

        Assert.Equal("app", tokens.Find(_given.Predict)?.Name);
        Assert.Equal("ops", tokens.Find(_given.Ops)?.Name);
        Assert.Null(tokens.Find(_given.Ops + "x"));
        Assert.Null(tokens.Find(_given.Ops[..^1]));
        Assert.Null(tokens.Find(_given.Ops.ToUpperInvariant()));
        Assert.Null(tokens.Find(""));
    }

    [Fact]
    public void Find_TheHashItself_OpensNothing()
    {
        var tokens = new AccessTokens(_given.All);

        Assert.Null(tokens.Find(_given.All[0].Sha256));
    }

    [Fact]
    public void TryReplace_OtherTokens_TakeTheirPlaceAtOnce()
    {
        var tokens = new AccessTokens(_given.All);
        var others = new TestTokens();

        Assert.True(tokens.TryReplace(others.All));

        Assert.Null(tokens.Find(_given.Ops));
        Assert.Equal("ops", tokens.Find(others.Ops)?.Name);
    }

    [Fact]
    public void TryReplace_NoneWhereThereWereSome_IsRefusedAndChangesNothing()
    {
        var tokens = new AccessTokens(_given.All);

        Assert.False(tokens.TryReplace([]));

        Assert.NotNull(tokens.Find(_given.Ops));
        Assert.False(new AccessTokens([]).TryReplace(_given.All));
    }
}
