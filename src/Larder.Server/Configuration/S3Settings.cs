using Larder.S3;

namespace Larder.Server.Configuration;

/// <summary>The section <c>origins.s3</c>.</summary>
internal static class S3Settings
{
    private const string WhenRequired = "when_required";
    private const string WhenSupported = "when_supported";

    public static S3OriginOptions ReadOptions(SettingReader s3)
    {
        var options = new S3OriginOptions
        {
            Endpoint = Checked(s3, "endpoint", S3OriginOptions.EndpointFault),
            Region = Checked(s3, "region", S3OriginOptions.RegionFault),
            PathStyle = s3.Text("path_style") is null ? null : s3.Flag("path_style", fallback: false),
            Checksums =
                s3.Choice("checksums", [WhenRequired, WhenSupported], WhenRequired) == WhenSupported
                    ? S3Checksums.WhenSupported
                    : S3Checksums.WhenRequired,
            Anonymous = s3.Flag("anonymous", fallback: false),
        };
        s3.FindUnknown();
        return options;
    }

    private static string? Checked(SettingReader s3, string name, Func<string, string?> faultIn)
    {
        if (s3.Text(name) is not { Length: > 0 } text)
            return null;
        if (faultIn(text) is not { } fault)
            return text;
        s3.Fault(name, fault);
        return null;
    }
}
