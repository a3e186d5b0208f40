using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Larder.BrowserTests;

/// <summary>A window of the browser that notes everything that a page must not do.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();

    private Window(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Violations of the page's policy, errors of its script, requests to others.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public static async Task<Window> OpenAsync(IBrowserContext context, Uri server)
    {
        context.SetDefaultTimeout(20_000);
        var window = new Window(context, await context.NewPageAsync());
        context.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != server.Authority)
                window._faults.Enqueue($"asked another host: {request.Url}");
        };
        window.Page.PageError += (_, error) => window._faults.Enqueue($"script failed: {error}");
        window.Page.Console += (_, message) =>
        {
            // Every violation of the policy is told here.
            if (message.Type == "error")
                window._faults.Enqueue($"console: {message.Text}");
        };
        return window;
    }

    /// <summary>Goes to a page of the server.</summary>
    public async Task GoAsync(string path = "/")
    {
        var response = await Page.GotoAsync(path);
        Assert.NotNull(response);
    }

    /// <summary>The row of a model or an entry.</summary>
    public ILocator Row(string section, string text) =>
        Page.Locator($"#{section} tbody tr").Filter(new LocatorFilterOptions { HasText = text });

    public ILocator Button(string name) =>
        Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Link(string name) =>
        Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Whether the page is wider than the window.</summary>
    public Task<bool> ScrollsSidewaysAsync() =>
        Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth");

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
    }
}
