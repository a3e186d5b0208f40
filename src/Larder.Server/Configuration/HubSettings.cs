using Larder.HuggingFace;

namespace Larder.Server.Configuration;

/// <summary>The section <c>origins.hub</c>.</summary>
internal static class HubSettings
{
    public static HuggingFaceOrigin Read(SettingReader hub)
    {
        var origin = new HuggingFaceOrigin(new HuggingFaceOptions { Endpoint = Endpoint(hub) });
        hub.FindUnknown();
        return origin;
    }

    private static Uri? Endpoint(SettingReader hub)
    {
        if (hub.Text("endpoint") is not { Length: > 0 } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && HuggingFaceOptions.IsEndpoint(endpoint))
            return endpoint;
        // Not repeated: who puts a user or a query into it puts a secret there.
        hub.Fault(
            "endpoint",
            "is not the address of a Hub; one such as https://huggingface.co is expected, without user, query or '#'. A token is set by HF_TOKEN."
        );
        return null;
    }
}
