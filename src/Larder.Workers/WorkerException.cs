namespace Larder.Workers;

/// <summary>A worker did not answer. The message has the last that it printed.</summary>
public sealed class WorkerException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public WorkerException(WorkerFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>What became of it.</summary>
    public WorkerFailure Failure { get; }

    /// <summary>What a worker that refused a request says of it, meant for whoever sent that; null for other failures.</summary>
    public string? Answer { get; init; }
}
