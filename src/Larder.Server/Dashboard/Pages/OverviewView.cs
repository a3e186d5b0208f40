using Larder.Server.Access;
using Larder.Server.Dashboard.Traffic;
using Larder.Server.Dashboard.Views;
using Larder.Server.Dashboard.Work;

namespace Larder.Server.Dashboard.Pages;

/// <summary>What the first page shows to somebody.</summary>
internal sealed record OverviewView
{
    public required ServerSnapshot Server { get; init; }

    public required PageQuery Query { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>Whether there are buttons for him.</summary>
    public bool CanAdmin => Caller.Has(Scope.Admin);

    /// <summary>What his forms carry.</summary>
    public required string FormToken { get; init; }

    public required IReadOnlyList<TrafficBucket> Traffic { get; init; }

    /// <summary>The models that he looks for.</summary>
    public PagedList<ModelStatus> Models =>
        PagedList<ModelStatus>.Of([.. Server.Models.Where(IsWanted)], Query.ModelsPage);

    /// <summary>What is stored of what he looks for.</summary>
    public PagedList<CachedModel> Stored =>
        PagedList<CachedModel>.Of([.. Ordered(Server.Entries.Where(IsWanted))], Query.StoredPage);

    /// <summary>What he began last; null for nothing, or when it is forgotten.</summary>
    public JobStatus? Job => Server.Jobs.FirstOrDefault(job => job.Id == Query.Job);

    private IEnumerable<CachedModel> Ordered(IEnumerable<CachedModel> entries) =>
        Query.Order switch
        {
            StoredOrder.Used => entries.OrderByDescending(entry => entry.LastUsed),
            StoredOrder.Name => entries.OrderBy(entry => entry.Reference, StringComparer.Ordinal),
            _ => entries,
        };

    private bool IsWanted(ModelStatus model) => Has(model.Id) || Has(model.Reference) || Has(model.State);

    private bool IsWanted(CachedModel entry) =>
        Has(entry.Reference)
        || Has(entry.Kind)
        || (Query.Search.Length > 0 && entry.Digest.ToString().StartsWith(Query.Search, StringComparison.Ordinal))
        || Server.IdsOf(entry).Any(Has);

    private bool Has(string text) => text.Contains(Query.Search, StringComparison.OrdinalIgnoreCase);
}
