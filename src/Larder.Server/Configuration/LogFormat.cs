namespace Larder.Server.Configuration;

/// <summary>How a server writes its log.</summary>
public enum LogFormat
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>One JSON object on each line.</summary>
    Json,
}
