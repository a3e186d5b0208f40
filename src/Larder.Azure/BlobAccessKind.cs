namespace Larder.Azure;

/// <summary>What lets one in.</summary>
internal enum BlobAccessKind
{
    /// <summary>The key of the account.</summary>
    Key,

    /// <summary>A shared access signature.</summary>
    Signature,

    /// <summary>A token of Microsoft Entra.</summary>
    Token,

    /// <summary>Nothing: only what is open to all can be read.</summary>
    Nothing,
}
