namespace Larder.TestKit.Hub;

/// <summary>What of a gated repository only those may have whom its owner let in.</summary>
public enum HubGate
{
    None,

    /// <summary>The files: who they are anybody may see.</summary>
    Files,

    /// <summary>The list of files too.</summary>
    Everything,
}
