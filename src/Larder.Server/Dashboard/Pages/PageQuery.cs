using System.Globalization;
using Larder.Server.Dashboard.Traffic;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Larder.Server.Dashboard.Pages;

/// <summary>What the address of the page says of what is to be seen.</summary>
internal sealed record PageQuery
{
    private const int MaxSearch = 200;
    private const int MaxPage = 1_000_000;

    /// <summary>What names must contain; empty for all.</summary>
    public string Search { get; init; } = "";

    /// <summary>The page of the models, from 1.</summary>
    public int ModelsPage { get; init; } = 1;

    /// <summary>The page of what is stored, from 1.</summary>
    public int StoredPage { get; init; } = 1;

    public StoredOrder Order { get; init; }

    public TrafficRange Range { get; init; } = TrafficRange.Hour;

    /// <summary>The job that was begun last from this page; 0 for none.</summary>
    public int Job { get; init; }

    /// <summary>Reads an address; what makes no sense in it counts as not there.</summary>
    public static PageQuery Of(IQueryCollection query)
    {
        var search = query["q"].ToString().Trim();
        return new PageQuery
        {
            Search = search.Length <= MaxSearch ? search : search[..MaxSearch],
            ModelsPage = Math.Max(1, Number(query["models"])),
            StoredPage = Math.Max(1, Number(query["stored"])),
            Order =
                Enum.TryParse<StoredOrder>(query["by"], ignoreCase: true, out var order) && Enum.IsDefined(order)
                    ? order
                    : default,
            Range = TrafficRange.All.FirstOrDefault(range => range.Name == query["range"]) ?? TrafficRange.Hour,
            Job = Number(query["job"]),
        };
    }

    /// <summary>The address of a route with this in its query; defaults are left out.</summary>
    public string AddressOf(string route, string fragment = "")
    {
        var query = new QueryBuilder();
        if (Search.Length > 0)
            query.Add("q", Search);
        if (ModelsPage > 1)
            query.Add("models", Text(ModelsPage));
        if (StoredPage > 1)
            query.Add("stored", Text(StoredPage));
        if (Order != default)
            query.Add("by", Order.ToString().ToLowerInvariant());
        if (Range != TrafficRange.Hour)
            query.Add("range", Range.Name);
        if (Job > 0)
            query.Add("job", Text(Job));
        return $"{route}{query}{(fragment.Length > 0 ? $"#{fragment}" : "")}";
    }

    private static int Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Min(number, MaxPage)
            : 0;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
