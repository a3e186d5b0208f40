using System.Text.RegularExpressions;

namespace Larder.Recordings;

/// <summary>What is a secret: it is replaced before a request is hashed and before anything is written.</summary>
/// <remarks>
/// <para>
/// Known without a rule: members and arguments named like <c>password</c>, <c>api_key</c>, <c>authorization</c>, <c>cookie</c>,
/// <c>access_token</c>, <c>connection_string</c>, <c>credentials</c>, whatever they hold but numbers and yes or no, and also when
/// they hold nothing; those named <c>token</c> or <c>key</c> only where their text looks like a secret, since a token is a word
/// as often. And wherever they stand: <c>Authorization</c> headers, keys of well-known services, JSON web tokens, private keys,
/// user information and signatures in URLs.
/// </para>
/// <para>Two requests that differ in nothing but secrets are one, and have one answer: add what is one, and no more.</para>
/// </remarks>
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
