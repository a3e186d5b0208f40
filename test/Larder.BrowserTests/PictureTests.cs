using Larder.TestKit;
using Microsoft.Playwright;

namespace Larder.BrowserTests;

/// <summary>The pictures in the documents. <c>LARDER_ACCEPT_PICTURES=1</c> takes them anew.</summary>
public sealed class PictureTests(Chromium chromium) : BrowserTest(chromium)
{
    // Small enough for a repository and for a page that is read on the way.
    private const int MaxBytes = 150_000;

    // Where a machine keeps its models says nothing to who reads the documents on another.
    private const string NeutralPaths = """
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (texts.nextNode())
            texts.currentNode.data = texts.currentNode.data.replaceAll(
                /file:\/\/\/\S*\/(origin|samples\/models)\//g, "file:///srv/models/");
        """;

    private static bool IsAccepting => Environment.GetEnvironmentVariable("LARDER_ACCEPT_PICTURES") is "1";

    [Theory]
    [InlineData("dashboard-light", "top", 1200, 1000, ColorScheme.Light)]
    [InlineData("dashboard-dark", "memory", 1200, 900, ColorScheme.Dark)]
    [InlineData("dashboard-phone", "top", 360, 740, ColorScheme.Light)]
    public async Task Dashboard_Picture_IsOneForDocuments(
        string name,
        string part,
        int width,
        int height,
        ColorScheme scheme
    )
    {
        await using var origin = new GatedOrigin(TestBytes.Of(12_000_000));
        var server = Own(await FurnishedServer.StartAsync(more: [DashboardServer.Model("translation", origin.Url)]));
        await FurnishedServer.VisitAsync(server);
        var window = await OpenAsync(
            server,
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = scheme,
            }
        );
        await window.GoAsync();
        await window.Button("Warm translation").ClickAsync();
        await Assertions.Expect(window.Page.Locator("#work progress").First).ToHaveAttributeAsync("value", "50");
        if (part != "top")
            await window.Page.Locator($"#{part}").EvaluateAsync("part => part.scrollIntoView()");

        await CheckAsync(window, name);

        origin.Open();
        AssertNoFaults();
    }

    [Fact]
    public async Task Clear_Picture_IsOneForDocuments()
    {
        var server = Own(await FurnishedServer.StartAsync());
        await FurnishedServer.VisitAsync(server);
        var window = await OpenAsync(
            server,
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = 900, Height = 1000 },
            }
        );
        await window.GoAsync("/dashboard/clear");

        await CheckAsync(window, "dashboard-clear");
        AssertNoFaults();
    }

    private static async Task CheckAsync(Window window, string name)
    {
        var path = Path.Combine(Repository.Root, "docs", "pictures", $"{name}.png");
        await window.Page.EvaluateAsync(NeutralPaths);
        var picture = await window.Page.ScreenshotAsync(new PageScreenshotOptions());
        if (IsAccepting)
        {
            await File.WriteAllBytesAsync(path, picture, TestContext.Current.CancellationToken);
            // The whole page, for whoever reviews it.
            await window.Page.ScreenshotAsync(
                new PageScreenshotOptions
                {
                    FullPage = true,
                    Path = Path.Combine(Repository.Root, "artifacts", "pictures", $"{name}.png"),
                }
            );
        }

        Assert.True(File.Exists(path), $"{path} is missing: take it with LARDER_ACCEPT_PICTURES=1.");
        Assert.InRange(new FileInfo(path).Length, 10_000, MaxBytes);
        Assert.InRange(picture.Length, 10_000, MaxBytes);
    }
}
