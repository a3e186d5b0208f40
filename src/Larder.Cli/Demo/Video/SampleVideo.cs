namespace Larder.Cli.Demo.Video;

/// <summary>The sample models that came with the command.</summary>
internal static class SampleVideo
{
    private const string LoraEnding = ".safetensors";

    private static readonly string Models = System.IO.Path.Combine(AppContext.BaseDirectory, "samples", "video");

    /// <summary>Their directory.</summary>
    /// <exception cref="UsageException">It is missing.</exception>
    public static string Path =>
        Directory.Exists(Models)
            ? Models
            : throw new UsageException(
                $"The sample models are missing: there is no '{Models}'. Build or install larder again, or name other models with --models."
            );

    private static string Loras => System.IO.Path.Combine(Models, "loras");

    /// <summary>The path of a LoRA: the file of this name, else that of the sample models.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string FindLora(string name)
    {
        if (File.Exists(name))
            return System.IO.Path.GetFullPath(name);
        var sample = System.IO.Path.Combine(Loras, name + LoraEnding);
        if (!name.Contains(System.IO.Path.DirectorySeparatorChar) && File.Exists(sample))
            return sample;
        var names = Directory.Exists(Loras)
            ? Directory.EnumerateFiles(Loras, "*" + LoraEnding).Select(System.IO.Path.GetFileNameWithoutExtension)
            : [];
        throw new UsageException(
            $"There is no LoRA '{name}': name a safetensors file, or one of the sample models: {string.Join(", ", names.Order(StringComparer.Ordinal))}."
        );
    }
}
