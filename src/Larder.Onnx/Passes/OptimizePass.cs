using Larder.Onnx.Cold;
using Larder.Onnx.Native;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>Has the runtime write down the graph that it would make of the model whenever it loads it.</summary>
internal sealed class OptimizePass : IPass
{
    public string Name => "onnx-optimize";

    public int Version => 1;

    public string Summary => "Optimises the graph with ONNX Runtime's own offline optimisation, for the CPU.";

    public PassPlan Plan(StepRequest step)
    {
        var (options, config) = StepOptions.Read(step, PassOptionsJson.Default.OptimizeOptions);
        var facts = new StepFacts { Config = config, Environment = Environment(options.Level) };
        return PassWork.Plan(facts, (run, cancellationToken) => Optimize(run, options, cancellationToken));
    }

    private static Dictionary<string, string> Environment(OptimizationLevel level)
    {
        try
        {
            var runtime = OrtRuntime.Get(named: null);
            var environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["onnxruntime"] = runtime.Api.LibraryVersion,
                ["onnxruntime_build"] = ColdFacts.BuildOf(runtime),
                ["provider"] = "cpu",
            };
            if (level != OptimizationLevel.All)
                return environment;
            var facts =
                ColdFacts.Of(runtime)
                ?? throw new PassException(
                    PassFailure.Environment,
                    "It cannot be told which instruction sets this processor has, which the level 'all' depends on: "
                        + "choose 'extended'."
                );
            environment["architecture"] = facts.Architecture;
            environment["cpu"] = string.Join(' ', facts.CpuFeatures);
            return environment;
        }
        catch (OnnxRuntimeMissingException missing)
        {
            throw new PassException(PassFailure.Environment, missing.Message, missing);
        }
    }

    private static void Optimize(PassRun run, OptimizeOptions options, CancellationToken cancellationToken)
    {
        var document = ModelDocument.Load(run, options.File);
        Directory.CreateDirectory(Path.GetDirectoryName(document.OutputPath)!);
        var settings = new SessionSettings(IntraOpThreads: 1)
        {
            Level = options.Level switch
            {
                OptimizationLevel.Basic => SessionSettings.Basic,
                OptimizationLevel.Extended => SessionSettings.Extended,
                _ => SessionSettings.All,
            },
            OptimizedPath = document.OutputPath,
            // Weights stay where they were: a model that has them outside may be too large to have them inside.
            WeightsFile = document.HasExternalData ? document.DataFileName : null,
        };
        try
        {
            OrtSession.Load(OrtRuntime.Get(named: null), document.InputPath, settings).Dispose();
        }
        // The runtime's code for a full disk is that of a damaged model, and this one has just been read.
        catch (OnnxException failure) when (HasNoRoom(run))
        {
            throw new PassException(PassFailure.Environment, $"The disk is full: {failure.Message}", failure);
        }
        document.CarryOthers(cancellationToken);
    }

    private static bool HasNoRoom(PassRun run) =>
        new DriveInfo(run.OutputPath).AvailableFreeSpace < run.Input.SizeBytes;
}
