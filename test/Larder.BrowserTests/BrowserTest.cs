namespace Larder.BrowserTests;

/// <summary>What tests in the browser have in common: servers and windows that end with the test, in which nothing forbidden happened.</summary>
[Trait("Category", "Integration")]
public abstract class BrowserTest(Chromium chromium) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly List<Window> _windows = [];

    /// <summary>Has something end with the test.</summary>
    private protected T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private protected async Task<Window> OpenAsync(
        DashboardServer server,
        Microsoft.Playwright.BrowserNewContextOptions? options = null
    )
    {
        var window = Own(await chromium.OpenAsync(server, options));
        _windows.Add(window);
        return window;
    }

    /// <summary>To be called at the end: no request to another host, no violation of the policy, no error of a script.</summary>
    private protected void AssertNoFaults() => Assert.Empty(_windows.SelectMany(window => window.Faults));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
    }
}
