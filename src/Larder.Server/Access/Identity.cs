using Larder.Server.Http;

namespace Larder.Server.Access;

/// <summary>What the credentials of a request amount to: a caller, or why there is none.</summary>
/// <param name="Caller">Who it is; null when nobody is known.</param>
/// <param name="Refusal">What to answer where somebody must be known; null when somebody is.</param>
internal sealed record Identity(Caller? Caller, Problem? Refusal)
{
    public static Identity Local { get; } = new(Access.Caller.Local, null);

    /// <summary>Whether credentials were given and are wrong, in place of none.</summary>
    public bool HasWrongToken => Refusal?.Type == AccessProblems.WrongToken.Type;
}
