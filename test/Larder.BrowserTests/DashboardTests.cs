using System.Globalization;
using Larder.TestKit;
using Microsoft.Playwright;

namespace Larder.BrowserTests;

/// <summary>What people do on the dashboard.</summary>
public sealed class DashboardTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Page_EmptyServer_SaysWhatToDoFirst()
    {
        var server = Own(await DashboardServer.StartAsync(new TempDirectory(), []));
        var window = await OpenAsync(server);

        await window.GoAsync();

        await Assertions.Expect(window.Page.Locator("#models .empty")).ToContainTextAsync("larder.json");
        await Assertions.Expect(window.Page.Locator("#stored .empty")).ToContainTextAsync("larder pull");
        await Assertions.Expect(window.Page.Locator("#passes .empty")).ToContainTextAsync("larder run");
        await Assertions.Expect(window.Page.Locator("#errors .empty")).ToBeVisibleAsync();
        AssertNoFaults();
    }

    [Fact]
    public async Task Warm_Model_IsShownLoaded()
    {
        var server = Own(await StartWithPricesAsync());
        var window = await OpenAsync(server);
        await window.GoAsync();
        await Assertions.Expect(window.Row("models", "prices")).ToContainTextAsync("not stored");

        await window.Button("Warm prices").ClickAsync();

        await Assertions.Expect(window.Page.Locator(".notice.good")).ToContainTextAsync("is loaded");
        await Assertions.Expect(window.Row("models", "prices").Locator(".state")).ToHaveTextAsync("loaded");
        await Assertions.Expect(window.Row("memory", "prices")).ToBeVisibleAsync();
        await Assertions.Expect(window.Row("stored", "prices").Locator(".tag")).ToHaveTextAsync("leased");
        Assert.Single(server.Graphs.ListGraphs());
        AssertNoFaults();
    }

    [Fact]
    public async Task Download_UnderWay_MovesWithoutReloadAndKeepsTheFocus()
    {
        await using var origin = new GatedOrigin(TestBytes.Of(8_000_000));
        var server = Own(
            await DashboardServer.StartAsync(
                new TempDirectory(),
                [
                    DashboardServer.Model("large", origin.Url),
                    DashboardServer.Model("prices", DashboardServer.Sample("house-prices/v1")),
                ]
            )
        );
        var window = await OpenAsync(server);
        await window.GoAsync();
        // Marks this very document: a page that was loaded again has no such mark.
        await window.Page.EvaluateAsync("() => { window.unloaded = false; }");
        await window.Button("Refresh prices").FocusAsync();

        var warmed = WarmAsync(server, "large");
        await Assertions.Expect(window.Page.Locator("#work progress")).ToHaveAttributeAsync("value", "50");
        await Assertions.Expect(window.Row("models", "large").Locator(".state")).ToHaveTextAsync("fetching");
        await Assertions.Expect(window.Page.Locator("#work")).ToContainTextAsync("4.00 MB of 8.00 MB");
        origin.Open();
        await warmed;
        await Assertions.Expect(window.Page.Locator("#work progress")).ToHaveCountAsync(0);
        await Assertions.Expect(window.Row("stored", "large")).ToContainTextAsync("8.00 MB");

        Assert.Equal(
            ["false", "Refresh prices"],
            await window.Page.EvaluateAsync<string[]>(
                "() => [String(window.unloaded), document.activeElement.getAttribute('aria-label')]"
            )
        );
        AssertNoFaults();
    }

    [Fact]
    public async Task Update_DownloadThatGoesOn_ShiftsNothing()
    {
        await using var origin = new GatedOrigin(TestBytes.Of(8_000_000));
        var server = Own(
            await DashboardServer.StartAsync(new TempDirectory(), [DashboardServer.Model("large", origin.Url)])
        );
        var window = await OpenAsync(server);
        await window.GoAsync();
        var warmed = WarmAsync(server, "large");
        await Assertions.Expect(window.Page.Locator("#work progress")).ToHaveAttributeAsync("value", "50");
        await window.Page.EvaluateAsync(
            """
            () => {
              window.shift = 0;
              new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value; })
                .observe({ type: 'layout-shift', buffered: false });
            }
            """
        );

        // Its rate falls, the time that it will take grows, and the clock goes on.
        for (var updates = 0; updates < 3; updates++)
        {
            var before = await window.Page.Locator(".taken time").TextContentAsync();
            await Assertions.Expect(window.Page.Locator(".taken time")).Not.ToHaveTextAsync(before!);
        }

        // Numbers whose digits change move by a hair; browsers call 0.1 good.
        Assert.InRange(await window.Page.EvaluateAsync<double>("() => window.shift"), 0, 0.001);
        origin.Open();
        await warmed;
    }

    [Fact]
    public async Task Clear_Model_SaysWhatIsFreedAndFreesIt()
    {
        var server = Own(await FurnishedServer.StartAsync());
        await server.PredictAsync("house-prices", "house-prices/v1");
        var before = server.Files.GetStatistics().Cache.Bytes;
        var window = await OpenAsync(server);
        await window.GoAsync();

        await window.Link("Clear house-prices").ClickAsync();
        await Assertions
            .Expect(window.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 }))
            .ToHaveTextAsync("Clear house-prices?");
        var lead = (await window.Page.Locator(".lead").TextContentAsync())!;
        await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync("unloaded first: house-prices");
        Assert.Single(server.Graphs.ListGraphs());
        await window.Page.Locator("button.danger").ClickAsync();

        await Assertions.Expect(window.Page.Locator(".notice.good")).ToContainTextAsync("1 model was removed");
        await Assertions.Expect(window.Row("models", "house-prices").Locator(".state")).ToHaveTextAsync("not stored");
        var freed = before - server.Files.GetStatistics().Cache.Bytes;
        Assert.Equal(freed, BytesIn(lead));
        Assert.True(freed > 0);
        Assert.Empty(server.Graphs.ListGraphs());
        AssertNoFaults();
    }

    [Fact]
    public async Task Clear_All_KeepsWhatIsPinnedAndSaysWhy()
    {
        var server = Own(await FurnishedServer.StartAsync());
        var before = server.Files.GetStatistics().Cache.Bytes;
        var window = await OpenAsync(server);
        await window.GoAsync();

        await window.Link("Clear all…").ClickAsync();
        await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync("pinned: take the pin off first");
        var lead = (await window.Page.Locator(".lead").TextContentAsync())!;
        await window.Page.Locator("button.danger").ClickAsync();

        await Assertions.Expect(window.Page.Locator(".notice.good")).ToContainTextAsync("Kept");
        var left = Assert.Single(server.Files.List());
        Assert.True(left.Pinned);
        Assert.Equal(before - server.Files.GetStatistics().Cache.Bytes, BytesIn(lead));
        AssertNoFaults();
    }

    [Fact]
    public async Task Clear_GrownSinceThePage_IsAskedAnew()
    {
        var directory = new TempDirectory();
        var server = Own(await DashboardServer.StartAsync(directory, []));
        await PullAsync(server, directory["one"], 1000);
        var window = await OpenAsync(server);
        await window.GoAsync("/dashboard/clear");
        await PullAsync(server, directory["two"], 5000);

        await window.Page.Locator("button.danger").ClickAsync();

        await Assertions.Expect(window.Page.Locator(".notice.warn")).ToContainTextAsync("Nothing was cleared");
        await Assertions
            .Expect(window.Page.Locator(".lead"))
            .ToContainTextAsync("6000 bytes".Replace("6000", "6\u202F000", StringComparison.Ordinal));
        Assert.Equal(2, server.Files.List().Count);
        await window.Page.Locator("button.danger").ClickAsync();
        await Assertions.Expect(window.Page.Locator("#stored .empty")).ToBeVisibleAsync();
        Assert.Empty(server.Files.List());
    }

    [Fact]
    public async Task Buttons_PinVerifyRefresh_DoWhatTheySay()
    {
        var server = Own(await StartWithPricesAsync());
        var window = await OpenAsync(server);
        await window.GoAsync();
        await window.Button("Warm prices").ClickAsync();

        await window.Button("Pin prices").ClickAsync();
        await Assertions.Expect(window.Row("models", "prices").Locator(".tag")).ToHaveTextAsync("pinned");
        Assert.True(Assert.Single(server.Files.List()).Pinned);
        await window.Button("Verify prices").ClickAsync();
        await Assertions.Expect(window.Page.Locator(".notice.good")).ToContainTextAsync("all whole");
        await window.Button("Refresh prices").ClickAsync();
        await Assertions.Expect(window.Page.Locator(".notice.good")).ToContainTextAsync("which answers");
        await window.Button("Unpin prices").ClickAsync();
        await Assertions.Expect(window.Page.Locator(".notice.good")).ToContainTextAsync("The pin is off");
        Assert.False(Assert.Single(server.Files.List()).Pinned);
        AssertNoFaults();
    }

    [Fact]
    public async Task Verify_DamagedFile_IsToldAsAFailure()
    {
        var server = Own(await StartWithPricesAsync());
        await server.PredictAsync("prices", "house-prices/v1");
        Damage(server);
        var window = await OpenAsync(server);
        await window.GoAsync();

        await window.Button("Verify prices").ClickAsync();

        await Assertions.Expect(window.Page.Locator(".notice.bad")).ToContainTextAsync("damaged or missing");
        AssertNoFaults();
    }

    [Fact]
    public async Task Warm_OriginWithoutIt_SaysWhyAndListsNoError()
    {
        var directory = new TempDirectory();
        var server = Own(
            await DashboardServer.StartAsync(directory, [DashboardServer.Model("gone", directory["nowhere"])])
        );
        var window = await OpenAsync(server);
        await window.GoAsync();

        await window.Button("Warm gone").ClickAsync();

        await Assertions.Expect(window.Page.Locator(".notice.bad")).ToContainTextAsync("nowhere");
        AssertNoFaults();
    }

    [Fact]
    public async Task Page_NamesWithMarkup_AreTexts()
    {
        var server = Own(await FurnishedServer.StartAsync());
        var window = await OpenAsync(server);

        await window.GoAsync("/?q=" + Uri.EscapeDataString("<b>\"'&onerror"));
        await window.GoAsync();

        await Assertions.Expect(window.Page.Locator("#stored")).ToContainTextAsync(FurnishedServer.MarkupName);
        Assert.Equal(0, await window.Page.Locator("main img, main b").CountAsync());
        Assert.Equal("Dashboard · Larder", await window.Page.TitleAsync());
        AssertNoFaults();
    }

    [Fact]
    public async Task Stored_ThousandsOfEntries_ArePagedAndFound()
    {
        var directory = new TempDirectory();
        var server = Own(await DashboardServer.StartAsync(directory, []));
        for (var i = 0; i < 60; i++)
            await PullAsync(server, directory[$"model-{i:00}"], 100 + i);
        var window = await OpenAsync(server);
        await window.GoAsync();

        Assert.Equal(25, await window.Page.Locator("#stored tbody tr").CountAsync());
        await Assertions.Expect(window.Page.Locator("#stored tbody tr").First).ToContainTextAsync("model-59");
        await window.Link("Next").ClickAsync();
        await window.Link("Next").ClickAsync();
        Assert.Equal(10, await window.Page.Locator("#stored tbody tr").CountAsync());
        await window.Page.GetByRole(AriaRole.Searchbox).FillAsync("model-07");
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("#stored tbody tr")).ToHaveCountAsync(1);
        AssertNoFaults();
    }

    [Fact]
    public async Task Page_ServerGone_SaysSoAndGoesOn()
    {
        var server = Own(await StartWithPricesAsync());
        var window = await OpenAsync(server);
        await window.GoAsync();
        await window.Page.RouteAsync("**/dashboard/live", route => route.AbortAsync());
        await Assertions
            .Expect(window.Page.Locator("#connection"))
            .ToContainTextAsync("does not answer", new LocatorAssertionsToContainTextOptions { Timeout = 20_000 });

        await window.Page.UnrouteAsync("**/dashboard/live");

        await Assertions
            .Expect(window.Page.Locator("#connection"))
            .ToContainTextAsync("Connected again", new LocatorAssertionsToContainTextOptions { Timeout = 20_000 });
    }

    [Fact]
    public async Task Errors_FailedRequests_AreListedOnceWithTheirNumber()
    {
        var server = Own(await FurnishedServer.StartAsync());
        await FurnishedServer.VisitAsync(server);
        await FurnishedServer.VisitAsync(server);
        var window = await OpenAsync(server);

        await window.GoAsync();

        await Assertions.Expect(window.Page.Locator("#errors tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(window.Row("errors", "/api/models/churn/predict")).ToContainTextAsync("502");
        await Assertions
            .Expect(window.Row("errors", "/api/models/churn/predict").Locator("td").Last)
            .ToHaveTextAsync("2");
    }

    [Fact]
    public async Task Passes_Chain_IsInTheOrderInWhichItWasMade()
    {
        var server = Own(await FurnishedServer.StartAsync());
        var window = await OpenAsync(server);

        await window.GoAsync();

        Assert.Equal(
            ["detector", "onnx-optimize", "onnx-quantize", "onnx-metadata"],
            await window.Page.Locator("#passes .chain .main").AllTextContentsAsync()
        );
    }

    private static Task<DashboardServer> StartWithPricesAsync() =>
        DashboardServer.StartAsync(
            new TempDirectory(),
            [DashboardServer.Model("prices", DashboardServer.Sample("house-prices/v1"))]
        );

    private static async Task WarmAsync(DashboardServer server, string id)
    {
        // What is fetched is no model, so that it is stored and not loaded.
        using var _ = await server.Http.PostAsync(
            $"/api/models/{id}/warm",
            content: null,
            TestContext.Current.CancellationToken
        );
    }

    private static async Task PullAsync(DashboardServer server, string path, int bytes)
    {
        Directory.CreateDirectory(path);
        await File.WriteAllBytesAsync(
            Path.Combine(path, "model.bin"),
            TestBytes.Of(bytes, bytes),
            TestContext.Current.CancellationToken
        );
        using var _ = await server.Files.PullAsync(
            Larder.Origins.ModelReference.OfPath(path),
            cancellationToken: TestContext.Current.CancellationToken
        );
    }

    private static void Damage(DashboardServer server)
    {
        var blob = Directory
            .EnumerateFiles(Path.Combine(server.Files.StorePath, "blobs"), "*", SearchOption.AllDirectories)
            .MaxBy(path => new FileInfo(path).Length)!;
        var bytes = File.ReadAllBytes(blob);
        bytes[^1] ^= 0xff;
        // It is read-only: another file takes its place, as a disk that lies would have it.
        File.Delete(blob);
        File.WriteAllBytes(blob, bytes);
    }

    // "… (12 345 bytes)."
    private static long BytesIn(string lead) =>
        long.Parse(
            string.Concat(
                lead[(lead.IndexOf('(', StringComparison.Ordinal) + 1)..]
                    .TakeWhile(letter => letter != 'b')
                    .Where(char.IsAsciiDigit)
            ),
            CultureInfo.InvariantCulture
        );
}
