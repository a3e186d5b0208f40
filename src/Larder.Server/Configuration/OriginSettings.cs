using Larder.Azure;
using Larder.HuggingFace;
using Larder.Origins;
using Larder.S3;

namespace Larder.Server.Configuration;

/// <summary>The section <c>origins</c>: one section for each kind of origin.</summary>
/// <remarks>An origin that is made here connects to nothing, and loads no library, before it is first asked.</remarks>
internal static class OriginSettings
{
    /// <summary>What there is without any settings, besides what every cache has.</summary>
    public static IReadOnlyList<IOrigin> Defaults() => [new S3Origin(), new AzureBlobOrigin(), new HuggingFaceOrigin()];

    public static IReadOnlyList<IOrigin> Read(SettingReader origins)
    {
        IReadOnlyList<IOrigin> result =
        [
            Http(origins.Section("http")),
            S3Settings.Read(origins.Section("s3")),
            AzureSettings.Read(origins.Section("azure")),
            HubSettings.Read(origins.Section("hub")),
        ];
        origins.FindUnknown();
        return result;
    }

    private static HttpOrigin Http(SettingReader http)
    {
        var origin = new HttpOrigin(allowPrivateAddresses: http.Flag("allow_private_addresses", fallback: false));
        http.FindUnknown();
        return origin;
    }
}
