using Larder.Server.Access;

namespace Larder.Server.Tests.Access;

/// <summary>A token for each scope, and one for all of them.</summary>
internal sealed class TestTokens
{
    public TestTokens()
    {
        (Predict, Read, Admin, Ops) = (
            Make("app", Scope.Predict),
            Make("watcher", Scope.Read),
            Make("keeper", Scope.Admin),
            Make("ops", Scope.Predict, Scope.Read, Scope.Admin)
        );
    }

    public List<AccessToken> All { get; } = [];

    public string Predict { get; }

    public string Read { get; }

    public string Admin { get; }

    public string Ops { get; }

    private string Make(string name, params Scope[] scopes)
    {
        All.Add(AccessToken.Create(name, scopes.ToHashSet(), out var secret));
        return secret;
    }
}
