using System.Buffers;
using System.Text.RegularExpressions;

namespace Larder.Recordings.Requests;

/// <summary>Texts that are secrets by their form, wherever they stand.</summary>
internal static partial class SecretPatterns
{
    private const string Secret = "secret";

    // None of the patterns goes over a text more than once; this is for machines that stand still.
    private const int TimeoutMilliseconds = 10_000;

    // In a name or an identifier that a person has chosen, digits stand in a few places and words between them.
    private const int MinRun = 16;
    private const int MinMeetings = 2;

    // A text without any of these matches no pattern: most need no more than this one look.
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        [
            "authorization",
            "bearer",
            "hf_",
            "sk-",
            "sk_",
            "rk_",
            "AKIA",
            "ASIA",
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "gsk_",
            "nvapi-",
            "r8_",
            "xai-",
            "ya29.",
            "xox",
            "AIza",
            "eyJ",
            "://",
            "sig=",
            "signature=",
            "credential=",
            "token=",
            "key=",
            "secret=",
            "password=",
            "pwd",
            "passw",
            "api_key",
            "api-key",
            "api key",
            "apikey",
            "access_key",
            "secret_key",
            "PRIVATE KEY",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>The text without the secrets that are known by their form.</summary>
    public static string Redact(string text)
    {
        if (!text.AsSpan().ContainsAny(Signs))
            return text;

        text = PrivateKey().Replace(text, Hide);
        text = Authorization().Replace(text, Hide);
        text = Token().Replace(text, Hide);
        text = UserInformation().Replace(text, Hide);
        text = Parameter().Replace(text, Hide);
        text = ConnectionString().Replace(text, Hide);
        text = Labelled().Replace(text, HideLabelled);
        return Doubtful().Replace(text, HideDoubtful);
    }

    /// <summary>The match without its secret: the group of that name, or all of it where there is none.</summary>
    public static string Hide(Match match)
    {
        var secret = match.Groups[Secret];
        if (!secret.Success)
            return RedactionRules.Redacted;

        var start = secret.Index - match.Index;
        return string.Concat(
            match.ValueSpan[..start],
            RedactionRules.Redacted,
            match.ValueSpan[(start + secret.Length)..]
        );
    }

    /// <summary>Whether a text looks as if nobody had thought of it: many letters and digits in one run, mixed.</summary>
    /// <remarks>The names of tensors, files and models do not, nor do UUIDs.</remarks>
    public static bool LooksLikeOne(ReadOnlySpan<char> text)
    {
        var (run, meetings, isOne) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (!char.IsAsciiLetterOrDigit(unit))
            {
                if (unit is not ('_' or '-' or '.' or '=' or '+' or '/'))
                    return false;
                (run, meetings) = (0, 0);
                continue;
            }

            run++;
            if (run > 1 && char.IsAsciiDigit(unit) != char.IsAsciiDigit(text[i - 1]))
                meetings++;
            isOne |= run >= MinRun && meetings >= MinMeetings;
        }
        return isOne;
    }

    // What is said to be a password or a key: a word may follow ("password: required"), letters mixed with digits are one.
    private static string HideLabelled(Match match)
    {
        var secret = match.Groups[Secret].ValueSpan;
        return secret.ContainsAnyInRange('0', '9') && secret.ContainsAnyExceptInRange('0', '9')
            ? Hide(match)
            : match.Value;
    }

    private static string HideDoubtful(Match match) =>
        LooksLikeOne(match.Groups[Secret].ValueSpan) ? Hide(match) : match.Value;

    [GeneratedRegex(
        @"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?<secret>.*?)(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\z)",
        RegexOptions.Singleline | RegexOptions.CultureInvariant,
        TimeoutMilliseconds
    )]
    private static partial Regex PrivateKey();

    [GeneratedRegex(
        """\bauthorization["']?\s{0,8}[:=]\s{0,8}["']?(?:bearer|basic)\s{1,8}(?<secret>[A-Za-z0-9_\-.~+/=]+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        TimeoutMilliseconds
    )]
    private static partial Regex Authorization();

    [GeneratedRegex(
        """
            (?<![A-Za-z0-9_])(?:
                hf_[A-Za-z0-9]{16,}
              | sk-(?=[A-Za-z_\-]*[0-9])[A-Za-z0-9_\-]{16,}
              | [sr]k_(?:live|test)_[A-Za-z0-9]{10,}
              | (?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])
              | gh[pousr]_[A-Za-z0-9]{16,}
              | github_pat_[A-Za-z0-9_]{16,}
              | glpat-[A-Za-z0-9_\-]{16,}
              | gsk_[A-Za-z0-9]{20,}
              | nvapi-[A-Za-z0-9_\-]{20,}
              | r8_[A-Za-z0-9]{20,}
              | xai-[A-Za-z0-9]{20,}
              | ya29\.[A-Za-z0-9_\-]{20,}
              | xox[abeoprs]-[A-Za-z0-9\-]{10,}
              | AIza[A-Za-z0-9_\-]{35}
              | eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*
            )
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        TimeoutMilliseconds
    )]
    private static partial Regex Token();

    [GeneratedRegex(
        @"[A-Za-z][A-Za-z0-9+.\-]{0,20}://(?<secret>[^/\s@:?#]{0,200}:[^/\s@?#]{1,1000})@",
        RegexOptions.CultureInvariant,
        TimeoutMilliseconds
    )]
    private static partial Regex UserInformation();

    [GeneratedRegex(
        """
            [?&](?:sig|X-Amz-(?:Signature|Credential|Security-Token)|X-Goog-(?:Signature|Credential)|Signature|AWSAccessKeyId
                |access_token|refresh_token|id_token|auth_token|api[_\-]?key|client_secret|password)
            =(?<secret>[^&\s\#"'<>]+)
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        TimeoutMilliseconds
    )]
    private static partial Regex Parameter();

    [GeneratedRegex(
        @"(?:\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)|;\s{0,8}(?:Password|Pwd))\s{0,8}=\s{0,8}(?<secret>[^;\s""']+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        TimeoutMilliseconds
    )]
    private static partial Regex ConnectionString();

    [GeneratedRegex(
        """(?:api|access|secret)[_\- ]?key["']?\s{0,4}[:=]\s{0,4}["']?(?<secret>[A-Za-z0-9_\-.=+/]{8,})|(?:\bpwd|passw(?:or)?d)["']?\s{0,4}[:=]\s{0,4}["']?(?<secret>[^\s"',;&]{8,})""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        TimeoutMilliseconds
    )]
    private static partial Regex Labelled();

    [GeneratedRegex(
        @"(?:[?&](?:token|key)=|\bBearer\s{1,8})(?<secret>[A-Za-z0-9_\-.=+/]{16,})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        TimeoutMilliseconds
    )]
    private static partial Regex Doubtful();
}
