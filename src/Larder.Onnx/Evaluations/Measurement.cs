using Larder.Passes;

namespace Larder.Onnx.Evaluations;

/// <summary>Does what blocks, and tells failures in the words of passes.</summary>
internal static class Measurement
{
    /// <summary>Measures on a thread of its own: a run of a model blocks for as long as it takes.</summary>
    public static Task<IReadOnlyDictionary<string, double>> RunAsync(
        Func<IReadOnlyDictionary<string, double>> measure,
        CancellationToken cancellationToken
    ) =>
        Task.Factory.StartNew(
            () => Translate(measure),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    /// <summary>Chooses and loads the model's file.</summary>
    /// <param name="directory">The model's directory.</param>
    /// <param name="files">Its files, relative.</param>
    /// <param name="configured">The file that the options name; null.</param>
    /// <param name="threads">Threads that work on one operator.</param>
    public static OnnxModel Load(string directory, IEnumerable<string> files, string? configured, int threads) =>
        OnnxModel.Load(
            Path.Combine(directory, OnnxFile.Choose(files, configured)),
            new OnnxModelOptions { IntraOpThreads = threads }
        );

    public static PassException Permanent(string message) => new(PassFailure.Permanent, message);

    private static IReadOnlyDictionary<string, double> Translate(Func<IReadOnlyDictionary<string, double>> measure)
    {
        try
        {
            return measure();
        }
        catch (OnnxRuntimeMissingException missing)
        {
            throw new PassException(PassFailure.Environment, missing.Message, missing);
        }
        catch (Exception wrong) when (wrong is OnnxException or OnnxFileException or InvalidInputsException)
        {
            throw new PassException(PassFailure.Permanent, wrong.Message, wrong);
        }
    }
}
