using Larder.Transfer;

namespace Larder.Baking;

/// <summary>What an image is made of besides its models.</summary>
public sealed record BakeOptions
{
    /// <summary>Where models lie where nothing else is said.</summary>
    public const string DefaultPath = "/opt/models";

    /// <summary>How the models lie in it; <see cref="BakeLayout.Store"/>.</summary>
    public BakeLayout Layout { get; init; }

    /// <summary>Where they lie in it, an absolute path; <c>/opt/models</c>.</summary>
    public string Path { get; init; } = DefaultPath;

    /// <summary>An archive whose layers come first and whose configuration is kept; null for none.</summary>
    public string? BaseArchive { get; init; }

    /// <summary>
    /// The platform, as <c>linux/arm64</c>; null for the base's where that has one only, else <c>linux/amd64</c>.
    /// </summary>
    public string? Platform { get; init; }

    /// <summary>The name that engines give the image when they load it; null for none.</summary>
    public string? Tag { get; init; }

    /// <summary>Variables for whatever runs in the image, each <c>NAME=value</c>; none.</summary>
    /// <remarks>Where the layout is a store <c>LARDER__STORE__LOWER</c> is one without being named.</remarks>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Told of the writing while it goes on; null.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }
}
