namespace Larder.Server.Access;

/// <summary>What a caller may do. A token has some of them; none includes another.</summary>
public enum Scope
{
    /// <summary>Ask models for predictions.</summary>
    Predict,

    /// <summary>See what there is: models, statistics, metrics, the dashboard.</summary>
    Read,

    /// <summary>Change what is kept: warm, pin, refresh, clear.</summary>
    Admin,
}
