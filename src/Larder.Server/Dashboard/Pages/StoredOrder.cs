namespace Larder.Server.Dashboard.Pages;

/// <summary>How what is stored is ordered.</summary>
internal enum StoredOrder
{
    /// <summary>The largest first.</summary>
    Size,

    /// <summary>The last used first.</summary>
    Used,

    /// <summary>By reference.</summary>
    Name,
}
