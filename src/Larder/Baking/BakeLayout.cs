namespace Larder.Baking;

/// <summary>How models lie in an image.</summary>
public enum BakeLayout
{
    /// <summary>As a store that is only read: <c>store.lower</c> of a server in the image.</summary>
    Store,

    /// <summary>As plain files, a directory for each model.</summary>
    Files,
}
