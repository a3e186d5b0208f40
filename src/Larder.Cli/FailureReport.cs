using Larder.Cli.Output;
using Larder.Diffusion;
using Larder.Diffusion.Graph;
using Larder.Onnx;
using Larder.Origins;
using Larder.Passes;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Sharing;
using Larder.Transfer;
using Larder.Workers;

namespace Larder.Cli;

/// <summary>Turns a failure into a message and an exit code.</summary>
internal static class FailureReport
{
    /// <summary>Tells what ended a command; returns its exit code.</summary>
    /// <param name="failure">What ended the command.</param>
    /// <param name="json">Whether it is told in JSON, too.</param>
    /// <param name="verbose">Whether its place is told, too.</param>
    /// <param name="whenCancelled">What a person who cancelled the command is told; null where there is nothing to tell.</param>
    public static int Write(Exception failure, bool json, bool verbose, string? whenCancelled)
    {
        var code = CodeOf(failure);
        var message = failure is OperationCanceledException ? $"Cancelled. {whenCancelled}".TrimEnd() : failure.Message;
        Terminal.Message($"larder: {message}");
        // What nobody foresaw is a fault of ours: then its place is worth more than a tidy screen.
        if (failure is not OperationCanceledException && (verbose || failure is not (LarderException or IOException)))
            Terminal.Message(failure.ToString());
        if (json)
        {
            Terminal.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("error");
                writer.WriteString("type", failure.GetType().Name);
                writer.WriteString("message", message);
                writer.WriteNumber("exit_code", code);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        }
        return code;
    }

    public static int CodeOf(Exception failure) =>
        failure switch
        {
            OperationCanceledException => ExitCode.Cancelled,
            ReferenceException
            or GlobException
            or ConfigurationException
            or DiffusionException
            or GraphRunException { InnerException: DiffusionException }
            or InvalidInputsException
            or InvalidWorkerInputsException
            or UsageException
            or WorkflowException => ExitCode.WrongUsage,
            NotFoundException
            or NotCachedException
            or OriginException { Failure: OriginFailure.NotFound }
            or SharedStoreException { Failure: SharedFailure.NotFound } => ExitCode.NotFound,
            IntegrityException => ExitCode.VerificationFailed,
            _ => ExitCode.Failed,
        };
}
