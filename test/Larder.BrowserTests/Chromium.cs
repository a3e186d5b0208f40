using Microsoft.Playwright;

namespace Larder.BrowserTests;

/// <summary>Debian's Chromium, started once for all tests; the tests are skipped where it is not installed.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Executable))
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Executable,
                // As root it has no sandbox; the rest keeps it from asking its makers for this and that.
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--no-first-run",
                ],
            }
        );
    }

    /// <summary>Opens a window of its own, without cookies of others.</summary>
    /// <param name="server">What it will look at; whatever it asks of anybody else is a fault.</param>
    /// <param name="options">How it differs from a window on a desk.</param>
    internal async Task<Window> OpenAsync(DashboardServer server, BrowserNewContextOptions? options = null)
    {
        if (_browser is null)
            Assert.Skip("Chromium is not installed: CONTRIBUTING.md says how it is.");
        options ??= new BrowserNewContextOptions();
        options.BaseURL = server.Url;
        options.Locale ??= "en-GB";
        options.TimezoneId ??= "Europe/Berlin";
        options.ViewportSize ??= new ViewportSize { Width = 1280, Height = 900 };
        return await Window.OpenAsync(await _browser.NewContextAsync(options), new Uri(server.Url));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
