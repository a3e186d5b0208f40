using Larder.Azure;

namespace Larder.Server.Configuration;

/// <summary>The section <c>origins.azure</c>: nothing secret, which the environment has.</summary>
internal static class AzureSettings
{
    public static AzureBlobOptions ReadOptions(SettingReader azure)
    {
        var options = new AzureBlobOptions { AccountUrl = AccountUrl(azure) };
        azure.FindUnknown();
        return options;
    }

    private static Uri? AccountUrl(SettingReader azure)
    {
        if (azure.Text("account_url") is not { Length: > 0 } url)
            return null;
        if (AzureBlobOptions.AccountUrlFault(url) is not { } fault)
            return new Uri(url);
        azure.Fault("account_url", fault);
        return null;
    }
}
