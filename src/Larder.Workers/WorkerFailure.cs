namespace Larder.Workers;

/// <summary>What became of a worker, or of a request to it.</summary>
public enum WorkerFailure
{
    /// <summary>It could not be started, ended before it was ready, or was not ready in time.</summary>
    NotStarted,

    /// <summary>It ended while it had the request.</summary>
    Died,

    /// <summary>What it wrote to its channel is not what the protocol allows, so that it was ended.</summary>
    BrokeProtocol,

    /// <summary>It took longer than a request may, and was ended.</summary>
    TooSlow,

    /// <summary>It said that it cannot answer this request; it goes on.</summary>
    Refused,

    /// <summary>All workers were busy for as long as a request may wait.</summary>
    Busy,

    /// <summary>It needs a program that is not there.</summary>
    ProgramMissing,
}
