using Larder.Server.Access;
using Larder.TestKit;

namespace Larder.Server.Tests.Access;

public sealed class SessionTableTests
{
    private readonly TestTokens _given = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly AccessTokens _tokens;
    private readonly SessionTable _sessions;

    public SessionTableTests()
    {
        _tokens = new AccessTokens(_given.All);
        _sessions = new SessionTable(_tokens, _clock);
    }

    [Fact]
    public void Find_OpenSession_IsTheTokenThatOpenedIt()
    {
        var first = _sessions.Open(_given.All[0]);
        var second = _sessions.Open(_given.All[1]);

        Assert.NotEqual(first, second);
        Assert.Equal(("app", "watcher"), (_sessions.Find(first)?.Name, _sessions.Find(second)?.Name));
        Assert.Null(_sessions.Find(first + "x"));
    }

    [Fact]
    public void Find_AfterTwelveHours_IsNothing()
    {
        var id = _sessions.Open(_given.All[0]);
        _clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromTicks(1));
        Assert.NotNull(_sessions.Find(id));

        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Null(_sessions.Find(id));
    }

    [Fact]
    public void Find_Closed_IsNothingAndTheOthersStay()
    {
        var closed = _sessions.Open(_given.All[0]);
        var open = _sessions.Open(_given.All[0]);

        _sessions.Close(closed);

        Assert.Null(_sessions.Find(closed));
        Assert.NotNull(_sessions.Find(open));
    }

    [Fact]
    public void Find_TokenIsRevoked_IsNothing()
    {
        var id = _sessions.Open(_given.All[0]);

        _tokens.TryReplace([_given.All[1]]);

        Assert.Null(_sessions.Find(id));
    }

    [Fact]
    public void Open_TooMany_EndsTheOldest()
    {
        var oldest = _sessions.Open(_given.All[0]);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var next = _sessions.Open(_given.All[0]);

        for (var i = 0; i < 9_999; i++)
            _sessions.Open(_given.All[0]);

        Assert.Null(_sessions.Find(oldest));
        Assert.NotNull(_sessions.Find(next));
    }
}
