using System.Buffers;
using System.Text.RegularExpressions;

namespace Larder.Recordings.Requests;

/// <summary>Takes secrets out of texts.</summary>
/// <remarks>
/// Two requests that differ in nothing but what is taken out are one, and have one answer. So a text is left alone unless its
/// name, or its own form, says that it is a secret.
/// </remarks>
internal sealed class Redactor
{
    private readonly SecretNames _names;
    private readonly string[] _secrets;
    private readonly SearchValues<string> _anySecret;
    private readonly Regex[] _patterns;

    /// <summary>By the rules as they are now.</summary>
    public Redactor(RedactionRules rules)
    {
        _names = new SecretNames(rules.Names);
        // The longer first: of two secrets, one may be part of the other. A variable that is not set is an empty one.
        _secrets =
        [
            .. rules.Secrets.Where(secret => !string.IsNullOrWhiteSpace(secret)).OrderByDescending(s => s.Length),
        ];
        _anySecret = SearchValues.Create(_secrets, StringComparison.Ordinal);
        _patterns = [.. rules.Patterns];
    }

    /// <summary>Whether what a member of that name holds is a secret, whatever it looks like.</summary>
    public bool IsSecret(string name) => _names.KindOf(name) is SecretName.Always;

    /// <summary>The text of a member without its secrets.</summary>
    /// <param name="name">The member's or argument's name; null for an item or a text that stands alone.</param>
    /// <param name="text">Its text; null, where a member of that name holds a secret, stands for one too.</param>
    public string? Text(string? name, string? text)
    {
        var kind = name is null ? SecretName.Never : _names.KindOf(name);
        if (kind is SecretName.Always)
            return RedactionRules.Redacted;
        if (text is null)
            return null;
        if (kind is SecretName.WhenItLooksLikeOne && SecretPatterns.LooksLikeOne(text))
            return RedactionRules.Redacted;

        if (text.AsSpan().ContainsAny(_anySecret))
        {
            foreach (var secret in _secrets)
                text = text.Replace(secret, RedactionRules.Redacted, StringComparison.Ordinal);
        }
        text = SecretPatterns.Redact(text);
        foreach (var pattern in _patterns)
            text = pattern.Replace(text, SecretPatterns.Hide);
        return text;
    }
}
