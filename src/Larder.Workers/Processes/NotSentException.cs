namespace Larder.Workers.Processes;

/// <summary>A worker was gone before it had the whole of a request, so that another may be asked.</summary>
internal sealed class NotSentException(WorkerException reason) : Exception(reason.Message, reason)
{
    /// <summary>What became of the worker.</summary>
    public WorkerException Reason => reason;
}
