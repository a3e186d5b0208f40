using System.Text;

namespace Larder.Pull;

/// <summary>The part of a pattern between two slashes.</summary>
internal sealed class GlobSegment
{
    private readonly Token[] _tokens;

    private GlobSegment(Token[] tokens) => _tokens = tokens;

    public static GlobSegment Parse(string text) =>
        TryParse(text, out var tokens) is { } fault
            ? throw new ArgumentException(fault, nameof(text))
            : new GlobSegment([.. tokens]);

    /// <summary>What is wrong with a segment, to be read after the pattern; null when nothing is.</summary>
    public static string? FaultIn(string text) => TryParse(text, out _);

    public bool Matches(ReadOnlySpan<char> name)
    {
        // Only the last star is ever tried with more characters, so that no pattern takes longer than name times pattern.
        var (at, token, retryAt, retryToken) = (0, 0, -1, 0);
        while (at < name.Length)
        {
            if (token < _tokens.Length && _tokens[token].Kind == TokenKind.Star)
                (retryAt, retryToken) = (at, ++token);
            else if (token < _tokens.Length && _tokens[token].Takes(name[at..]) is > 0 and var length)
                (at, token) = (at + length, token + 1);
            else if (retryAt >= 0)
                (at, token) = (++retryAt, retryToken);
            else
                return false;
        }
        while (token < _tokens.Length && _tokens[token].Kind == TokenKind.Star)
            token++;
        return token == _tokens.Length;
    }

    private static string? TryParse(string text, out List<Token> tokens)
    {
        tokens = [];
        var rest = text.EnumerateRunes().ToArray().AsSpan();
        while (rest.Length > 0)
        {
            var first = rest[0];
            rest = rest[1..];
            switch (first.Value)
            {
                case '*':
                    tokens.Add(new Token(TokenKind.Star));
                    break;
                case '?':
                    tokens.Add(new Token(TokenKind.Set) { IsNegated = true });
                    break;
                case '[':
                    if (TryParseSet(ref rest, out var set) is { } fault)
                        return fault;
                    tokens.Add(set);
                    break;
                case '\\' when rest.Length == 0:
                    return "has a '\\' with nothing behind it; segments are separated by '/'";
                case '\\':
                    tokens.Add(Token.Of(rest[0]));
                    rest = rest[1..];
                    break;
                default:
                    tokens.Add(Token.Of(first));
                    break;
            }
        }
        return null;
    }

    /// <summary>Reads on behind a '['.</summary>
    private static string? TryParseSet(ref Span<Rune> rest, out Token set)
    {
        var isNegated = rest.Length > 0 && rest[0].Value is '!' or '^';
        if (isNegated)
            rest = rest[1..];
        var ranges = new List<(Rune First, Rune Last)>();
        set = new Token(TokenKind.Set) { IsNegated = isNegated, Ranges = ranges };
        while (rest.Length > 0)
        {
            // As the first one it stands for itself.
            if (rest[0].Value == ']' && ranges.Count > 0)
            {
                rest = rest[1..];
                return null;
            }
            if (rest is [{ Value: '[' }, { Value: ':' }, ..])
                return "has a named class such as '[:alpha:]'; write the characters, as in '[a-zA-Z]'";
            if (TakeOne(ref rest) is not { } first)
                break;
            var last = first;
            if (rest is [{ Value: '-' }, not { Value: ']' }, ..])
            {
                rest = rest[1..];
                if (TakeOne(ref rest) is not { } end)
                    break;
                last = end;
            }
            if (last < first)
                return $"has the range '{first}-{last}', which ends before it begins";
            ranges.Add((first, last));
        }
        return "has a '[' without its ']'; write '\\[' for the character itself";
    }

    private static Rune? TakeOne(ref Span<Rune> rest)
    {
        if (rest[0].Value == '\\')
            rest = rest[1..];
        if (rest.Length == 0)
            return null;
        var one = rest[0];
        rest = rest[1..];
        return one;
    }

    private enum TokenKind
    {
        Set,
        Star,
    }

    /// <summary>One character of some, or, negated, of all others.</summary>
    private readonly record struct Token(TokenKind Kind)
    {
        public bool IsNegated { get; init; }

        public IReadOnlyList<(Rune First, Rune Last)> Ranges { get; init; } = [];

        public static Token Of(Rune one) => new(TokenKind.Set) { Ranges = [(one, one)] };

        /// <summary>How many chars at the start of a text it stands for; 0 when for none.</summary>
        public int Takes(ReadOnlySpan<char> text)
        {
            Rune.DecodeFromUtf16(text, out var rune, out var length);
            foreach (var (first, last) in Ranges)
            {
                if (rune >= first && rune <= last)
                    return IsNegated ? 0 : length;
            }
            return IsNegated ? length : 0;
        }
    }
}
