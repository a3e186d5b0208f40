using Larder.Content;
using Larder.Server.Configuration;

namespace Larder.Server.Models;

/// <summary>One version of a served model, under the settings that it is served with.</summary>
/// <param name="Settings">The settings, which name no version.</param>
/// <param name="Content">Tells these settings from others by which a model would be another one.</param>
/// <param name="Version">The version: the digest of its manifest.</param>
/// <param name="Checked">When the origin last said that it is the present one.</param>
internal sealed record ServedVersion(ServedModel Settings, string Content, Digest Version, DateTimeOffset Checked)
{
    /// <summary>The model that runtimes are asked for: this version, however old, as the store has it.</summary>
    /// <remarks>Where the store lost it, its origin is asked for the present version and not for this one, which it may have no more.</remarks>
    public ServedModel Model =>
        field ??= Settings with { Pull = Settings.Pull with { Digest = Version, Offline = true } };

    /// <summary>The same while the origin is down and the version no longer fresh.</summary>
    public ServedModel Stale => field ??= Model with { IsStale = true };

    /// <summary>The same for work that is no use of the model.</summary>
    public ServedModel Upkeep => field ??= Model with { Pull = Model.Pull with { IsUpkeep = true } };

    /// <summary>Whether the origin says that this version is the present one for ever.</summary>
    public bool IsFixed { get; init; }

    /// <summary>Whether it was loaded, so that it is known to be of use.</summary>
    public bool IsProven { get; init; }

    /// <summary>Whether it is one of settings that have been changed since, and answers until what they name now is loaded.</summary>
    public bool IsRetained { get; init; }

    /// <summary>Whether the other is the same model in the same version.</summary>
    public bool IsSameAs(ServedVersion other) => Version == other.Version && Content == other.Content;

    /// <summary>Whether it may answer without a question to the origin.</summary>
    /// <remarks>A check in the future is a clock that was set back: it proves nothing.</remarks>
    public bool IsFreshAt(DateTimeOffset now)
    {
        var age = now - Checked;
        return IsFixed || (age >= TimeSpan.Zero && age < Settings.Pull.FreshFor);
    }
}
