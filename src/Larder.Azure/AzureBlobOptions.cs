using Azure.Core;

namespace Larder.Azure;

/// <summary>Where an <see cref="AzureBlobOrigin"/> finds its accounts, and who it is there.</summary>
/// <remarks>
/// A shared access signature in a reference comes first; then the connection string, where it is of the account that is asked
/// for; else a token of Microsoft Entra.
/// </remarks>
public sealed class AzureBlobOptions
{
    /// <summary>The variable that <see cref="ConnectionString"/> is taken from.</summary>
    public const string ConnectionStringVariable = "AZURE_STORAGE_CONNECTION_STRING";

    /// <summary>
    /// Where the account is that it names, such as <c>https://models.blob.core.windows.net</c>; null, the default, for Azure's
    /// public cloud. Other accounts are looked for there.
    /// </summary>
    public Uri? AccountUrl { get; set; }

    /// <summary>
    /// An account with its key or a shared access signature, as the portal shows it; the default is that of the environment's
    /// <c>AZURE_STORAGE_CONNECTION_STRING</c>, null without one.
    /// </summary>
    public string? ConnectionString { get; set; } =
        Environment.GetEnvironmentVariable(ConnectionStringVariable) is { Length: > 0 } found ? found : null;

    /// <summary>
    /// Gets tokens of Microsoft Entra; null, the default, for what <c>DefaultAzureCredential</c> finds: the environment, a
    /// workload's or a machine's identity, or who signed in with <c>az login</c>.
    /// </summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>How long the service may take to begin its answer; 60 s.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Says what is wrong with the address of an account, to be read after its name; null when nothing is.</summary>
    internal static string? AccountUrlFault(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return "is no address of a storage account; one such as https://models.blob.core.windows.net is expected.";
        // Its text is not shown: it may have a secret in it.
        return url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0
            ? $"has more than host and path. A shared access signature does not belong there: put it into {ConnectionStringVariable}, or into the reference."
            : null;
    }

    internal void Validate()
    {
        if (AccountUrl is { } url && AccountUrlFault(url.OriginalString) is { } fault)
            throw new ArgumentException($"The address of the account {fault}", nameof(AccountUrl));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AnswerTimeout, TimeSpan.Zero);
    }
}
