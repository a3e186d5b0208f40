namespace Larder.Pull;

/// <summary>What is done with an archive.</summary>
public enum UnpackMode
{
    /// <summary>
    /// A reference to one file whose name ends in <c>.zip</c>, <c>.tar</c>, <c>.tar.gz</c> or <c>.tgz</c> stands for the files in
    /// it.
    /// </summary>
    Auto,

    /// <summary>An archive is a file like any other.</summary>
    None,
}
