using System.Text.RegularExpressions;

namespace Larder.Recordings;

/// <summary>What is a secret: it is replaced before a request is hashed and before anything is written.</summary>
public sealed class RedactionRules
{
    /// <summary>What stands for a secret.</summary>
    public const string Redacted = "[redacted]";

    /// <summary>Names of members and arguments whose text is a secret; case, <c>_</c> and <c>-</c> do not matter.</summary>
    public ICollection<string> Names { get; } = [];

    /// <summary>Texts that are secrets wherever they stand; of a match, the group <c>secret</c> where it has one, else all.</summary>
    public ICollection<Regex> Patterns { get; } = [];

    /// <summary>Secrets themselves, such as the value of a variable.</summary>
    public ICollection<string> Secrets { get; } = [];
}
