using Larder.Server.Configuration;

namespace Larder.Server.Dashboard.Clearing;

/// <summary>What somebody chose on the page: a model of this server, an entry of the store, or everything.</summary>
/// <param name="Model">The model; null for the others.</param>
/// <param name="Entry">The entry; null for the others.</param>
internal sealed record ClearTarget(ServedModel? Model, CachedModel? Entry)
{
    public static ClearTarget Everything { get; } = new(null, null);

    public bool IsEverything => Model is null && Entry is null;

    /// <summary>What it is called on pages.</summary>
    public string Name => Model?.Id ?? Entry?.Reference ?? "the whole store";

    /// <summary>What tells it from all others, which may be called the same.</summary>
    public string Key => $"{Field} {Value}";

    /// <summary>The reference that its files came from; null for everything.</summary>
    public string? Reference => Model?.From.Text ?? Entry?.Reference;

    /// <summary>The name of its field in forms.</summary>
    public string Field => Model is not null ? "model" : "entry";

    /// <summary>The value of its field in forms; empty for everything.</summary>
    public string Value => Model?.Id ?? Entry?.Key.ToString() ?? "";
}
