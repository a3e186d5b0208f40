namespace Larder.Server.Access;

/// <summary>Who sent a request and what they may do; a feature of its context, see <see cref="CallerExtensions"/>.</summary>
/// <param name="Name">The name of the token, for logs and the dashboard.</param>
/// <param name="Kind">How the caller is known.</param>
/// <param name="Scopes">What the caller may do.</param>
internal sealed record Caller(string Name, CallerKind Kind, IReadOnlySet<Scope> Scopes)
{
    /// <summary>Whoever reaches a server that has no tokens.</summary>
    public static Caller Local { get; } =
        new("local", CallerKind.Local, new HashSet<Scope>([Scope.Predict, Scope.Read, Scope.Admin]));

    public static Caller Of(AccessToken token, CallerKind kind) => new(token.Name, kind, token.Scopes);

    public bool Has(Scope scope) => Scopes.Contains(scope);
}
