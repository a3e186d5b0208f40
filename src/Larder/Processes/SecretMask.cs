namespace Larder.Processes;

/// <summary>Takes secrets out of what a program writes.</summary>
internal sealed class SecretMask
{
    private const string Mask = "***";

    // Shorter ones are no secrets, and would take the digits out of every line.
    private const int LeastLength = 4;

    private readonly string[] _secrets;

    /// <summary>Masks these values, and each line of those that have several.</summary>
    public SecretMask(IEnumerable<string> values) =>
        // The longest first, for one may begin like another.
        _secrets = [
            .. values
                .SelectMany(value => value.Split(['\n', '\r']))
                .Select(line => line.Trim())
                .Where(line => line.Length >= LeastLength)
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(line => line.Length),
        ];

    /// <summary>How long the longest is.</summary>
    public int MostLength => _secrets is [var longest, ..] ? longest.Length : 0;

    /// <summary>The text without them.</summary>
    public string Apply(string text) =>
        _secrets.Aggregate(text, (masked, secret) => masked.Replace(secret, Mask, StringComparison.Ordinal));
}
