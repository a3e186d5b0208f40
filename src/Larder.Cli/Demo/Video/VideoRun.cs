using Larder.Diffusion.Caching;
using Larder.Passes.Running;
using Larder.Pull;

namespace Larder.Cli.Demo.Video;

/// <summary>One of the two runs: what it took to get the graph, and what each node did.</summary>
internal sealed record VideoRun
{
    private const string Memory = "memory";
    private const string Store = "store";
    private const string Team = "team";

    /// <summary>Where the files came from: <c>origin</c>, <c>store</c>, <c>team</c>, or <c>memory</c> where nobody looked at them.</summary>
    public required string Files { get; init; }

    /// <summary>Where each pass on the denoiser had its answer: <c>made</c>, <c>store</c>, <c>team</c>.</summary>
    public required IReadOnlyList<PassResult> Passes { get; init; }

    /// <summary><c>loaded</c> or <c>memory</c>.</summary>
    public required string Models { get; init; }

    /// <summary><c>built</c> or <c>memory</c>.</summary>
    public required string Graph { get; init; }

    public required TimeSpan FilesTime { get; init; }

    public required TimeSpan DenoiserTime { get; init; }

    public required TimeSpan LoadTime { get; init; }

    public required TimeSpan RunTime { get; init; }

    public required IReadOnlyList<VideoNode> Nodes { get; init; }

    public TimeSpan TotalTime => FilesTime + DenoiserTime + LoadTime + RunTime;

    public static VideoRun Of(PresetLease lease, TimeSpan runTime, IReadOnlyList<VideoNode> nodes) =>
        new()
        {
            Files = FilesOf(lease),
            Passes = lease.Passes,
            Models = lease.ModelsFromCache ? Memory : "loaded",
            Graph = lease.GraphFromCache ? Memory : "built",
            FilesTime = lease.FilesTime,
            DenoiserTime = lease.VariantTime,
            LoadTime = lease.LoadTime,
            RunTime = runTime,
            Nodes = nodes,
        };

    /// <summary>Where a pass had its answer.</summary>
    public static string SourceOf(PassResult pass) =>
        pass.Outcome switch
        {
            StepOutcome.Computed => "made",
            StepOutcome.SharedHit => Team,
            // An answer that was not needed is that of a later pass, which is here.
            _ => Store,
        };

    /// <summary>Where the denoiser was, where no pass was done on it.</summary>
    public string DenoiserWithoutPasses => Models == Memory ? Memory : "own";

    private static string FilesOf(PresetLease lease) =>
        lease.Files switch
        {
            // A graph that is known is found without a look at its files.
            _ when lease.FilesTime == TimeSpan.Zero => Memory,
            PullOutcome.Miss => "origin",
            PullOutcome.Shared => Team,
            _ => Store,
        };
}
