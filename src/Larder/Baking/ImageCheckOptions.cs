using Larder.Transfer;

namespace Larder.Baking;

/// <summary>Where in an image models are looked for.</summary>
public sealed record ImageCheckOptions
{
    /// <summary>How they should lie in it; null for as a store where there is one at the path, else as files.</summary>
    public BakeLayout? Layout { get; init; }

    /// <summary>Where they should lie, an absolute path; <c>/opt/models</c>.</summary>
    public string Path { get; init; } = BakeOptions.DefaultPath;

    /// <summary>The platform, as <c>linux/arm64</c>; null for the only one that there is, or <c>linux/amd64</c>.</summary>
    public string? Platform { get; init; }

    /// <summary>Told of the reading while it goes on; null.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }
}
