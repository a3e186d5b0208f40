namespace Larder.Server.Access;

/// <summary>The names of the scopes in configurations, answers and commands: those of <see cref="Scope"/> in lower case.</summary>
public static class ScopeNames
{
    private static readonly Scope[] Scopes = Enum.GetValues<Scope>();

    /// <summary>All of them, from the one that allows the least.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Scopes.Select(Of)];

    /// <summary>The name of a scope.</summary>
    public static string Of(Scope scope) =>
        scope switch
        {
            Scope.Predict => "predict",
            Scope.Read => "read",
            Scope.Admin => "admin",
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "It is no scope."),
        };

    /// <summary>The scope of a name; false for a name of none.</summary>
    public static bool TryParse(string name, out Scope scope)
    {
        scope = Array.Find(Scopes, known => Of(known) == name);
        return Of(scope) == name;
    }

    /// <summary>What to say of a name that is none: the nearest one, or all of them.</summary>
    public static string Suggest(string name) =>
        NearestName.Of(name, All) is { } nearest
            ? $"Did you mean '{nearest}'?"
            : $"The scopes are {string.Join(", ", All)}.";
}
