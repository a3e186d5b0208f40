using Larder.Content;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Cli;

/// <summary>Versions as people type them: a digest, or so many of its first digits that they are those of one stored version.</summary>
internal static class VersionNames
{
    private const int LeastDigits = 12;

    public static Digest Parse(ModelCache cache, ModelReference reference, string text)
    {
        if (Digest.TryParse(text, out var digest))
            return digest;
        if (text.Length is < LeastDigits or > Digest.SizeBytes * 2 || !text.All(char.IsAsciiHexDigitLower))
            throw new UsageException(
                $"'{text}' is not a digest: 64 digits of 0-9 and a-f are, and {LeastDigits} or more are enough of a version that is stored. 'larder list --versions' shows them."
            );
        return cache.FindVersions(text) switch
        {
            [var only] => only,
            [] => throw new NotCachedException(
                reference.Text,
                $"No version in the store '{cache.StorePath}' begins with '{text}'. 'larder list --versions' shows them; one that is not stored needs all its 64 digits."
            ),
            var several => throw new UsageException(
                $"Several versions begin with '{text}': {string.Join(", ", several)}. Say more digits."
            ),
        };
    }
}
