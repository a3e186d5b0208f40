using System.Globalization;
using Larder.Passes.Reports;

namespace Larder.Server.Dashboard.Clearing;

/// <summary>What a clear did, in a sentence or two.</summary>
internal static class ClearWording
{
    private const int MaxNamed = 5;

    public static string Tell(ClearResult result)
    {
        var kept = result.KeptInUse;
        var more =
            kept.Count > MaxNamed
                ? string.Create(CultureInfo.InvariantCulture, $" and {kept.Count - MaxNamed} more")
                : "";
        var stayed =
            kept.Count == 0
                ? ""
                : $" Kept, because they are pinned or in use: {string.Join(", ", kept.Take(MaxNamed))}{more}.";
        return $"{Models(result.RemovedEntries)} removed, {Wording.Bytes(result.FreedBytes)} freed.{stayed}";
    }

    private static string Models(int count) =>
        count == 1 ? "1 model was" : string.Create(CultureInfo.InvariantCulture, $"{count} models were");
}
