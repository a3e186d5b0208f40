namespace Larder.Server.Dashboard.Pages;

/// <summary>One page of a list that may be long.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Page">Its number, from 1.</param>
/// <param name="Pages">How many there are.</param>
/// <param name="Total">How many items all of them have.</param>
internal sealed record PagedList<T>(IReadOnlyList<T> Items, int Page, int Pages, int Total)
{
    private const int Size = 25;

    /// <summary>A page; beyond the last one, the last.</summary>
    public static PagedList<T> Of(IReadOnlyList<T> all, int page)
    {
        var pages = Math.Max(1, (all.Count + Size - 1) / Size);
        page = Math.Clamp(page, 1, pages);
        return new PagedList<T>([.. all.Skip((page - 1) * Size).Take(Size)], page, pages, all.Count);
    }

    /// <summary>The number of the first item on it, from 1.</summary>
    public int First => ((Page - 1) * Size) + 1;

    public int Last => First + Items.Count - 1;
}
