using Larder.Content;

namespace Larder.Diffusion.Models;

/// <summary>The <c>model.json</c> of a directory: what its files do not say of themselves, and which files there are.</summary>
/// <remarks>Members that are not read here are left to others.</remarks>
internal sealed record VideoModelDocument(VideoModelFacts Facts, string Vocabulary, VideoModelFiles Files)
{
    public const string FileName = "model.json";

    // A page of sizes and names: whatever is much longer is something else.
    private const int MaxBytes = 1 << 20;
    private const string Prediction = "velocity";

    /// <summary>Reads the document of a directory.</summary>
    /// <returns>Null if it could not be read, or says what cannot be: all that is wrong is in the faults.</returns>
    public static VideoModelDocument? Read(string directory, List<DiffusionFault> faults)
    {
        using var json = SmallJson.Read(Path.Combine(directory, FileName), MaxBytes, faults);
        if (json is null)
            return null;
        var found = faults.Count;
        var facts = new JsonFacts(json.RootElement, FileName, faults);
        var document = new VideoModelDocument(
            FactsOf(facts),
            FileOf(facts, directory, "vocabulary"),
            FilesOf(facts, directory)
        );
        if (faults.Count == found)
            Compare(facts, document);
        return faults.Count == found ? document : null;
    }

    /// <summary>Reads the document of a directory that must have a good one.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DiffusionException">It could not be read, or says what cannot be: all that is wrong.</exception>
    public static VideoModelDocument Open(string directory, string name)
    {
        List<DiffusionFault> faults = [];
        return Read(directory, faults)
            ?? throw new DiffusionException($"The models of {Printable.Quote(name)} cannot be used", faults);
    }

    private static VideoModelFacts FactsOf(JsonFacts facts)
    {
        var channels = facts.Size("latents.channels");
        var frames = facts.Size("latents.frames");
        return new VideoModelFacts
        {
            Name = facts.Text("name"),
            Frames = facts.Size("video.frames"),
            FramesPerSecond = facts.Number("video.frames_per_second"),
            Lowest = facts.Number("video.lowest"),
            Highest = facts.Number("video.highest"),
            SpatialFactor = facts.Size("latents.spatial_factor"),
            TemporalFactor = facts.Size("latents.temporal_factor"),
            Full = Grid("full"),
            Half = facts.Has("latents.half") ? Grid("half") : null,
            Padding = facts.Whole("text.padding", 0, JsonFacts.MaxSize),
            ContextSize = facts.Size("text.context_size"),
            TextLength = facts.Has("text.length") ? facts.Size("text.length") : null,
            ScheduleTokens = facts.Has("schedule.tokens") ? facts.Size("schedule.tokens") : null,
            ScheduleTerminal = facts.Has("schedule.terminal") ? facts.Number("schedule.terminal") : null,
        };

        LatentShape Grid(string name) =>
            new(channels, frames, facts.Size($"latents.{name}.height"), facts.Size($"latents.{name}.width"));
    }

    private static VideoModelFiles FilesOf(JsonFacts facts, string directory) =>
        new()
        {
            TextEncoder = FileOf(facts, directory, "text_encoder"),
            Denoiser = FileOf(facts, directory, "denoiser"),
            VaeEncoder = FileOf(facts, directory, "vae_encoder"),
            VaeDecoder = FileOf(facts, directory, "vae_decoder"),
            LatentUpsampler = facts.Has("files.latent_upsampler") ? FileOf(facts, directory, "latent_upsampler") : null,
        };

    private static string FileOf(JsonFacts facts, string directory, string role)
    {
        var path = facts.Text($"files.{role}");
        // What is missing has been told.
        if (path.Length > 0 && ManifestPath.FaultIn(path) is { } fault)
            facts.Fault($"files.{role}", $"The path {Printable.Quote(path)} {fault}: name a file in the directory.");
        return Path.Combine(directory, path);
    }

    // What is said twice must be the same.
    private static void Compare(JsonFacts json, VideoModelDocument document)
    {
        var facts = document.Facts;
        if (facts.Highest <= facts.Lowest)
            json.Fault(
                "video.highest",
                FormattableString.Invariant($"It is {facts.Highest}: it is more than video.lowest, {facts.Lowest}.")
            );
        if (facts.FramesPerSecond <= 0)
            json.Fault(
                "video.frames_per_second",
                FormattableString.Invariant($"It is {facts.FramesPerSecond}: it is more than 0.")
            );
        if (facts.ScheduleTerminal is { } terminal && !(terminal is > 0 and < 1))
            json.Fault("schedule.terminal", FormattableString.Invariant($"It is {terminal}: it is between 0 and 1."));
        Expect(
            "video.frames",
            facts.Frames,
            facts.PicturesOf(facts.Full),
            "latents.frames and latents.temporal_factor"
        );
        Expect("video.width", json.Size("video.width"), facts.Width, "latents.full and latents.spatial_factor");
        Expect("video.height", json.Size("video.height"), facts.Height, "latents.full and latents.spatial_factor");
        if (facts.Half is { } half)
        {
            Expect("latents.full.height", facts.Full.Height, 2 * half.Height, "latents.half");
            Expect("latents.full.width", facts.Full.Width, 2 * half.Width, "latents.half");
        }
        else if (document.Files.LatentUpsampler is not null)
        {
            json.Fault("latents.half", "Give the size that the upsampler doubles, or name no latent_upsampler.");
        }
        var prediction = json.Text("denoiser.prediction");
        if (prediction != Prediction)
            json.Fault("denoiser.prediction", $"It is {Printable.Quote(prediction)}: only '{Prediction}' is known.");

        void Expect(string path, int actual, int expected, string by)
        {
            if (actual != expected)
                json.Fault(path, FormattableString.Invariant($"It is {actual}: by {by} it is {expected}."));
        }
    }
}
