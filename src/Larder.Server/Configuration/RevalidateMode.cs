namespace Larder.Server.Configuration;

/// <summary>Who asks a model's origin whether it has a newer version.</summary>
public enum RevalidateMode
{
    /// <summary>The server by itself, before what is stored is no longer fresh: requests for a model in use never wait for its origin.</summary>
    Background,

    /// <summary>The first request that comes when what is stored is no longer fresh, and waits for the answer.</summary>
    Request,
}
