using Google.Protobuf;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>Makes a plan of a pass that works on the processor, and tells its failures apart.</summary>
internal static class PassWork
{
    /// <summary>The plan of a pass that is done when <paramref name="run"/> returns.</summary>
    public static PassPlan Plan(StepFacts facts, Action<PassRun, CancellationToken> run) =>
        // Seconds of work for the processor, which who waits for it must not lend its thread to.
        new(facts, (pass, cancellationToken) => Task.Run(() => Run(pass, run, cancellationToken), cancellationToken));

    private static void Run(PassRun pass, Action<PassRun, CancellationToken> run, CancellationToken cancellationToken)
    {
        try
        {
            run(pass, cancellationToken);
        }
        catch (OnnxFileException unclear)
        {
            throw new PassException(PassFailure.Permanent, unclear.Message, unclear);
        }
        catch (OnnxException failure)
        {
            throw new PassException(PassFailure.Permanent, failure.Message, failure);
        }
        catch (OnnxRuntimeMissingException missing)
        {
            throw new PassException(PassFailure.Environment, missing.Message, missing);
        }
        // It is an IOException, but one of the bytes and not of this machine.
        catch (InvalidProtocolBufferException damaged)
        {
            throw new PassException(PassFailure.Permanent, $"The model is damaged: {damaged.Message}", damaged);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PassException(PassFailure.Environment, failure.Message, failure);
        }
    }
}
