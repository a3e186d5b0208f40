namespace Larder.Server.Dashboard.Work;

/// <summary>How a job stands.</summary>
internal enum JobState
{
    Running,

    Done,

    Failed,
}
