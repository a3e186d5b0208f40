namespace Larder.Origins;

/// <summary>A repository of the Hugging Face Hub.</summary>
/// <param name="Kind"><c>models</c>, <c>datasets</c> or <c>spaces</c>.</param>
/// <param name="Id"><c>org/name</c>, or <c>name</c> alone for the few that have no owner.</param>
internal sealed record HubRepository(string Kind, string Id)
{
    public const string Models = "models";

    private const int MaxNameLength = 96;

    /// <summary>The kinds that stand before the name; a model has nothing there.</summary>
    private static readonly string[] NamedKinds = ["datasets", "spaces"];

    /// <summary>Its path at the Hub, as people know it: <c>org/name</c>, <c>datasets/org/name</c>.</summary>
    public string Path => Kind == Models ? Id : $"{Kind}/{Id}";

    /// <summary>The name of its directory in the cache of the Hub's own clients.</summary>
    public string CacheDirectory => $"{Kind}--{Id.Replace("/", "--", StringComparison.Ordinal)}";

    /// <summary>Whether a word before a name says what kind of repository it is.</summary>
    public static bool IsKind(string word) => Array.IndexOf(NamedKinds, word) >= 0;

    /// <summary>Reads <c>org/name</c>, <c>name</c> or <c>datasets/org/name</c>; null when it is no such thing.</summary>
    public static HubRepository? TryParse(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var repository =
            slash > 0 && IsKind(path[..slash])
                ? new HubRepository(path[..slash], path[(slash + 1)..])
                : new HubRepository(Models, path);
        return FaultIn(repository.Id) is null ? repository : null;
    }

    /// <summary>Says what is wrong with an id; null when it is one.</summary>
    public static string? FaultIn(string id)
    {
        var names = id.Split('/');
        if (names.Length > 2)
            return "has more than an owner and a name";
        return Array.Find(names, name => !IsName(name)) is null
            ? null
            : "is not the name of a repository: those are letters, digits, '.', '_' and '-', without '--' and '..', a letter, digit or '_' first and last";
    }

    // The Hub's rule. It also keeps the names of cache directories apart, in which "--" stands for the slash.
    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && name.All(letter => IsWord(letter) || letter is '.' or '-')
        && IsWord(name[0])
        && IsWord(name[^1])
        && !name.Contains("--", StringComparison.Ordinal)
        && !name.Contains("..", StringComparison.Ordinal);

    private static bool IsWord(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';
}
