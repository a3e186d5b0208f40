using System.Globalization;
using Larder.TestKit;
using Microsoft.Playwright;

namespace Larder.BrowserTests;

/// <summary>That everybody can read the dashboard and use it: on a phone, in the dark, by keyboard, without its script.</summary>
public sealed class AccessibilityTests(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData("/", ColorScheme.Light)]
    [InlineData("/", ColorScheme.Dark)]
    [InlineData("/dashboard/clear", ColorScheme.Light)]
    [InlineData("/dashboard/clear", ColorScheme.Dark)]
    public async Task Page_Audited_HasNoFault(string path, ColorScheme scheme)
    {
        var server = Own(await FurnishedServer.StartAsync());
        await FurnishedServer.VisitAsync(server);
        var window = await OpenAsync(server, new BrowserNewContextOptions { ColorScheme = scheme });

        await window.GoAsync(path);

        Assert.Empty(await Audit.RunAsync(window.Page));
        AssertNoFaults();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?q=nothing-has-this-name")]
    [InlineData("/dashboard/clear")]
    public async Task Phone_LongNames_DoNotScrollSideways(string path)
    {
        var server = Own(await FurnishedServer.StartAsync());
        await FurnishedServer.VisitAsync(server);
        var window = await OpenAsync(
            server,
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = 360, Height = 740 },
                IsMobile = true,
                HasTouch = true,
            }
        );

        await window.GoAsync(path);

        Assert.False(await window.ScrollsSidewaysAsync());
        AssertNoFaults();
    }

    [Fact]
    public async Task Keyboard_Alone_WarmsAndClears()
    {
        var server = Own(
            await DashboardServer.StartAsync(
                new TempDirectory(),
                [DashboardServer.Model("prices", DashboardServer.Sample("house-prices/v1"))]
            )
        );
        var window = await OpenAsync(server);
        await window.GoAsync();

        await window.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(window.Link("Skip to the content")).ToBeFocusedAsync();
        await Assertions.Expect(window.Link("Skip to the content")).ToBeInViewportAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(window, window.Button("Warm prices"));
        Assert.NotEqual("none", await OutlineOfFocusAsync(window));
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Row("models", "prices").Locator(".state")).ToHaveTextAsync("loaded");

        await TabToAsync(window, window.Link("Clear prices"));
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("button.danger")).ToBeVisibleAsync();
        await TabToAsync(window, window.Page.Locator("button.danger"));
        await window.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(window.Row("models", "prices").Locator(".state")).ToHaveTextAsync("not stored");
        AssertNoFaults();
    }

    [Fact]
    public async Task WithoutScript_Buttons_WorkAndThePageSaysOfWhenItIs()
    {
        var server = Own(
            await DashboardServer.StartAsync(
                new TempDirectory(),
                [DashboardServer.Model("prices", DashboardServer.Sample("house-prices/v1"))]
            )
        );
        var window = await OpenAsync(server, new BrowserNewContextOptions { JavaScriptEnabled = false });
        await window.GoAsync();

        await window.Button("Warm prices").ClickAsync();
        await window.GoAsync();

        await Assertions.Expect(window.Row("models", "prices").Locator(".state")).ToHaveTextAsync("loaded");
        await Assertions.Expect(window.Page.Locator(".taken")).ToContainTextAsync("UTC");
        await Assertions.Expect(window.Page.Locator("noscript p")).ToBeVisibleAsync();
        AssertNoFaults();
    }

    [Fact]
    public async Task Times_WithScript_AreTheReadersWithTheirZone()
    {
        var server = Own(await DashboardServer.StartAsync(new TempDirectory(), []));
        var window = await OpenAsync(server, new BrowserNewContextOptions { TimezoneId = "Asia/Tokyo" });

        await window.GoAsync();

        await Assertions.Expect(window.Page.Locator(".taken time")).Not.ToContainTextAsync("UTC");
        var text = (await window.Page.Locator(".taken time").TextContentAsync())!;
        var utc = DateTimeOffset.Parse(
            (await window.Page.Locator(".taken time").GetAttributeAsync("datetime"))!,
            CultureInfo.InvariantCulture
        );
        Assert.StartsWith(
            utc.AddHours(9).ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture),
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(text.Split(' ')[2], (string[])["JST", "GMT+9"]);
    }

    private static async Task TabToAsync(Window window, ILocator wanted)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            await window.Page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;
        }
        Assert.Fail("The Tab key does not lead there.");
    }

    private static Task<string> OutlineOfFocusAsync(Window window) =>
        window.Page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle");
}
