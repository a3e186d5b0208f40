using Larder.Azure;
using Larder.HuggingFace;
using Larder.Origins;
using Larder.S3;

namespace Larder.Server.Configuration;

/// <summary>The section <c>origins</c>: one section for each kind of origin.</summary>
/// <remarks>An origin that is made here connects to nothing, and loads no library, before it is first asked.</remarks>
/// <param name="Origins">The origins.</param>
/// <param name="S3">How buckets are asked, for those who do more there than to fetch models.</param>
/// <param name="Azure">How accounts are asked, likewise.</param>
internal sealed record OriginSettings(IReadOnlyList<IOrigin> Origins, S3OriginOptions S3, AzureBlobOptions Azure)
{
    /// <summary>What there is without any settings, besides what every cache has.</summary>
    public static IReadOnlyList<IOrigin> Defaults() => [new S3Origin(), new AzureBlobOrigin(), new HuggingFaceOrigin()];

    public static OriginSettings Read(SettingReader origins)
    {
        var http = Http(origins.Section("http"));
        var s3 = S3Settings.ReadOptions(origins.Section("s3"));
        var azure = AzureSettings.ReadOptions(origins.Section("azure"));
        var hub = HubSettings.Read(origins.Section("hub"));
        origins.FindUnknown();
        return new OriginSettings([http, new S3Origin(s3), new AzureBlobOrigin(azure), hub], s3, azure);
    }

    private static HttpOrigin Http(SettingReader http)
    {
        var origin = new HttpOrigin(allowPrivateAddresses: http.Flag("allow_private_addresses", fallback: false));
        http.FindUnknown();
        return origin;
    }
}
